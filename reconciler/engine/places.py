"""The places of secrets: what lies there when one is made, and whether it still does when it arrives.

Most sinks have no compare-and-set. A run that stood still with a secret in hand may wake when another has
put a newer one there, and only a look tells.
"""

from __future__ import annotations

from reconciler.engine.context import Context
from reconciler.errors import SinkError
from reconciler.model.plan import Operation
from reconciler.model.secret import Credential, Destination, Held
from reconciler.ports import SecretSink


def sink_of(operation: Operation, context: Context) -> SecretSink:
    """The sink that the operation's address delivers to; raises `SinkError` when there is none."""
    name = context.outline.destinations[operation.address].sink
    if name not in context.sinks:
        raise SinkError(f"there is no sink `{name}`", remedy="define it under `sinks` of the Org document")
    return context.sinks[name]


async def remember(operation: Operation, context: Context) -> None:
    """Note what the place holds before its next secret is made; of a sink that does not tell, nothing."""
    address, seen = operation.address, context.memory.seen
    seen.pop(address, None)
    try:
        seen[address] = await sink_of(operation, context).status(context.outline.destinations[address])
    except SinkError:
        return


class Touched(SinkError):
    """Somebody else wrote there: repeating would write over it."""


async def arrived(operation: Operation, credential: Credential, context: Context, *, again: bool) -> bool:
    """Whether it lies there already, by an earlier attempt of ours (`again`: there was one).

    Raises `Touched` where somebody else has written since `remember`, and `SinkError` where that is not
    told any more.
    """
    address, seen = operation.address, context.memory.seen
    if address not in seen:
        return False
    destination = context.outline.destinations[address]
    held = await sink_of(operation, context).status(destination)
    if held is None or held == seen[address]:
        return False
    if again and not held.client_id:
        return False  # of what we put there without hearing so nobody may tell whose it is
    if not again or not _is(held, credential):
        raise _touched(destination, held, credential)
    return True


def _is(held: Held, credential: Credential) -> bool:
    issued = credential.issued.replace(microsecond=0)  # as it is written down
    return (held.client_id, held.nonce) == (credential.client_id, credential.nonce) and (
        held.issued is None or held.issued.replace(microsecond=0) == issued
    )


def _touched(destination: Destination, held: Held, credential: Credential) -> Touched:
    whose = {"": "something", credential.client_id: "another secret of this client"}
    there = whose.get(held.client_id, f"a secret of client {held.client_id}")
    return Touched(
        f"somebody else wrote to {destination.path} of sink `{destination.sink}` since it was reserved: "
        f"{there} is there now, and stays",
        remedy="see who else writes there; a secret that is missing is made and delivered by the next run",
    )
