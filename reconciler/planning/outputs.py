"""Outputs: the live ids of what a tenant declares, all of them or none.

An id is given out only for an object that carries our marker and is in no doubt: a configuration that
names a stranger's object, or half of what an application needs, is worse than none.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from datetime import date

from reconciler.errors import UsageError
from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.outputs import Known, KnownClient, Outputs
from reconciler.model.state import LiveState
from reconciler.model.value import refs_in
from reconciler.planning.binding import Scope
from reconciler.planning.resolve import DesiredState
from reconciler.planning.scope import scope
from reconciler.planning.succession import keeper, resolve_with


def require(manifests: Manifests, tenant: str) -> None:
    """Raises UsageError where nothing can be said about `tenant`, whatever the organisation holds."""
    states = {owner.name: owner.state for owner in manifests.tenants}
    if tenant not in states:
        close = difflib.get_close_matches(tenant, sorted(states), n=1)
        remedy = f"did you mean `{close[0]}`?" if close else "give the tenant's name as its manifest has it"
        raise UsageError(f"no tenant `{tenant}` is declared", remedy=remedy)
    if states[tenant] == "retired":
        remedy = "take it out of the application; what is still there goes with the next apply"
        raise UsageError(f"{tenant} is retired: nothing of it is there to stay", remedy=remedy)


def sources(registry: Registry) -> Registry:
    """The kinds whose ids are given out: walls, and what programs sign in with."""
    wall = registry.pair[1]
    return Registry(
        tuple(kind for kind in registry if kind.name in {wall, *_programs(registry)}), registry.pair
    )


def outputs(
    manifests: Manifests,
    live: LiveState,
    tenant: str,
    hosts: tuple[str, str],
    today: date,
    registry: Registry,
) -> Outputs:
    """The ids of a tenant that `require` lets through.

    `hosts` are those of the API and of the login. Raises UsageError, with everything that stands in the
    way, where something is not applied yet or is in doubt.
    """
    desired, _ = resolve_with(manifests, live, registry, today)
    found = scope(desired, live, registry)
    programs, walls = _wanted(tenant, desired, registry)
    _insist(tenant, [*walls, *programs], found)
    return Outputs(
        tenant=tenant,
        organization_id=live.organization_id,
        region=manifests.org.region,
        api_host=hosts[0],
        login_host=hosts[1],
        clients={address.key: _client(address, desired, found) for address in programs},
        divisions={reference: _known(address, found) for reference, address in sorted(_named(tenant, walls))},
    )


def _programs(registry: Registry) -> Iterator[str]:
    """Kinds that hold pairs and are objects of ours."""
    for kind in registry:
        if kind.collection.second is not None and kind.collection.subjects is None:
            yield kind.name


def _wanted(tenant: str, desired: DesiredState, registry: Registry) -> tuple[list[Address], list[Address]]:
    """The tenant's programs, and the walls that it declares or that its grants name; both sorted."""
    names, wall = set(_programs(registry)), registry.pair[1]
    theirs = [item for address, item in desired.resources.items() if address.owner == tenant]
    referred = {ref.address for item in theirs for value in item.fields.values() for ref in refs_in(value)}
    everything = {item.address for item in theirs} | referred
    return (
        sorted(item.address for item in theirs if item.address.kind in names and not item.address.part),
        sorted(address for address in everything if address.kind == wall),
    )


def _insist(tenant: str, wanted: list[Address], found: Scope) -> None:
    missing = [said for address in wanted if (said := _missing(address, found))]
    if missing:
        raise UsageError(
            f"not everything of {tenant} can be named: {'; '.join(missing)}",
            remedy="run `reconciler apply` first; `reconciler plan` says what is in the way",
        )


def _missing(address: Address, found: Scope) -> str:
    """Why its id cannot be given out; "" where it can."""
    if address in found.withheld:
        _, reason, release = found.withheld[address]
        return f"{address}: {reason} ({release})"
    if address in found.adopting:
        return f"{address} is not taken over yet"
    return "" if address in found.bound else f"{address} is not applied yet"


def _client(address: Address, desired: DesiredState, found: Scope) -> KnownClient:
    live = keeper(address, found) or found.bound[address]
    awaited = bool(live.marker and live.marker.nonce)
    return KnownClient(live.id, live.name, desired.resources[address].destination, awaited)


def _known(address: Address, found: Scope) -> Known:
    return Known(found.bound[address].id, found.bound[address].name)


def _named(tenant: str, walls: list[Address]) -> Iterator[tuple[str, Address]]:
    """Walls as the tenant's manifest refers to them."""
    for address in walls:
        yield address.key if address.owner == tenant else f"{address.owner}/{address.key}", address
