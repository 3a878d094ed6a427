"""Probing: every tenant's clients are asked with their own tokens, in rounds.

What one client's lists show tells the next round what is foreign to the others, beside one page of each
type that our own credentials can list. What differs from the model is asked again, when caches have had
the time to agree.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from reconciler.engine.tasks import tasks
from reconciler.engine.visit import Doors, visit
from reconciler.errors import OrgError
from reconciler.isolation.answers import Known
from reconciler.isolation.asking import following, listing, opening
from reconciler.isolation.expecting import Expected
from reconciler.model.kind import Registry, SecondView
from reconciler.model.probe import Ask, Candidate, Record
from reconciler.model.sight import SIGHTS, Sight, wall_of
from reconciler.planning.settle import SETTLE_SECONDS
from reconciler.ports import Clock, OrgApi

AT_ONCE = 8
"""Clients asked at the same time; each has a rate of its own."""

_ROUNDS = 2
"""After the first: single objects and a second look, and a second look at single objects."""


class Probed(NamedTuple):
    """Each client's record by its id, what is known to lie where, and what could not be listed."""

    records: Mapping[str, Record]
    known: Known
    notes: tuple[str, ...]


class Party(NamedTuple):
    """A client to ask, and what it should be shown."""

    candidate: Candidate
    expected: Expected


async def probe(
    api: OrgApi, parties: Iterable[Party], doors: Doors, registry: Registry, clock: Clock
) -> Probed:
    """Ask everybody. Never raises an `OrgError`: what went wrong is part of the answer."""
    parties = tuple(parties)
    view = registry.second_view
    known, notes = await _known(api, {each for party in parties for each in party.expected.sights})
    records = {party.candidate.id: Record() for party in parties}
    asks = {party.candidate.id: opening(party.expected) for party in parties}
    await _round(parties, asks, doors, view, records)
    for party in parties:
        _learn(party.expected, records[party.candidate.id], known)
    known = {name: dict(sorted(found.items())) for name, found in known.items()}
    for _ in range(_ROUNDS):
        asks = {
            party.candidate.id: following(party.expected, records[party.candidate.id], known)
            for party in parties
            if not records[party.candidate.id].trouble
        }
        if _again(asks, records):
            await clock.sleep(SETTLE_SECONDS)
        await _round(parties, asks, doors, view, records)
    return Probed(records, known, notes)


def _again(asks: Mapping[str, tuple[Ask, ...]], records: Mapping[str, Record]) -> bool:
    """Whether anybody is asked anything a second time."""
    return any(ask in records[client].replies for client, several in asks.items() for ask in several)


async def _round(
    parties: Iterable[Party],
    asks: Mapping[str, tuple[Ask, ...]],
    doors: Doors,
    view: SecondView,
    records: Mapping[str, Record],
) -> None:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(candidate: Candidate) -> None:
        async with slots:
            await visit(candidate, asks[candidate.id], doors, view, records[candidate.id])

    async with tasks() as group:
        for party in parties:
            if asks.get(party.candidate.id):
                group.create_task(one(party.candidate))


async def _known(api: OrgApi, wanted: set[Sight]) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
    """One page of each type that our own credentials can list, and which they cannot."""
    known: dict[str, dict[str, str]] = {each.type: {} for each in SIGHTS}
    listed: set[str] = set()
    for sight in (each for each in SIGHTS if each in wanted):
        try:
            page = await api.read(sight.path, {"pageSize": "100", "pageNumber": "1"} if sight.paged else None)
        except OrgError:
            continue
        listed.add(sight.type)
        known[sight.type] |= {raw["id"]: wall_of(raw) for raw in page.get("entities") or ()}
    missed = sorted({each.type for each in wanted} - listed)
    notes = (
        f"our own credentials may not list {each}: foreign ones are those of other clients" for each in missed
    )
    return known, tuple(notes)


def _learn(expected: Expected, record: Record, known: dict[str, dict[str, str]]) -> None:
    """What one client was shown lies where it says; that is what is foreign to others."""
    for sight in expected.sights:
        for reply in record.replies.get(listing(sight), ()):
            known[sight.type] |= {each: wall for each, wall in reply.found.items() if wall}
