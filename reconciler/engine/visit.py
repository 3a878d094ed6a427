"""A visit: one client's own token is fetched, asked with, and given back, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from reconciler.engine.inquire import inquire
from reconciler.errors import OrgError, SinkError
from reconciler.isolation.asking import TOKEN
from reconciler.model.kind import SecondView
from reconciler.model.probe import Ask, Candidate, Record, Reply
from reconciler.ports import Kept, ProbeApi, SecretSource

_PATIENCE = 3
"""Questions in a row without any answer after which no further one is asked."""


@dataclass(frozen=True, slots=True)
class Doors:
    """How clients get in: where their secrets are read, by sink, and how one connects with a secret."""

    sources: Mapping[str, SecretSource]
    connect: Callable[[Kept], AbstractAsyncContextManager[ProbeApi]]


async def visit(
    candidate: Candidate, asks: Iterable[Ask], doors: Doors, view: SecondView, record: Record
) -> None:
    """Ask with the client's own token; replies and trouble go into `record`."""
    try:
        kept = await _fetch(candidate, doors.sources)
    except SinkError as error:
        record.trouble.append(error.message)
        return
    async with doors.connect(kept) as api:
        try:
            await _ask_all(api, candidate, asks, view, record)
        finally:
            await _give_back(api, record)
            record.requests += sum(api.requests[:2])


async def _fetch(candidate: Candidate, sources: Mapping[str, SecretSource]) -> Kept:
    destination = candidate.destination
    if destination is None:
        raise SinkError("its secret is kept where nothing of ours reads it")
    if destination.sink not in sources:
        raise SinkError(f"sink `{destination.sink}` hands no secret out again")
    kept = await sources[destination.sink].fetch(destination)
    if kept.client_id != candidate.id:
        raise SinkError(f"{destination.path} holds the secret of another client")
    return kept


async def _ask_all(
    api: ProbeApi, candidate: Candidate, asks: Iterable[Ask], view: SecondView, record: Record
) -> None:
    """Whose token it is comes first: without one there is nothing to ask with."""
    reply = await inquire(api, TOKEN, candidate.id, view)
    record.replies[TOKEN] = [reply]
    if reply.status != 200:
        record.trouble.append("it got no token, or the organisation does not say whose it is")
        return
    unanswered = 0
    for ask in asks:
        gave_up = unanswered >= _PATIENCE
        reply = Reply(0, "not asked") if gave_up else await inquire(api, ask, candidate.id, view)
        unanswered = 0 if reply.status else unanswered + 1
        record.replies.setdefault(ask, []).append(reply)


async def _give_back(api: ProbeApi, record: Record) -> None:
    try:
        await api.give_back()
    except OrgError:
        record.returned = False
