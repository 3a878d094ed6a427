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
from reconciler.model.value import Json
from reconciler.planning.fresh import is_known, moved, undated


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


def note_written(written: Live, address: Address, at: float, context: Context) -> None:
    """What this run itself made of an object; what it left out, only the organisation can tell."""
    known = context.memory.known.setdefault(address, Known(at, []))
    known.at = at
    known.states.append(replace(written, raw={}))


def note_touched(address: Address, context: Context) -> None:
    """What this run did below an object: that showed nothing of it, so what is known grows old as before."""
    known = context.memory.known.get(address)
    if known is not None:
        known.states = [undated(state) for state in known.states]


def note_sent(operation: Operation, path: str, body: Json, context: Context) -> None:
    """What nobody heard an answer to may be what is there now."""
    known, kind = context.memory.known.get(operation.address), context.kind_of(operation.address)
    if known is None or kind is None or operation.method != "PUT":
        return
    identity = context.memory.ids[operation.address]
    if path == f"{kind.collection.path}/{identity}":
        known.states.append(replace(kind.live({**body, "id": identity}), raw={}))


def is_due_a_look(operation: Operation, path: str, context: Context) -> bool:
    """Whether what is about to be written is an object of which what is known is old.

    Pairs given or taken one by one are not looked at: such a request replaces nothing.
    """
    kind, known = context.kind_of(operation.address), context.memory.known.get(operation.address)
    if kind is None or known is None or not _is_about(path, kind, operation, context):
        return False
    return not is_known(context.clock.monotonic() - known.at)


async def look(operation: Operation, context: Context) -> str:
    """What of the target somebody changed, in words; "" for nothing, and from now on that is known.

    Only within a turn: it takes none itself, so that nothing comes between the look and the write.
    """
    asked, kind = context.clock.monotonic(), context.registry[operation.address.kind]
    difference = await _difference(operation, kind, context)
    if not difference:
        context.memory.known[operation.address].at = asked
    return difference


def stale(address: Address, difference: str, context: Context) -> StalePlan:
    """What to raise where two looks showed that `difference`."""
    context.memory.moved.add(address)
    return StalePlan(f"somebody changed it meanwhile ({difference})", remedy="plan again")


def _is_about(path: str, kind: AnyKind, operation: Operation, context: Context) -> bool:
    own = f"{kind.collection.path}/{context.memory.ids.get(operation.address, '')}"
    return operation.method in ("PUT", "DELETE", "POST") and (path == own or path.startswith(f"{own}/"))


async def _difference(operation: Operation, kind: AnyKind, context: Context) -> str:
    """In words; "" for none, also where what is to be removed is gone."""
    address, memory = operation.address, context.memory
    context.count(address)
    raw = await find(context.api, f"{kind.collection.path}/{memory.ids[address]}")
    if raw is None or kind.collection.gone(raw):
        return "" if operation.method == "DELETE" else "it is gone"
    return ", ".join(moved(kind, raw, memory.known[address].states, memory.pairs.get(address, {}).keys()))
