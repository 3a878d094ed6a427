"""Reading back: what was written counts once the organisation shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from reconciler.engine.context import DONE, Context, Ended, Promise
from reconciler.engine.lookup import find, pairs_of
from reconciler.engine.pairs import missed
from reconciler.engine.readings import with_second_view
from reconciler.engine.words import words
from reconciler.errors import OrgError
from reconciler.model.address import Address
from reconciler.model.kind import AnyKind, SecondView
from reconciler.model.state import Live
from reconciler.model.value import Json
from reconciler.planning.settle import DEADLINE, Settled, after_readings


async def read_back(address: Address, context: Context) -> Ended:
    """Look until the last write of `address` is seen, or the deadline or a halt ends the looking."""
    promise, kind = context.memory.promises.get(address), context.kind_of(address)
    if kind is not None and kind.collection.subjects is not None and kind.collection.second is not None:
        return await _looked(address, partial(_missed, address, kind.collection.second, context), context)
    if promise is None or kind is None:
        return DONE
    return await _looked(address, partial(_difference, address, kind, promise, context), context)


async def _looked(address: Address, look: Callable[[], Awaitable[str]], context: Context) -> Ended:
    """How looking ended; `look` tells in words what is not as it should be, "" for nothing."""
    agreed: list[bool] = []
    difference = ""
    written = context.clock.monotonic()
    while True:
        step = after_readings(agreed, context.clock.monotonic() - written)
        if step is Settled.CONFIRMED:
            return DONE
        if isinstance(step, Settled):
            return _unconfirmed(address, f"written, but not seen within {DEADLINE:.0f} s: {difference}")
        if agreed and context.halt.is_set:
            return _unconfirmed(address, f"written, but interrupted before it was seen: {difference}")
        await context.halt.pause(context.clock, step.seconds)
        difference = await look()
        agreed.append(not difference)


def _unconfirmed(address: Address, error: str) -> Ended:
    return Ended("unconfirmed", error, root=f"{address} was not confirmed")


async def _missed(address: Address, view: SecondView, context: Context) -> str:
    """What was given is held and what was taken is gone, or the next run would do it once more."""
    memory = context.memory
    try:
        async with context.asking(address):
            return await missed(context.api, view, memory.ids[address], memory.pairs.get(address, {}))
    except OrgError as error:
        return words(error)


async def _difference(address: Address, kind: AnyKind, promise: Promise, context: Context) -> str:
    """What one look shows to be other than promised, in words; "" for nothing."""
    try:
        async with context.asking(address):
            raw = await find(context.api, promise.path)
        if raw is None or kind.collection.gone(raw):
            return "" if promise.fields is None else "it is not there"
        return await _compared(address, kind, raw, promise, context)
    except OrgError as error:
        return words(error)


async def _compared(address: Address, kind: AnyKind, raw: Json, promise: Promise, context: Context) -> str:
    if promise.fields is None:
        return "it is still there"
    live = await _both_views(address, kind, kind.live(raw), context)
    differing = sorted(name for name, value in promise.fields.items() if live.fields.get(name) != value)
    if live.marker != promise.marker:
        differing.append("marker")
    return f"other {', '.join(differing)}" if differing else ""


async def _both_views(address: Address, kind: AnyKind, live: Live, context: Context) -> Live:
    """Access that was also changed outside the object is read in both places."""
    view = kind.collection.second
    if view is None or address not in context.outline.elsewhere:
        return live
    async with context.asking(address):
        pairs = await pairs_of(context.api, view, live.id)
    return with_second_view(live, view.field, pairs)
