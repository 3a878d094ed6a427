"""What a plan's list of operations implies for each address. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from reconciler.errors import UsageError
from reconciler.model.address import NEXT, Address
from reconciler.model.kind import Registry
from reconciler.model.plan import Operation, Plan
from reconciler.model.secret import Destination


class Outline(NamedTuple):
    """Sets of operation ids, and tables by address.

    `until_delivery` lead to a delivery or are one, of a successor also what then switches it on: its sink
    has let go of a client that works; after `last_uses` no secret is needed any more, neither itself nor
    to tell that it is in hand; after `last_writes` an address is read back; `elsewhere` are addresses that
    are also written outside their own object, so that both views of their access are to be read;
    `handing_on` need what our own client has just borrowed; `taken_over` is ours only once its marker was
    written.
    """

    destinations: Mapping[Address, Destination]
    until_delivery: frozenset[str]
    last_uses: frozenset[str]
    last_writes: frozenset[str]
    elsewhere: frozenset[Address]
    handing_on: frozenset[str]
    taken_over: frozenset[Address]


def outline(plan: Plan, registry: Registry) -> Outline:
    """The outline; raises `UsageError` when an operation stands before what it waits for."""
    _check_order(plan.operations)
    requests = [operation for operation in plan.operations if operation.does == "request"]
    deliveries = [operation for operation in plan.operations if operation.does == "deliver"]
    until = _until(plan.operations, deliveries)
    return Outline(
        destinations={item.address: Destination(item.body["sink"], item.body["path"]) for item in deliveries},
        until_delivery=until,
        last_uses=_last([item for item in plan.operations if item.does == "prove" or item.id in until]),
        last_writes=_last(requests),
        elsewhere=frozenset(item.address for item in requests if not _on_object(item, registry)),
        handing_on=_behind(plan.operations, {item.id for item in plan.operations if _takes_a_token(item)}),
        taken_over=frozenset(change.address for change in plan.running if change.action == "adopt"),
    )


def _check_order(operations: tuple[Operation, ...]) -> None:
    seen: set[str] = set()
    for operation in operations:
        for edge in operation.after:
            if edge.id not in seen:
                raise UsageError(
                    f"operation {operation.id} waits for {edge.id}, which does not stand before it",
                    remedy="plan again; if it stays so, report it with the plan",
                )
        seen.add(operation.id)


def _takes_a_token(operation: Operation) -> bool:
    return operation.does == "wait" and operation.body.get("token") == "fresh"


def _behind(operations: tuple[Operation, ...], those: Set[str]) -> frozenset[str]:
    return frozenset(
        operation.id for operation in operations if any(edge.id in those for edge in operation.after)
    )


def _until(operations: tuple[Operation, ...], deliveries: list[Operation]) -> frozenset[str]:
    places = {operation.id: index for index, operation in enumerate(operations)}
    ends = {item.address: places[item.id] for item in deliveries}
    taking_over = {item.id for item in deliveries if item.address.part == NEXT}
    behind = _behind(operations, taking_over)
    ends |= {item.address: places[item.id] for item in operations if item.id in behind}
    return frozenset(item.id for item in operations if places[item.id] <= ends.get(item.address, -1))


def _last(operations: list[Operation]) -> frozenset[str]:
    return frozenset({operation.address: operation.id for operation in operations}.values())


def _on_object(operation: Operation, registry: Registry) -> bool:
    """Whether a request goes to the collection of its address's own kind."""
    name = operation.address.kind
    return name not in registry.names or operation.path.startswith(registry[name].collection.path)
