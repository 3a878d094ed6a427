"""The row of a lease: read, taken, prolonged and given back. Each call runs in its caller's transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Update, insert, select, update

from reconciler.errors import LeaseLost
from reconciler.model.lease import Claim, Lease, Taken
from reconciler.store.tables import LEASES
from reconciler.store.text import storable

_OURS = LEASES.c
_KINDS = {"epoch": int, "run": str, "actor": str, "host": str}
_MOMENTS = ("since", "expires", "token_until", "released")
_MAY_LACK = ("released",)


def read(connection: Connection, organization_id: str, *, to_write: bool = False) -> Lease | None:
    """The lease of an organisation; None where nobody ever had it. Raises ValueError for a row without sense.

    `to_write` keeps others from the row until the transaction ends, where the database can; it also waits for
    them, as whoever only looks should not.
    """
    query = select(LEASES).where(_OURS.organization_id == organization_id)
    query = query.with_for_update() if to_write else query
    row = connection.execute(query).mappings().one_or_none()
    return _lease(row) if row else None


def _lease(row: RowMapping) -> Lease:
    """A file keeps whatever somebody puts into it, and a server any number for a moment."""
    kept = {name: value for name, value in row.items() if name != "organization_id"}
    for name, kind in _KINDS.items():
        if not isinstance(kept[name], kind):
            raise ValueError(f"`{name}` of the lease is no {kind.__name__}")
    for name in _MOMENTS:
        _require_moment(name, kept[name])
    return Lease(**kept)


def _require_moment(name: str, value: Any) -> None:
    if value is None and name in _MAY_LACK:
        return
    try:
        datetime.fromtimestamp(value, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise ValueError(f"`{name}` of the lease is no moment") from None


def take(
    connection: Connection, claim: Claim, before: Lease | None, now: float, expires: float, token_until: float
) -> Taken:
    """Write the claim down as the next holder's; `before` is what was read in this transaction."""
    values = {
        "epoch": before.epoch + 1 if before else 1,
        "run": claim.run,
        "actor": storable(claim.actor),
        "host": storable(claim.host),
        "since": now,
        "expires": expires,
        "token_until": token_until,
        "released": None,
    }
    if before is None:
        connection.execute(insert(LEASES).values(organization_id=claim.organization_id, **values))
        return Taken(1, now)  # since 1970, that is
    connection.execute(_of(claim).values(**values))
    return Taken(before.epoch + 1, max(0.0, now - before.released) if before.released is not None else 0.0)


def prolong(connection: Connection, claim: Claim, epoch: int, expires: float, token_until: float) -> None:
    """A heartbeat; raises `LeaseLost` where the row is no longer ours."""
    before = read(connection, claim.organization_id, to_write=True)
    if before is None or (before.epoch, before.run) != (epoch, claim.run):
        raise LeaseLost(
            f"the lease of {claim.org_name} is no longer ours", remedy="run again: it looks first and goes on"
        )
    until = max(before.token_until, token_until)
    connection.execute(_of(claim).values(expires=expires, token_until=until))


def give_back(connection: Connection, claim: Claim, epoch: int, now: float) -> None:
    """The row says that nobody holds it; one that is no longer ours is left alone."""
    mine = _of(claim).where(_OURS.epoch == epoch, _OURS.run == claim.run)
    connection.execute(mine.values(run="", released=now))


def _of(claim: Claim) -> Update:
    return update(LEASES).where(_OURS.organization_id == claim.organization_id)
