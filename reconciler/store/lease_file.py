"""The lease beside an SQLite file: a lock that this machine's kernel keeps.

It is exact where it reaches: a holder that is paused still has it, one that died has lost it in that moment,
and nobody needs a heartbeat. The row says who it is, and counts.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from reconciler.errors import JournalError, LeaseLost
from reconciler.model.lease import Claim, Held, Lease, Taken
from reconciler.store import lease_rows, opening
from reconciler.store.place import GO_ON, File
from reconciler.store.trouble import legible, told

WHAT = "the lease"


class FileLease:
    """Implements `ports.LeaseStore` for runs of one machine."""

    enforced = True
    fenced = False

    def __init__(self, place: File, now: Callable[[], datetime]) -> None:
        self._place, self._now = place, now
        self._engine = opening.open_to_write(place)
        self._lock = -1
        self._claim: tuple[Claim, int] | None = None

    def take(self, claim: Claim, token_seconds: float) -> Taken | Held:
        """Take it, or say who has it; raises `JournalError`."""
        file = self._place.itself
        self._lock = _locked(file.with_name(f"{file.name}.{claim.organization_id}.lease"))
        if self._lock < 0:
            return Held(self._row(claim.organization_id), alive=True)
        with told(self._place, WHAT), legible(self._place, WHAT), self._engine.begin() as connection:
            before = lease_rows.read(connection, claim.organization_id, to_write=True)
            taken = lease_rows.take(connection, claim, before, self._now().timestamp(), 0.0, 0.0)
        self._claim = claim, taken.epoch
        return taken

    def _row(self, organization_id: str) -> Lease | None:
        with (
            told(self._place, WHAT),
            legible(self._place, WHAT),
            self._engine.connect().execution_options(**opening.READING) as connection,
        ):
            return lease_rows.read(connection, organization_id)

    def beat(self, token_seconds: float) -> None:
        """The kernel needs none."""
        self.check()

    def check(self) -> None:
        """Raises `LeaseLost` where the locked file was removed: others would lock a new one."""
        if self._lock < 0 or os.fstat(self._lock).st_nlink == 0:
            raise LeaseLost(
                f"the lease beside {self._place.shown} was removed while this run held it",
                remedy="leave that directory alone while runs are on, and run again",
            )

    def release(self) -> None:
        """Give it back; raises `JournalError` where the row cannot be written, with the lock gone anyway."""
        claim, self._claim = self._claim, None
        try:
            if claim:
                with told(self._place, WHAT), self._engine.begin() as connection:
                    lease_rows.give_back(connection, *claim, self._now().timestamp())
        finally:
            self._unlock()

    def _unlock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def close(self) -> None:
        """Let go of the lock and of the file."""
        self._unlock()
        self._engine.dispose()


def _locked(path: Path) -> int:
    """A descriptor with the lock on the file that has this name; -1 where somebody else has the lock."""
    try:
        while True:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                return -1
            if os.fstat(lock).st_nlink:
                return lock
            os.close(lock)  # it was removed before we had it
    except OSError as error:
        raise JournalError(
            f"the lease {path} cannot be taken: {error.strerror or type(error).__name__}", remedy=GO_ON
        ) from None
