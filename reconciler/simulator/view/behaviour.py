"""How it behaves: facts, clock and limits, the switches, the faults in force, and the last requests."""

import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, NamedTuple

from reconciler.simulator.fault_rules import Rule
from reconciler.simulator.hands import Hands, Logged
from reconciler.simulator.org import Organisation
from reconciler.simulator.settings import parse_rate
from reconciler.simulator.switches import SWITCHES
from reconciler.simulator.view.names import names

LAST_REQUESTS = 100
"""Requests a page shows; the log holds more."""
_SECRETIVE = re.compile(r"[\w-]{43,}")
"""Secrets and tokens handed out here are this long, and ids are not."""
_TOLD = frozenset({"kind", "method", "path", "nth", "times", "matched", "edits"})


class Setting(NamedTuple):
    """A switch as it stands, and what it leaves open."""

    name: str
    value: str
    default: str
    question: str

    @property
    def changed(self) -> bool:
        """Whether it stands elsewhere than its default."""
        return self.value != self.default


class Fault(NamedTuple):
    """A fault in force: what it strikes, whose turn it is, and what else its rule says."""

    kind: str
    strikes: str
    turns: str
    matched: int
    more: dict[str, Any]


class Asked(NamedTuple):
    """A request that came in; status 0 is one that was not answered."""

    at: str
    method: str
    path: str
    status: int
    who: str


def facts(org: Organisation) -> dict[str, Any]:
    """The organisation itself, in the words of its own answer."""
    told = org.fact("organization")
    first = ("id", "domain", "state")
    others = (name for name in told if name not in (*first, "name", "selfUri", "version"))
    return {name: told[name] for name in (*first, *others) if name in told}


def behaviour(simulator: Hands) -> dict[str, str]:
    """Clock, lag, rate limit and latency, in words."""
    org, settings, clock = simulator.org, simulator.settings, simulator.clock
    late = len(org.history.late(clock.now()))
    moved = f", moved forward by {clock.advanced:g} s" if clock.advanced else ""
    requests, seconds = parse_rate(settings.rate_limit)
    window = org.switches["rate-window"]
    return {
        "clock": f"{clock.stamp()} ({clock.now():.0f} s since the start{moved})",
        "lag": f"{settings.lag:g} s; {late} changes not seen by every reader yet",
        "rate limit": f"{requests} requests in {seconds:g} s per client, {window}" if requests else "none",
        "latency": f"{settings.latency:g} s",
    }


def limits(org: Organisation) -> dict[str, Any]:
    """Limits and role settings, as they are named in answers."""
    told = org.fact("limits") | org.fact("settings")
    return {name: value for name, value in told.items() if name not in ("name", "id")}


def switches(org: Organisation) -> list[Setting]:
    """Every switch, those that were changed first."""
    found = [
        Setting(name, org.switches[name], switch.default, switch.question)
        for name, switch in SWITCHES.items()
    ]
    return sorted(found, key=lambda each: (not each.changed, each.name))


def faults(rules: Iterable[Rule]) -> list[Fault]:
    """The fault rules in force."""
    return [_fault(rule) for rule in rules]


def _fault(rule: Rule) -> Fault:
    last = "for ever" if rule.times is None else f"to {rule.nth + rule.times - 1}"
    more = {
        each.name: getattr(rule, each.name)
        for each in fields(rule)
        if each.name not in _TOLD and getattr(rule, each.name) != each.default
    }
    edits = {"edits": len(rule.edits)} if rule.edits else {}
    return Fault(
        rule.kind, f"{rule.method} {rule.path}", f"match {rule.nth} {last}", rule.matched, more | edits
    )


def requests(simulator: Hands) -> list[Asked]:
    """The last of them, the latest first."""
    last = simulator.requests[: -LAST_REQUESTS - 1 : -1]
    known = sorted(filter(None, simulator.org.secrets.values()), key=len, reverse=True)
    secretive = re.compile("|".join([*map(re.escape, known), _SECRETIVE.pattern]))
    return [_asked(simulator, each, secretive) for each in last]


def _asked(simulator: Hands, each: Logged, secretive: re.Pattern[str]) -> Asked:
    """What somebody wrote into a path by mistake is struck out, as is whoever nobody knows."""
    rows = simulator.org.live.clients.rows
    who = names(rows, [each.client_id])[0] if each.client_id in rows else ""
    at = simulator.clock.stamp(each.at - simulator.clock.now())
    return Asked(at, each.method, secretive.sub("[struck out]", each.path), each.status, who)
