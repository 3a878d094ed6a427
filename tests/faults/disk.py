"""Journal and sink on a disk that keeps what was synced apart from what was only written.

The death of a process loses nothing that was written; that of the machine loses what was not synced.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from reconciler.errors import JournalError, SinkError
from reconciler.model.address import Address
from reconciler.model.history import Intent, Recent, Run, Step, moment
from reconciler.model.secret import Credential, Destination, Held, Receipt
from reconciler.planning.contested import DAY_HOURS
from reconciler.planning.recover import QUIET
from tests.faults.case import Store
from tests.faults.clockwork import Life
from tests.support.clock import START

LONG_AGO = START - timedelta(days=365)
Strike = Callable[[str], str]
"""Counts a local write, told by what is done to what, and says which fault strikes it; "" for none."""
DELIVER = "deliver"

_UNFINISHED = ".new."


def unfinished(path: str) -> str:
    """Where a file of a sink is written before it gets its name, as the true one does."""
    return str(PurePosixPath(path).with_name(f"{_UNFINISHED}{PurePosixPath(path).name}"))


@dataclass
class Disk:
    """`files` by name: a credential as {id, secret, address}, a journal's record as a line."""

    files: dict[str, Any] = field(default_factory=dict)
    unsynced: dict[str, Any] = field(default_factory=dict)
    """What stood there before each write that only looks synced; None for nothing."""
    reserved: set[str] = field(default_factory=set)
    """The places that the present life has proven writable."""
    doomed: bool = False
    """The machine dies before the next thing happens."""

    def put(self, name: str, content: Any, *, synced: bool) -> None:
        """Write a file."""
        if not synced:
            self.unsynced.setdefault(name, self.files.get(name))
        self.files[name] = content

    def lose_power(self) -> None:
        """The machine dies: unsynced writes never happened."""
        for name, before in self.unsynced.items():
            if before is None:
                self.files.pop(name, None)
            else:
                self.files[name] = before
        self.unsynced.clear()
        self.doomed = False

    @property
    def credentials(self) -> dict[str, dict[str, str]]:
        """What the sink holds, by its path; what was not finished is nothing."""
        return {
            name.removeprefix("sink:"): held
            for name, held in self.files.items()
            if name.startswith("sink:") and not PurePosixPath(name).name.startswith(_UNFINISHED)
        }

    @property
    def steps(self) -> dict[str, Step]:
        """The journal's records, by run and operation."""
        return {name: step for name, step in self.files.items() if name.startswith("journal:")}

    @property
    def repairs(self) -> list[tuple[str, tuple[Address, ...]]]:
        """What runs put right, each with the time of it."""
        return [told for name, told in self.files.items() if name.startswith("repairs:")]

    def age(self, client: str, now: float) -> float:
        """Seconds since what it holds for that client was made; none where it holds nothing."""
        made = [
            datetime.fromisoformat(held["issued"])
            for held in self.credentials.values()
            if held["id"] == client
        ]
        return now - max(((each - START).total_seconds() for each in made), default=now)

    def grow_old(self) -> None:
        """Everything in the sink was made long ago."""
        for held in self.credentials.values():
            held["issued"] = LONG_AGO.isoformat()

    def copy(self) -> Disk:
        """Another disk of the same content."""
        return Disk(dict(self.files))


@contextmanager
def writing(disk: Disk, life: Life, kind: str, refusal: type[JournalError | SinkError]) -> Iterator[bool]:
    """One local write under a fault; gives whether it reaches the disk for good, and ends lives around it."""
    if not life.alive or kind in ("crash-before", "torn"):  # torn: under a name nobody reads
        life.die()
    if kind == "error":
        raise refusal("no space is left on the device", remedy="make room")
    yield kind not in ("lost-rename", "fsync-lies")
    if kind == "fsync-lies":
        disk.doomed = True
    if kind == "lost-rename":
        disk.lose_power()
    if kind in ("crash-after", "lost-rename"):
        life.die()


STEPS = "select run, operation, address, method, path, nonce, intended, concluded from reconciler_operations"
"""What asks a true journal for its records."""


