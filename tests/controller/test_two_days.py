"""Twenty organisations for two simulated days, with administrators at work and faults on the wire.

Every drift is found within its interval, nothing is corrected against policy, no two looks at one
organisation overlap, and what is remembered stays as small as it was.
"""

from __future__ import annotations

import asyncio
import gc
import pickle
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from reconciler.cli.unattended import Looker
from reconciler.engine.watching import Watching
from reconciler.model.ran import Looked
from reconciler.model.watched import ANSWERED, Look
from reconciler.planning.schedule import JITTER
from tests.controller.fleet import POLICIES, Fleet, Site

DAY, EVERY = 86_400.0, 14_400.0
SITES = 20
_FAULTS = (
    {"kind": "status", "status": 503, "method": "GET", "times": 12},
    {"kind": "status", "status": 429, "method": "GET", "times": 3, "retryAfter": 5},
    {"kind": "status", "status": 500, "method": "DELETE", "times": 2},
    {"kind": "status", "status": 403, "method": "GET", "path": "/api/v2/oauth/clients", "times": 1},
)


class Deed(NamedTuple):
    """Something that somebody did at a site, when, and what is wrong from then on."""

    site: int
    at: float
    what: str


class Watch:
    """Sees every look from outside: when each began and ended, and what it found."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.under_way: set[str] = set()
        self.overlaps = 0
        self.looks: dict[str, list[tuple[float, float, Look]]] = {site.name: [] for site in fleet.sites}

    def around(self, looker: Looker) -> Callable[[str], Awaitable[Look]]:
        async def look(root: str) -> Look:
            name, began = Path(root).name, self.fleet.time()
            self.overlaps += name in self.under_way
            self.under_way.add(name)
            try:
                seen = await looker(root)
            finally:
                self.under_way.discard(name)
            self.looks[name].append((began, self.fleet.time(), _light(seen)))
            return seen

        return look


def _light(look: Look) -> Look:
    """Without what it found: the test must not be what grows."""
    kept = Looked(look.ran.looked.requests)
    return look._replace(ran=replace(look.ran, looked=kept))


def story(fleet: Fleet, chance: random.Random) -> list[Deed]:
    """Deeds over two days, at most one of a sort at each site, so that each can be told from the others."""
    kinds = ("leak", "leak_more", "take", "rename")
    return sorted(
        (
            Deed(number, chance.uniform(0.05, 1.7) * DAY, kind)
            for number in range(len(fleet.sites))
            for kind in chance.sample(kinds, 2)
        ),
        key=lambda deed: deed.at,
    )


async def play(fleet: Fleet, made: Watching, deeds: list[Deed], chance: random.Random) -> list[Counter[str]]:
    """Do the deeds at their times, with a fault now and then; what of ours is alive at each half day."""
    began, alive = fleet.time(), list[Counter[str]]()
    agenda: list[tuple[float, Callable[[], object]]] = [
        (deed.at, getattr(fleet.sites[deed.site], deed.what)) for deed in deeds
    ]
    for _ in range(30):
        sim, fault = chance.choice(fleet.sites).sim, dict(chance.choice(_FAULTS))
        agenda.append((chance.uniform(0.1, 1.6) * DAY, partial(sim.faults, [fault])))
    agenda += [(DAY * part, lambda: alive.append(living(made))) for part in (0.5, 1.0, 1.5, 2.0)]
    for at, deed in sorted(agenda, key=lambda each: each[0]):
        await asyncio.sleep(max(0.0, began + at - fleet.time()))
        deed()
    return alive


def living(made: Watching) -> Counter[str]:
    """What of the product is alive, by module, and how large what the loop remembers is, in KiB."""
    gc.collect()
    found = Counter(str(type(each).__module__) for each in gc.get_objects())
    ours = Counter({name: number for name, number in found.items() if _is_ours(name)})
    ours["remembered"] = len(pickle.dumps(made.state)) // 1024
    return ours


def _is_ours(module: str) -> bool:
    return module.startswith(("reconciler.", "httpx", "asyncio")) and "simulator" not in module


def found_late(watch: Watch, site: Site, deed: Deed, began: float) -> float:
    """How much later than promised the first look that came to an answer began; below 0 for in time."""
    at = began + deed.at
    answered = [start for start, _, look in watch.looks[site.name] if start >= at and look.ending in ANSWERED]
    back_off = sum(
        end - start + EVERY for start, end, look in watch.looks[site.name]
        if look.ending not in ANSWERED and start >= at - EVERY
    )  # fmt: skip
    return min(answered, default=float("inf")) - at - EVERY * (1 + JITTER) - back_off - 60


@pytest.mark.full
@pytest.mark.timeout(180)  # twenty organisations, two days
def test_two_days_of_twenty_organisations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(20_261_120)
    fleet = Fleet(tmp_path, monkeypatch, *(POLICIES[number % 3] for number in range(SITES)))
    watch, deeds = Watch(fleet), story(fleet, chance)
    began = fleet.time()
    writes = [site.writes() for site in fleet.sites]
    alive = list[Counter[str]]()

    async def told(made: Watching) -> None:
        alive.extend(await play(fleet, made, deeds, chance))

    fleet.play(EVERY, told, look=watch.around)

    assert watch.overlaps == 0
    late = [each for each in deeds if found_late(watch, fleet.sites[each.site], each, began) > 0]
    assert late == []
    assert grown(alive) == {}
    for number, (site, before) in enumerate(zip(fleet.sites, writes, strict=True)):
        done = {deed.what for deed in deeds if deed.site == number}
        narrows = site.correct != "detect"
        assert (site.writes() > before) == (narrows and bool(done & {"leak", "leak_more"})), site.name
        assert site.held("acme-pull") == {"ACME", *(["GLOBEX"] if "leak" in done and not narrows else [])}
        own = [] if "take" in done else ["GLOBEX"]
        assert site.held("globex-pull") == {*own, *(["ACME"] if "leak_more" in done and not narrows else [])}


def grown(alive: list[Counter[str]]) -> dict[str, list[int]]:
    """What there is more of at the end than there was at any half day before, by more than drift explains."""
    names = {name for each in alive for name in each}
    counts = {name: [each[name] for each in alive] for name in names}
    return {name: several for name, several in counts.items() if several[-1] > 2 * max(several[:2]) + 500}
