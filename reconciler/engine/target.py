"""Before something is replaced or removed: is it still what the plan was made of?"""

from __future__ import annotations

from dataclasses import replace

from reconciler.engine.context import Basis, Context, Known
from reconciler.engine.lookup import find
from reconciler.errors import StalePlan
from reconciler.model.address import Address
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.plan import Operation, Plan
from reconciler.model.state import Live
from reconciler.planning.fresh import is_known, moved
from reconciler.planning.settle import SECOND_LOOK


def known_from(plan: Plan, basis: Basis | None, registry: Registry) -> dict[Address, Known]:
    """What the plan was made of, of everything it changes that is an object, as its collection shows it."""
    if basis is None:
        return {}
    changing = {(change.address.kind, change.id): change.address for change in plan.running}
    return {
        changing[kind.name, item.id]: Known(basis.since, [kind.live(item.raw)])
        for kind in registry
        if kind.collection.subjects is None
        for item in basis.live.of(kind.name)
        if (kind.name, item.id) in changing
    }


def note_written(written: Live, address: Address, context: Context) -> None:
    """What this run itself made of an object; what it left out, only the organisation can tell."""
    now, sent = context.clock.monotonic(), replace(written, raw={})
    known = context.memory.known.setdefault(address, Known(now, []))
    known.at = now
    known.states.append(sent)


async def require_unmoved(operation: Operation, path: str, context: Context) -> None:
    """Look at what is about to be written, where what is known of it is old.

    Raises `StalePlan` when somebody changed it since. Pairs given or taken one by one are not looked at:
    such a request replaces nothing.
    """
    kind, known = context.kind_of(operation.address), context.memory.known.get(operation.address)
    if kind is None or known is None or not _is_about(path, kind, operation, context):
        return
    if is_known(context.clock.monotonic() - known.at):
        return
    difference = await _difference(operation, kind, context)
    if difference:  # a cache may lag behind: what is seen twice is believed
        await context.halt.pause(context.clock, SECOND_LOOK)
        context.check(operation)
        difference = await _difference(operation, kind, context)
    if difference:
        context.memory.moved.add(operation.address)
        raise StalePlan(f"somebody changed it meanwhile ({difference})", remedy="plan again")
    known.at = context.clock.monotonic()


def _is_about(path: str, kind: AnyKind, operation: Operation, context: Context) -> bool:
    own = f"{kind.collection.path}/{context.memory.ids.get(operation.address, '')}"
    return operation.method in ("PUT", "DELETE", "POST") and (path == own or path.startswith(f"{own}/"))


async def _difference(operation: Operation, kind: AnyKind, context: Context) -> str:
    """In words; "" for none, also where what is to be removed is gone."""
    address, memory = operation.address, context.memory
    async with context.asking(address):
        raw = await find(context.api, f"{kind.collection.path}/{memory.ids[address]}")
    if raw is None or kind.collection.gone(raw):
        return "" if operation.method == "DELETE" else "it is gone"
    return ", ".join(moved(kind, raw, memory.known[address].states, memory.pairs.get(address, {}).keys()))
