"""Carrying out one operation: a request, a wait, a delivery or a proof."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from reconciler.engine.context import DONE, Context, Ended
from reconciler.engine.halt import Halted
from reconciler.engine.places import Touched, arrived, sink_of
from reconciler.engine.request import request
from reconciler.errors import SinkError
from reconciler.model.address import Address
from reconciler.model.plan import Does, Operation
from reconciler.model.secret import Credential, Destination, Secret
from reconciler.planning.settle import DEADLINE, Wait, after_refusals
from reconciler.ports import SecretSink


async def perform(operation: Operation, context: Context) -> Ended:
    """How it ended; raises `ReconcilerError` when it failed and `Halted` when it was not begun."""
    return await _DEEDS[operation.does](operation, context)


async def _wait(operation: Operation, context: Context) -> Ended:
    context.check(operation)
    seconds = operation.body["seconds"]
    context.progress.waiting(operation.address, seconds, operation.reason)
    await context.halt.pause(context.clock, seconds)
    if context.halt.is_set:
        raise Halted
    if operation.body.get("token") == "fresh":
        context.api.renew()
    return DONE


async def _deliver(operation: Operation, context: Context) -> Ended:
    """The last step of a secret's road. Lost it can only be made anew: so it is tried again for a while.

    Halts do not end that. Where another run may have taken the road meanwhile, it ends at once.
    """
    context.check(operation)
    credential = _credential(operation.address, _secret(operation.address, context), context)
    started, refusals = context.clock.monotonic(), 0
    while True:
        try:
            async with context.slots:
                return await _delivered(operation, credential, context, again=refusals > 0)
        except Touched:
            raise
        except SinkError as refusal:
            refusals += 1
            step = after_refusals(refusals, context.clock.monotonic() - started)
            if not isinstance(step, Wait):
                raise
            with context.halt.guarded():
                context.progress.waiting(operation.address, step.seconds, f"{refusal.message}; trying again")
        await context.clock.sleep(step.seconds)


async def _delivered(operation: Operation, credential: Credential, context: Context, *, again: bool) -> Ended:
    destination, sink = context.outline.destinations[operation.address], sink_of(operation, context)
    untold = ""
    if not await arrived(operation, credential, context, again=again):
        context.require_ours()
        await sink.deliver(destination, credential)
        untold = await _looked_up(sink, destination, credential)
    return Ended("done", note=f"secret delivered to {destination.sink} {destination.path}{untold}")


async def _looked_up(sink: SecretSink, destination: Destination, credential: Credential) -> str:
    """What to say where the sink does not tell what it holds now; raises `SinkError` if it is another."""
    try:
        held = await sink.status(destination)
    except SinkError:
        return ", which does not tell what it holds"  # the delivery itself was confirmed
    if held is None or held.client_id not in ("", credential.client_id):
        there = f"client {held.client_id}" if held else "nothing"
    elif held.nonce not in ("", credential.nonce):
        there = "another secret of this client"
    else:
        return ""
    raise SinkError(
        f"{destination.path} of sink `{destination.sink}` holds {there}, not what was delivered",
        remedy="see who else writes there; the next run makes and delivers another secret",
    )


def _secret(address: Address, context: Context) -> Secret:
    secret = context.memory.secrets.get(address)
    if secret is None:
        raise SinkError(
            f"the organisation showed no secret for {address}", remedy="the next run makes another one"
        )
    return secret


def _credential(address: Address, secret: Secret, context: Context) -> Credential:
    api_host, login_host = context.hosts
    return Credential(
        address=address.entry,
        client_id=context.memory.ids[address],
        secret=secret,
        region=context.org.region,
        api_host=api_host,
        login_host=login_host,
        issued=context.memory.issued[address],
        nonce=context.memory.nonces.get(address, ""),
    )


async def _prove(operation: Operation, context: Context) -> Ended:
    """A token is the proof; an activation may need a while until it gives one."""
    address = operation.address
    secret, identity = _secret(address, context), context.memory.ids[address]
    asked: list[float] = []
    while True:
        async with context.turn(operation):
            context.count(address)
            asked.append(context.clock.monotonic())
            if await context.api.proves(identity, secret):
                return Ended("done", note="proven by a token")
        step = after_refusals(len(asked), context.clock.monotonic() - asked[0])
        if not isinstance(step, Wait):
            return _unproven(address, f"got no token within {DEADLINE:.0f} s")
        await context.halt.pause(context.clock, step.seconds)
        if context.halt.is_set:
            return _unproven(address, "had got no token yet when the run was interrupted")


def _unproven(address: Address, what: str) -> Ended:
    return Ended("unconfirmed", f"the delivered secret {what}", root=f"{address} was not confirmed")


_DEEDS: Mapping[Does, Callable[[Operation, Context], Awaitable[Ended]]] = {
    "request": request,
    "wait": _wait,
    "deliver": _deliver,
    "prove": _prove,
}
