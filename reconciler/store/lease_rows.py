"""The row of a lease: read, taken, prolonged and given back. Each call runs in its caller's transaction."""

from __future__ import annotations

from sqlalchemy import Connection, Update, insert, select, update

from reconciler.errors import LeaseLost
from reconciler.model.lease import Claim, Lease, Taken
from reconciler.store.tables import LEASES
from reconciler.store.text import storable

_OURS = LEASES.c


def read(connection: Connection, organization_id: str, *, to_write: bool = False) -> Lease | None:
    """The lease of an organisation; None where nobody ever had it.

    `to_write` keeps others from the row until the transaction ends, where the database can; it also waits for
    them, as whoever only looks should not.
    """
    query = select(LEASES).where(_OURS.organization_id == organization_id)
    query = query.with_for_update() if to_write else query
    row = connection.execute(query).mappings().one_or_none()
    return Lease(**{name: value for name, value in row.items() if name != "organization_id"}) if row else None


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
