"""How each secret stands: by the manifests, the markers, and what its sink says that it holds.

Unknown stays unknown: a secret of which nobody can tell the age is neither due nor well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from reconciler.model.address import NEXT, Address
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.rotation import Reading, Standing, State
from reconciler.model.secret import Destination, Held
from reconciler.model.state import Live, LiveState, Resource
from reconciler.planning.binding import Scope
from reconciler.planning.options import PlanOptions
from reconciler.planning.resolve import DesiredState, resolve
from reconciler.planning.scope import scope
from reconciler.planning.selected import require_selected
from reconciler.planning.succession import keeper, resolve_with

Readings = Mapping[Address, Reading]


def sources(registry: Registry) -> Registry:
    """The kinds that sign in: of these alone there are secrets."""
    return Registry(tuple(kind for kind in registry if kind.collection.tokens), registry.pair)


def places(manifests: Manifests, options: PlanOptions, registry: Registry) -> Mapping[Address, Destination]:
    """Where the secrets of the entries that `only` selects go."""
    desired, _ = resolve(manifests, registry, options.today)
    return {item.address: item.destination for item in _kept(desired, options) if item.destination}


def standings(
    manifests: Manifests,
    live: LiveState,
    readings: Readings,
    now: datetime,
    options: PlanOptions,
    registry: Registry,
) -> tuple[Standing, ...]:
    """One for each entry with a secret that `only` selects, by address.

    `live` needs the kinds of `sources` alone. Raises UsageError where a selector selects nothing.
    """
    desired, _ = resolve_with(manifests, live, registry, options.today)
    found = scope(desired, live, registry)
    require_selected(options.only, desired, found)
    kept = sorted(_kept(desired, options), key=lambda item: item.address)
    return tuple(_standing(item, found, readings.get(item.address, Reading()), now) for item in kept)


def _kept(desired: DesiredState, options: PlanOptions) -> Iterator[Resource]:
    return (
        item
        for item in desired.resources.values()
        if item.upkeep and not item.address.part and options.selects(item.address)
    )


def _standing(resource: Resource, found: Scope, reading: Reading, now: datetime) -> Standing:
    assert resource.upkeep is not None  # `_kept` lets no others through
    item, heir = found.bound.get(resource.address), found.bound.get(resource.address.beside(NEXT))
    newest = keeper(resource.address, found)
    mine = reading.held is not None and newest is not None and reading.held.client_id in ("", newest.id)
    issued = reading.held.issued if reading.held and mine else None
    days = resource.upkeep.after_days
    due = (issued + timedelta(days=days)).astimezone(UTC).date() if issued and days else None
    state, said = _judged(
        resource, found, (item, heir), reading, mine=mine, due=bool(due and due <= now.date())
    )
    return Standing(
        address=resource.address,
        upkeep=resource.upkeep,
        destination=resource.destination,
        client=item.id if item else "",
        successor=heir.id if heir else "",
        held=reading.held,
        age=max(0, (now - issued).days) if issued else None,
        due=due,
        state=state,
        said=said,
    )


def _judged(
    resource: Resource,
    found: Scope,
    objects: tuple[Live | None, Live | None],
    reading: Reading,
    *,
    mine: bool,
    due: bool,
) -> tuple[State, str]:
    """The first that is true, the gravest first."""
    item, heir = objects
    if item is None:
        withheld = found.withheld.get(resource.address)
        return "not-applied", withheld.reason if withheld else "declared, not in the organisation"
    if any(map(_nonce, filter(None, objects))):
        return "undelivered", "a new secret never arrived: `reconciler secrets recover` delivers another"
    if resource.destination is None:
        return "external", "somebody else keeps it"
    if (untold := _untold(resource.address, heir, reading, mine=mine)) is not None:
        return untold
    if heir is not None:
        return "overlap", f"client {heir.id} has taken over, {item.id} has not retired"
    if resource.upkeep and resource.upkeep.after_days and reading.held and reading.held.issued is None:
        return "unknown", "the sink does not tell since when it holds it"
    return ("due", "`reconciler secrets rotate --due` rotates it") if due else ("ok", "")


def _untold(address: Address, heir: Live | None, reading: Reading, *, mine: bool) -> tuple[State, str] | None:
    """What there is to say where the sink does not bear out that it holds the newest client's secret."""
    should = f"where the secret of its successor {heir.id} should be" if heir else ""
    again = f"{should}: `reconciler secrets rotate --only {address}` puts a new one there"
    if reading.trouble:
        return "unknown", ", ".join(filter(None, (reading.trouble, should)))
    if reading.held is None:
        adopted = "nothing is there; of a client that was taken over the owner keeps the secret"
        return "missing", f"nothing is there, {again}" if heir else adopted
    if not mine:
        there = f"the place holds the secret of client {reading.held.client_id}"
        return "other-client", f"{there}, {again}" if heir else there
    if not reading.held.client_id and reading.held.issued is None:
        return "unknown", _nobodys(reading.held, address)
    return None


def _nobodys(held: Held, address: Address) -> str:
    """Of what we deliver a sink tells whose it is, or at least since when."""
    what = f"version {held.version} is there" if held.version else "something is there"
    return (
        f"{what}, of no client that the sink tells: who wrote it? "
        f"`reconciler secrets rotate --only {address}` puts a new secret there"
    )


def _nonce(item: Live) -> bool:
    return item.marker is not None and item.marker.nonce != ""


def programs(standings: Iterable[Standing]) -> tuple[str, ...]:
    """The ids of the clients whose use is of interest to somebody who rotates these."""
    return tuple(each for item in standings for each in (item.client, _renewable(item)) if each)


def _renewable(item: Standing) -> str:
    """The successor that may get another secret, "" for none."""
    return "" if item.state == "overlap" else item.successor
