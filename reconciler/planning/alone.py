"""The state that manifests alone say: an organisation that holds what is declared, and nothing else.

Whatever only an organisation knows is empty in it, so a rule that needs it finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from reconciler.isolation.boundaries import Boundaries
from reconciler.model.address import Address
from reconciler.model.finding import Finding
from reconciler.model.kind import Registry
from reconciler.model.state import Live, LiveState, Reading, Resource
from reconciler.model.value import resolved
from reconciler.planning.ceiling import ceilings
from reconciler.planning.guard import Situation
from reconciler.planning.hygiene import faults
from reconciler.planning.located import placed
from reconciler.planning.options import PlanOptions
from reconciler.planning.resolve import DesiredState
from reconciler.planning.shares import allowed, excepted, share_finder


def boundaries_alone(desired: DesiredState, registry: Registry, today: date) -> Boundaries:
    """Whose each thing is and what may cross, where every id is an `{ADDRESS}`."""

    def rights(address: Address) -> frozenset[str]:
        role = desired.resources.get(address)
        return allowed(registry[address.kind].facts("", role.fields)) if role else frozenset()

    owners: Mapping[str, str] = {f"{{{address}}}": address.owner for address in desired.resources}
    return Boundaries(
        owner_of=lambda identity: owners.get(identity, ""),
        name=lambda identity: identity.strip("{}"),
        home="",
        share_of=share_finder(desired, rights, {}),
        excepted=excepted(desired, today),
        ceilings=ceilings(desired.resources, {}),
    )


def faults_alone(desired: DesiredState, registry: Registry, options: PlanOptions) -> tuple[Finding, ...]:
    """What breaks the rules about an organisation as it is, as far as manifests show it, at its entry."""
    made = _made(desired)
    situation = Situation(desired, _state(made, desired, registry), options, registry)
    bounds = boundaries_alone(desired, registry, options.today)
    entries = {item.id: desired.resources[address] for address, item in made.items()}
    found = faults(situation, situation.live, bounds)
    return tuple(_named(placed(finding, entries.get(finding.address))) for finding in found)


def _made(desired: DesiredState) -> dict[Address, Live]:
    """Everything declared as if it were there; what a mere reference means only an organisation knows."""
    ids = {address: f"{{{address}}}" for address in desired.resources}
    return {address: _live(item, ids) for address, item in desired.resources.items() if not item.existing}


def _live(item: Resource, ids: Mapping[Address, str]) -> Live:
    fields = {name: resolved(value, ids) for name, value in item.fields.items()}
    return Live(item.address.kind, ids[item.address], item.name, fields, {})


def _state(made: Mapping[Address, Live], desired: DesiredState, registry: Registry) -> LiveState:
    readings = {
        name: Reading(tuple(item for item in made.values() if item.kind == name)) for name in registry.names
    }
    return LiveState(desired.org.organization_id, desired.org.name, readings)


def _named(finding: Finding) -> Finding:
    return replace(finding, address=finding.address.strip("{}"))
