"""The lease on a PostgreSQL server: a row with the server's clock, and an advisory lock while we are there.

The lock belongs to one session of ours and tells at once whether a holder lives; the row outlives it and
says until when a holder that fell silent may still write.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from reconciler.errors import LeaseLost
from reconciler.model.lease import Claim, Held, Lease, Taken
from reconciler.planning import lease as rules
from reconciler.store import lease_rows, opening
from reconciler.store.place import Server
from reconciler.store.session import leased_session
from reconciler.store.trouble import legible, told

WHAT = "the lease"


def server_time(connection: Connection) -> float:
    """Seconds since 1970, by the server."""
    return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())


def lock_key(organization_id: str) -> int:
    """The advisory lock of an organisation: 64 bits that nobody else on the server hits by accident."""
    digest = sha256(f"reconciler lease {organization_id}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


class ServerLease:
    """Implements `ports.LeaseStore` for runs of several machines. One call at a time, from any thread."""

    enforced = True
    fenced = True

    def __init__(self, place: Server) -> None:
        self._place = place
        self._engine = opening.open_to_write(place)
        self._session: Connection | None = None
        self._claim: tuple[Claim, int] | None = None

    def take(self, claim: Claim, token_seconds: float) -> Taken | Held:
        """Take it, or say who has it; raises `JournalError`, for a server behind a pooler too."""
        with told(self._place, WHAT), legible(self._place, WHAT):
            session = self._session or leased_session(self._engine, self._place)
            self._session = session
            with session.begin():
                if not _locked(session, claim.organization_id):
                    return _held(session, claim.organization_id, alive=True)
            with session.begin():
                taken = _taken(session, claim, token_seconds)
                if isinstance(taken, Held):
                    _unlock(session, claim.organization_id)
                    return taken
            self._claim = claim, taken.epoch
            return taken

    def beat(self, token_seconds: float) -> None:
        """A heartbeat, with what is left of the tokens' life; raises `LeaseLost` and `JournalError`."""
        if self._claim is None or self._session is None:
            raise LeaseLost("the lease was given back")
        with told(self._place, WHAT), legible(self._place, WHAT), self._session.begin():
            now = server_time(self._session)
            lease_rows.prolong(self._session, *self._claim, now + rules.LEASE_SECONDS, now + token_seconds)

    def check(self) -> None:
        """What the last heartbeat said holds until its deadline."""

    def release(self) -> None:
        """Give it back, also where our session is gone; raises `JournalError`."""
        claim, self._claim = self._claim, None
        if claim:
            with told(self._place, WHAT), self._engine.begin() as connection:
                lease_rows.give_back(connection, *claim, server_time(connection))

    def close(self) -> None:
        """End the session, and with it the advisory lock."""
        with suppress(SQLAlchemyError):
            if self._session is not None:
                self._session.close()
        self._engine.dispose()


def _locked(session: Connection, organization_id: str) -> bool:
    key = {"key": lock_key(organization_id)}
    return bool(session.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one())


def _unlock(session: Connection, organization_id: str) -> None:
    session.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": lock_key(organization_id)})


def _taken(session: Connection, claim: Claim, token_seconds: float) -> Taken | Held:
    before = lease_rows.read(session, claim.organization_id, to_write=True)
    now = server_time(session)
    if before is not None and rules.free_from(before) > now:
        return _held_by(before, now, alive=False)
    return lease_rows.take(session, claim, before, now, now + rules.LEASE_SECONDS, now + token_seconds)


def _held(session: Connection, organization_id: str, *, alive: bool) -> Held:
    lease = lease_rows.read(session, organization_id)
    return Held(None, alive) if lease is None else _held_by(lease, server_time(session), alive=alive)


def _held_by(lease: Lease, now: float, *, alive: bool) -> Held:
    return Held(lease, alive, max(0.0, rules.free_from(lease) - now))
