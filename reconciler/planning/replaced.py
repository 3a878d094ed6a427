"""Where secrets are to go, compared with another revision of the manifests.

What is live does not say where its secret lies, so no plan alone can tell that it shall go elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.address import Address
from reconciler.model.consent import Ground
from reconciler.model.plan import Plan
from reconciler.model.secret import Destination
from reconciler.model.state import Resource
from reconciler.planning.options import PlanOptions
from reconciler.planning.resolve import DesiredState


def renamed(base: DesiredState, after: DesiredState) -> dict[Address, Resource]:
    """What was declared, by the addresses that it has now."""
    moved = moves(base, after)
    return {moved.get(address, address): item for address, item in base.resources.items()}


def moves(base: DesiredState, after: DesiredState) -> dict[Address, Address]:
    """From old addresses to those that name them as `previously`."""
    found = {}
    for address, item in after.resources.items():
        if said := item.previously:
            old = Address(said.owner, said.kind or address.kind, said.key or address.key)
            if old in base.resources and old not in after.resources:
                found[old] = address
    return found


def elsewhere(before: Mapping[Address, Resource], after: DesiredState) -> Iterator[tuple[Address, Ground]]:
    """Whose secret is to be kept elsewhere; `before` is by the addresses of now."""
    for address in before.keys() & after.resources.keys():
        old, new = before[address].destination, after.resources[address].destination
        if old != new:
            words = f"its secret goes to {_place(new, old)}, not to {_place(old, new)}"
            yield address, Ground("sink", str(address), words, (address.owner,))


def replaced(base: DesiredState, head: DesiredState, plan: Plan, options: PlanOptions) -> Iterator[Ground]:
    """The same of what is there already and that `plan` is about.

    Of what the plan delivers, it says itself where that goes.
    """
    told = {change.address for change in plan.changes if change.action == "create"}
    told |= {each.address for each in plan.operations if each.does == "deliver"}
    for address, ground in elsewhere(renamed(base, head), head):
        if address not in told and options.selects(address):
            yield ground


def _place(where: Destination | None, other: Destination | None) -> str:
    """A place; where the name says nothing of what differs, what stands behind it too."""
    if where is None:
        return "nobody"
    same = other is not None and (where.sink, where.path) == (other.sink, other.path)
    return f"{where.sink} {where.path}" + (f" ({where.store})" if same else "")
