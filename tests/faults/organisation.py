"""An organisation that is set up once and copied for each case, and that tells of every commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reconciler.simulator import Seed, Settings, Simulator
from reconciler.simulator.call import Call
from reconciler.simulator.exchange import Exchange, Request
from reconciler.simulator.faults import Faults, Outcome
from reconciler.simulator.org import Organisation, Start, Written
from reconciler.simulator.organization import catalogue
from reconciler.simulator.paging import page
from reconciler.simulator.ratelimit import Limiter
from reconciler.simulator.world import Row, World, copy_of
from tests.support.clock import START


@dataclass(frozen=True)
class Prepared:
    """An organisation at rest: its rows, its secrets by client id, how many ids it has handed out."""

    world: World
    secrets: dict[str, str]
    count: int


Commit = Callable[[Request | None, list[Written]], None]
"""Told of each commit: the request (None for an administrator's hand) and the rows it wrote."""


class Replica(Simulator):
    """A simulator on a copy of `prepared`, or fresh from `seed`."""

    def __init__(
        self,
        prepared: Prepared | None,
        settings: Settings,
        clock: Callable[[], float],
        seed: Seed | None = None,
    ) -> None:
        self._prepared = prepared
        self.on_commit: Commit = lambda request, written: None
        super().__init__(seed, settings, clock=clock)

    def _start(self, load_from: Path | None) -> None:
        if self._prepared is None:
            super()._start(load_from)
            return
        kept = self._prepared
        start = Start(copy_of(kept.world), dict(kept.secrets), kept.count)
        self.org = Organisation(start, self.settings, self.clock)
        self.exchange = Exchange(self.org, Limiter(self.settings))
        self._faults = Faults(lambda edit: self.edit(**edit), self._person)

    def licensed_little(self) -> None:
        """From now on its permission catalogue holds `DOMAINS` alone: every run reads the whole of it."""
        self.exchange.handlers["get_authorization_permissions"] = _few_permissions

    def at_rest(self) -> Prepared:
        """The organisation as it is, for copies."""
        return Prepared(copy_of(self.org.live), dict(self.org.secrets), self.org.sequence.count)

    def respond(self, request: Request) -> Outcome:
        before, self.org.written = self.org.changes, []
        if any(rule.kind == "stale" for rule in self.fault_rules):
            self.org.seen()  # a read of the past asks no cache: the lot of this one is not the next one's
        outcome = super().respond(request)
        if self.org.changes != before:
            self.on_commit(request, [*self.org.written])
        return outcome

    def edit(self, method: str, path: str, body: Any = None, user: str = "") -> tuple[int, Any]:
        before, self.org.written = self.org.changes, []
        answer = super().edit(method, path, body, user)
        if self.org.changes != before:
            self.on_commit(None, [*self.org.written])
        return answer


DOMAINS = frozenset({"authorization", "directory", "oauth", "routing", "wfm"})
"""Of the permissions that manifests of scenarios name, and of those that our own client has."""


@cache
def _catalogue() -> list[Row]:
    return [domain for domain in catalogue() if domain["domain"] in DOMAINS]


def _few_permissions(call: Call) -> Row:
    return page(call, _catalogue(), lambda row: row)


def settings(hazy: bool, switches: Mapping[str, str]) -> Settings:
    """Without a rate limit of its own: what the pace does to it is measured elsewhere."""
    if not hazy:
        return Settings(rate_limit="0", start=START, switches=switches)
    return Settings(rate_limit="0", start=START, lag=LAG, switches={**switches, "caches": "disagree"})


LAG = 8.0
"""Seconds until every cache has learnt of a change; what we wait for before widening is longer."""
