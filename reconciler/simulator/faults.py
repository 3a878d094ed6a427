"""Faults on demand: rules that match requests and what happens to those.

A rule is data: `{"kind": KIND, "method": "*", "path": "/api/v2/oauth/*", "nth": 1, "times": 1, …}`. `path` is
a glob on the path without its query, `nth` the first matching request it strikes (counted from 1 since the
rule was set), `times` how many in a row (null: for ever). Kinds, and what else their rule may say:

    refuse          the connection is closed, nothing was done
    timeout-before  nothing is done, no answer comes for `seconds` (60), then the connection closes
    timeout-after   the request is carried out, its answer is lost in the same way
    truncate        the answer ends half-way
    garble          the answer is not JSON, if there is any body to it
    drip            the body of the answer trickles in over `seconds` (60)
    html            a proxy answers a web page with `status` (502); nothing is done unless `committed` (false)
    status          the vendor refuses with `status` (503) and its code or `code`; `committed` as before;
                    `Retry-After` is what `retryAfter` says, seconds or any text, and else absent
    stale           the request reads the organisation as it was `seconds` (60) ago
    unsteady        each request reads one of two caches: the present, and what was `seconds` (60) ago; `seed`
                    (0) casts the lots
    page-shift      `count` (1) entities have vanished from the head of the list; below 0: were added there
    edit            somebody applies `edits` [{method, path, body, user}] just before; a fault may follow
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from reconciler.simulator.contract import find
from reconciler.simulator.exchange import Answer, Exchange, Request, json_bytes
from reconciler.simulator.fault_rules import Rule, parse_rules
from reconciler.simulator.identity import drawn
from reconciler.simulator.refusals import refusal
from reconciler.simulator.tokens import Refused


class Lost(NamedTuple):
    """No answer: the connection closes after `seconds`."""

    seconds: float


class Outcome(NamedTuple):
    """What a fault makes of a request: the answer to log, and how much of it the client gets, and how fast.

    `lost` is no answer at all, `cut` half of it, `drip` the seconds over which its body comes.
    """

    answer: Answer
    lost: Lost | None = None
    cut: bool = False
    drip: float = 0.0


Edit = Callable[[dict[str, Any]], Any]
"""The administrator's hand: applies one edit."""


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
    answer.body = b"\xff{" + answer.body[::-1] if answer.body else b""
    return Outcome(answer)


def _drip(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    return Outcome(exchange.answer(request), drip=rule.seconds)


def _html(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    page = b"<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Bad gateway</h1></body></html>"
    _commit(rule, exchange, request)
    return Outcome(Answer(rule.status or 502, page, media_type="text/html; charset=utf-8"))


def _status(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    _commit(rule, exchange, request)
    operation, limit = find(request.method, request.path)[0], exchange.org.fact("limits")["requestsPerMinute"]
    error = refusal(rule.status or 503, rule.code, rule.retryAfter, operation, limit)
    body = error.body("fault")
    if request.path == "/oauth/token" and error.status in (400, 401):
        body = Refused(error.status, rule.code or "invalid_client", "authentication failed").body
    return Outcome(Answer(error.status, json_bytes(body), error.headers))


def _commit(rule: Rule, exchange: Exchange, request: Request) -> None:
    """Carry the request out although its answer will be another."""
    if rule.committed:
        exchange.answer(request)


def _stale(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    org = exchange.org
    return Outcome(exchange.answer(request, seen=org.history.as_of(org.clock.now() - rule.seconds)))


def _unsteady(rule: Rule, exchange: Exchange, request: Request) -> Outcome:
    old = drawn(f"{rule.seed}/{rule.matched}", 2) == 1
    return _stale(rule, exchange, request) if old else Outcome(exchange.answer(request))


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
    "drip": _drip,
    "html": _html,
    "status": _status,
    "stale": _stale,
    "unsteady": _unsteady,
    "page-shift": _page_shift,
    "edit": _edited,
}


class Faults:
    """The rules in force; of those that strike, edits are applied and the first other one decides."""

    def __init__(self, edit: Edit, person: Callable[[str], Any]) -> None:
        """`person` finds who edits by e-mail, the first person if empty; ValueError if there is none."""
        self._edit, self._person = edit, person
        self.rules: list[Rule] = []

    def set(self, rules: list[dict[str, Any]]) -> None:
        """Replace all rules; an empty list ends them. Raises ValueError."""
        made = parse_rules(rules, KINDS)
        for edit in (edit for rule in made for edit in rule.edits):
            self._person(edit.get("user", ""))
        self.rules = made

    def answer(self, exchange: Exchange, request: Request) -> Outcome:
        """Answer a request, faulty if a rule strikes."""
        struck = [rule for rule in self.rules if rule.strikes(request)]
        if not struck:
            return Outcome(exchange.answer(request))
        for edit in (edit for rule in struck for edit in rule.edits):
            self._edit(edit)
        rule = next((rule for rule in struck if rule.kind != "edit"), struck[0])
        return KINDS[rule.kind](rule, exchange, request)
