"""Faults on demand: rules that match requests and what happens to those.

A rule is data: `{"kind": KIND, "method": "*", "path": "/api/v2/oauth/*", "nth": 1, "times": 1, …}`. `path` is
a glob on the path without its query, `nth` the first matching request it strikes (counted from 1 since the
rule was set), `times` how many in a row (null: for ever). Kinds, and what else their rule may say:

    refuse          the connection is closed, nothing was done
    timeout-before  nothing is done, no answer comes for `seconds` (60), then the connection closes
    timeout-after   the request is carried out, its answer is lost in the same way
    truncate        the answer ends half-way
    garble          the answer is not JSON
    html            a proxy answers a web page with `status` (502) and nothing is done
    status          the answer is `status` (503) with `code`, and Retry-After when `retryAfter` is given
    stale           the request reads the organisation as it was `seconds` (60) ago
    page-shift      `count` (1) entities have vanished from the head of the list
    edit            somebody applies `edits` [{method, path, body, user}] just before; a fault may follow
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from reconciler.simulator.errors import ApiError
from reconciler.simulator.exchange import Answer, Exchange, Request, json_bytes


class Lost(NamedTuple):
    """No answer: the connection closes after `seconds`."""

    seconds: float


class Outcome(NamedTuple):
    """What a fault makes of a request: the answer to log, and if the client gets it whole, cut or not."""

    answer: Answer
    lost: Lost | None = None
    cut: bool = False


Edit = Callable[[dict[str, Any]], Any]
"""The administrator's hand: applies one edit."""


@dataclass(slots=True)
class Rule:
    """One fault rule and how many requests matched it."""

    kind: str
    method: str = "*"
    path: str = "*"
    nth: int = 1
    times: int | None = 1
    seconds: float = 60.0
    status: int | None = None
    code: str = "internal.server.error"
    retryAfter: int | None = None  # noqa: N815 -- the field of the rule as it is written
    count: int = 1
    edits: list[dict[str, Any]] = field(default_factory=list)
    matched: int = 0

    def strikes(self, request: Request) -> bool:
        """Count the request if it matches; whether its turn has come."""
        if self.method not in ("*", request.method) or not fnmatchcase(request.path, self.path):
            return False
        self.matched += 1
        return self.matched >= self.nth and (self.times is None or self.matched < self.nth + self.times)


def _refuse(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    return Outcome(Answer(0), Lost(0))


def _timeout_before(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    return Outcome(Answer(0), Lost(rule.seconds))


def _timeout_after(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    return Outcome(exchange.answer(request), Lost(rule.seconds))


def _truncate(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    return Outcome(exchange.answer(request), cut=True)


def _garble(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    answer = exchange.answer(request)
    answer.body = b"\xff{" + answer.body[::-1]
    return Outcome(answer)


def _html(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    page = b"<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Bad gateway</h1></body></html>"
    return Outcome(Answer(rule.status or 502, page, media_type="text/html; charset=utf-8"))


def _status(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    error = ApiError(rule.status or 503, rule.code, "the simulator was told to answer this")
    headers = {} if rule.retryAfter is None else {"Retry-After": str(rule.retryAfter)}
    return Outcome(Answer(error.status, json_bytes(error.body("fault")), headers))


def _stale(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    org = exchange.org
    return Outcome(exchange.answer(request, seen=org.history.as_of(org.clock.now() - rule.seconds)))


def _page_shift(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    return Outcome(exchange.answer(request, shift=rule.count))


def _edited(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    return Outcome(exchange.answer(request))


KINDS: dict[str, Callable[[Rule, Exchange, Request], Outcome]] = {
    "refuse": _refuse,
    "timeout-before": _timeout_before,
    "timeout-after": _timeout_after,
    "truncate": _truncate,
    "garble": _garble,
    "html": _html,
    "status": _status,
    "stale": _stale,
    "page-shift": _page_shift,
    "edit": _edited,
}


def parse_rules(rules: list[dict[str, Any]]) -> list[Rule]:
    """Rules from their data. Raises ValueError that names the kinds or fields there are."""
    known = set(Rule.__dataclass_fields__) - {"matched"}
    for each in rules:
        if each.get("kind") not in KINDS:
            raise ValueError(f"unknown fault {each.get('kind')!r}; kinds are: {', '.join(KINDS)}")
        if not set(each) <= known:
            raise ValueError(
                f"unknown field {sorted(set(each) - known)[0]!r}; fields are: {', '.join(sorted(known))}"
            )
    return [Rule(**each) for each in rules]


class Faults:
    """The rules in force; of those that strike, edits are applied and the first other one decides."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._rules: list[Rule] = []

    def set(self, rules: list[dict[str, Any]]) -> None:
        """Replace all rules; an empty list ends them. Raises ValueError."""
        self._rules = parse_rules(rules)

    def answer(self, exchange: Exchange, request: Request) -> Outcome:
        """Answer a request, faulty if a rule strikes."""
        struck = [rule for rule in self._rules if rule.strikes(request)]
        if not struck:
            return Outcome(exchange.answer(request))
        for edit in (edit for rule in struck for edit in rule.edits):
            self._edit(edit)
        rule = next((rule for rule in struck if rule.kind != "edit"), struck[0])
        return KINDS[rule.kind](rule, exchange, request)
