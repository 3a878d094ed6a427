"""Carrying out one request of a plan: filled in, journalled, repeated only where that is safe."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.engine.context import DONE, Context, Ended, Promise
from reconciler.engine.departure import Departure
from reconciler.engine.fill import (
    Description,
    Ids,
    description_of,
    fill_body,
    fill_path,
    mark,
    references,
    with_what_is_there,
)
from reconciler.engine.lookup import find
from reconciler.engine.pairs import asked_for
from reconciler.engine.places import remember, sink_of
from reconciler.engine.readback import read_back
from reconciler.engine.target import note_touched, note_written, stale
from reconciler.errors import OrgError, Refused, Rejected, Unavailable
from reconciler.model.address import Address
from reconciler.model.marker import Marker, split
from reconciler.model.plan import Operation
from reconciler.model.value import Json
from reconciler.planning.settle import Wait, after_refusals
from reconciler.ports import Answer

_FORBIDDEN, _NOT_FOUND = 403, 404
_NOTHING_LEFT = Ended("skipped")
"""Of what it is about nothing was made; why, those know that it waited for."""


async def request(operation: Operation, context: Context) -> Ended:
    """One write, and its read-back when it is the last one of its address."""
    context.check(operation)
    if _makes_secret(operation, context) or _announces_secret(operation):
        await _reserve(operation, context)
    path = fill_path(operation.path, context.memory.ids)
    body = await _body(operation, path, context)
    if _is_partial(operation) and not any(body.values()):
        return _NOTHING_LEFT
    departure = Departure(operation, path, body, context)
    with departure.recorded():
        answer = await _written(operation, departure, context)
        _remember(operation, path, body, answer, departure.left, context)
    if operation.id in context.outline.last_writes:
        return await read_back(operation.address, context)
    return DONE


def _makes_secret(operation: Operation, context: Context) -> bool:
    return operation.method == "POST" and operation.id in context.outline.until_delivery


def _announces_secret(operation: Operation) -> bool:
    """Whether from now on a marker says that the secret has not arrived: then it had better be able to."""
    description = description_of(operation.body)
    return description is not None and description.nonce == "new"


async def _reserve(operation: Operation, context: Context) -> None:
    """A secret is made only where it surely can be put; what lies there until then is remembered."""
    async with context.turn(operation):
        await sink_of(operation, context).reserve(context.outline.destinations[operation.address])
        await remember(operation, context)


async def _body(operation: Operation, path: str, context: Context) -> Json:
    """The body with its ids and, where it has one, its marked description."""
    description, ids = description_of(operation.body), context.memory.ids
    if description is None:
        partly = _is_partial(operation)
        return fill_body(
            with_what_is_there(operation.body, _ours(context)) if partly else operation.body, ids
        )
    kind = context.registry[description.address.kind]
    body = fill_body({**operation.body, "description": ""}, ids)
    return mark(body, kind, context.plan.org_name, description, await _nonce(description, path, context))


def _is_partial(operation: Operation) -> bool:
    """Whether it goes on without what was to be made before it."""
    return bool(operation.body) and any(edge.whatever for edge in operation.after)


def _ours(context: Context) -> Ids:
    """What is there and ours: a marker that could not be written makes nothing so."""
    memory, pending = context.memory, context.outline.taken_over
    return {each: ids for each, ids in memory.ids.items() if each not in pending or each in memory.promises}


async def _nonce(description: Description, path: str, context: Context) -> str:
    nonces, address = context.memory.nonces, description.address
    if description.nonce is None:
        return ""
    if address not in nonces:
        new = description.nonce == "new"
        nonces[address] = context.nonces() if new else await _live_nonce(description, path, context)
    return nonces[address]


async def _live_nonce(description: Description, path: str, context: Context) -> str:
    """The one that stands, never "": without it a client whose secret nobody has would pass for finished.

    A cache may not show it yet: then it is what the plan saw. Raises `StalePlan` where nobody saw one.
    """
    address = description.address
    async with context.asking(address):
        raw = await find(context.api, path)
    marker = split((raw or {}).get("description") or "")[1]
    seen = [marker, *_markers_seen(address, context)]
    nonce = next((each.nonce for each in seen if each and each.nonce), "")
    if not nonce:
        raise stale(address, "nothing says any more that its secret has not arrived", context)
    return nonce


def _markers_seen(address: Address, context: Context) -> Iterator[Marker | None]:
    known = context.memory.known.get(address)
    return (state.marker for state in reversed(known.states if known else ()))


async def _written(operation: Operation, departure: Departure, context: Context) -> Answer:
    """The write. It is repeated while what was born or borrowed in this run may not be seen everywhere."""
    fresh = not references(operation.path, operation.body).isdisjoint(context.memory.born)
    handing_on = operation.id in context.outline.handing_on
    refusals = 0
    while True:
        try:
            return await departure.answer()
        except (Rejected, Refused) as refusal:
            refusals += 1
            step = after_refusals(refusals, departure.waited)
            early = fresh if refusal.status == _NOT_FOUND else handing_on and _asks_to_hold(refusal)
            if not (early and isinstance(step, Wait)):
                return _absent(operation, refusal)
        await context.pause(operation, step.seconds)
        if handing_on:
            context.api.renew()  # rights may be those of the token's first moment


def _asks_to_hold(refusal: OrgError) -> bool:
    """Whether a refusal may be about what one must hold; a missing permission stays missing."""
    return refusal.status == _FORBIDDEN and not refusal.code.startswith("missing.")


def _absent(operation: Operation, refusal: OrgError) -> Answer:
    """What is to be taken away and is not there is done; anything else has failed."""
    if operation.method == "DELETE" and refusal.status == _NOT_FOUND:
        return Answer(None)
    raise refusal


def _remember(
    operation: Operation, path: str, body: Json, answer: Answer, left: float, context: Context
) -> None:
    """The secret and the id of what was born, and what the object must show since the write `left`."""
    kind, memory, address = context.kind_of(operation.address), context.memory, operation.address
    if answer.secret is not None and _makes_secret(operation, context):
        memory.secrets[address] = answer.secret  # one that nobody waits for is dropped unread
        memory.issued[address] = context.clock.now()
    if kind is None:
        return
    if kind.collection.subjects is not None:
        memory.pairs.setdefault(address, {}).update(asked_for(path, body))
        return
    collection = kind.collection.path
    if not path.startswith(collection):
        memory.pairs.setdefault(address, {}).update(asked_for(path, body))
        return
    if operation.method == "POST" and path == collection:
        memory.ids[address] = _new_id(answer, path)
        memory.born.add(address)
    own = f"{collection}/{memory.ids.get(address, '')}"
    if operation.method == "DELETE" and path == own:
        memory.promises[address] = Promise(own, None)
    elif isinstance(body, dict) and path in (collection, own):
        written = kind.live({**body, "id": memory.ids[address]})
        memory.promises[address] = Promise(own, written.fields, written.marker)
        note_written(written, address, left, context)
    elif path.startswith(f"{own}/"):
        note_touched(address, context)


def _new_id(answer: Answer, path: str) -> str:
    identity = answer.body.get("id") if isinstance(answer.body, dict) else None
    if not isinstance(identity, str) or not identity:
        raise Unavailable(f"POST {path} was answered without an id", sent=True)
    return identity
