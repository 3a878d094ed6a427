"""What sinks hold already of those whose secrets a plan would make: they may work, unseen by its reading."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.errors import SinkError
from reconciler.model.address import Address
from reconciler.model.plan import Operation, Plan
from reconciler.model.secret import Destination
from reconciler.ports import SecretSink


async def delivered(plan: Plan, sinks: Mapping[str, SecretSink]) -> tuple[Address, ...]:
    """The addresses of deliveries whose place holds some client's secret; one look at a sink each.

    A sink that cannot tell, or may not be read, tells of nothing.
    """
    deliveries = [item for item in plan.operations if item.does == "deliver"]
    return tuple([item.address for item in deliveries if await _holds(item, sinks)])


async def _holds(delivery: Operation, sinks: Mapping[str, SecretSink]) -> bool:
    destination = Destination(delivery.body["sink"], delivery.body["path"])
    sink = sinks.get(destination.sink)
    try:
        held = await sink.status(destination) if sink else None
    except SinkError:  # what is wrong with it is told when it is to be written
        return False
    return held is not None and bool(held.client_id)