def steps_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, Step]:
    """The records of a true journal, as `Disk.steps` has them."""
    return {
        f"{run}:{operation}": Step(
            Intent(operation, Address.parse(address), method, path, nonce), intended, concluded
        )
        for run, operation, address, method, path, nonce, intended, concluded in rows
    }


class DiskPast:
    """What `cli.remembered` asks of a journal, of this one."""

    def __init__(self, disk: Disk, store: Store, organization_id: str, now: Callable[[], datetime]) -> None:
        self._disk, self._store, self._now = disk, store, now

    def repairs(self) -> Mapping[Address, int]:
        if self._store != "kept":
            return {}
        since = moment(self._now() - timedelta(hours=DAY_HOURS))
        return Counter(address for at, several in self._disk.repairs if at >= since for address in several)

    def recent(self) -> Recent | None:
        now, steps = self._now(), self._disk.steps.values()
        if self._store == "older":
            return Recent((), now, whole=False)
        if self._store != "kept" or not steps:
            return None
        since = moment(now - QUIET)
        late = (each for each in steps if max(each.intended, each.concluded) >= since)
        return Recent(tuple(late), now, whole=True)


class DiskJournal:
    """The `Journal` port of one life."""

    def __init__(self, disk: Disk, life: Life, strike: Strike, now: Callable[[], datetime]) -> None:
        self._disk, self._life, self._strike, self._now = disk, life, strike, now

    def begin(self, run: Run) -> None: ...

    def end(self, run: Run) -> None: ...

    def close(self) -> None: ...

    def intend(self, run: str, intent: Intent) -> None:
        self._put(f"journal:{run}:{intent.operation}", Step(intent, moment(self._now())), "intend")

    def conclude(self, run: str, operation: str, error: str, *, heard: bool = True) -> None:
        name = f"journal:{run}:{operation}"
        step = self._disk.files.get(name)
        if step is not None:  # its intent may have been lost with the machine's power
            concluded = moment(self._now()) if heard else ""
            self._put(name, step._replace(concluded=concluded, error=error), "conclude")

    def repaired(self, run: str, addresses: Collection[Address]) -> None:
        if addresses:
            self._disk.put(f"repairs:{run}", (moment(self._now()), tuple(addresses)), synced=True)

    def _put(self, name: str, step: Step, deed: str) -> None:
        kind = self._strike(f"{deed} {name}")
        with writing(self._disk, self._life, kind, JournalError) as synced:
            self._disk.put(name, step, synced=synced)


class DiskSink:
    """The `SecretSink` port of one life: once it refused something it refuses all, however often asked."""

    def __init__(self, disk: Disk, life: Life, strike: Strike) -> None:
        self._disk, self._life, self._counted, self._full = disk, life, strike, False

    def _strike(self, what: str) -> str:
        kind = self._counted(what)
        self._full |= kind == "error"
        return kind or ("error" if self._full else "")

    async def reserve(self, destination: Destination) -> None:
        kind = self._strike(f"reserve {destination.path}")
        with writing(self._disk, self._life, kind, SinkError):
            self._disk.reserved.add(destination.path)

    async def deliver(self, destination: Destination, credential: Credential) -> Receipt:
        kind = self._strike(f"{DELIVER} {destination.path}")
        held = {
            "id": credential.client_id,
            "secret": credential.secret.reveal(),
            "address": str(credential.address),
            "issued": credential.issued.isoformat(),
            "nonce": credential.nonce,
        }
        if kind == "torn" and self._life.alive:
            text = json.dumps(held)
            self._disk.put(f"sink:{unfinished(destination.path)}", text[: len(text) // 2], synced=False)
        with writing(self._disk, self._life, kind, SinkError) as synced:
            self._disk.files.pop(f"sink:{unfinished(destination.path)}", None)
            self._disk.put(f"sink:{destination.path}", held, synced=synced)
        return Receipt(destination.sink, destination.path)

    async def status(self, destination: Destination) -> Held | None:
        held = self._disk.files.get(f"sink:{destination.path}")
        if not (held and self._life.alive):
            return None
        issued = datetime.fromisoformat(held["issued"])
        return Held(held["id"], held["address"], held["nonce"], issued)
