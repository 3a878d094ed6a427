"""What faults could do at the requests of a way: no page shifts where no list is read, no write is stale."""

from __future__ import annotations

from collections import defaultdict

import orjson

from reconciler.simulator.errors import ApiError
from reconciler.simulator.exchange import Answer, Request
from reconciler.simulator.world import World
from tests.faults import kinds
from tests.faults.administrator import finds_something
from tests.faults.organisation import Replica
from tests.faults.wire import counted_list


class Survey:
    """Looks at each request of a way without faults; `idle` are the kinds that could do nothing there."""

    def __init__(self, sim: Replica) -> None:
        self._sim = sim
        self.idle: dict[int, set[str]] = defaultdict(set)

    def leaves(self, at: int) -> None:
        """The `at`-th request leaves."""
        if not finds_something(self._sim):
            self.idle[at].add("administrator")

    def answered(self, at: int, request: Request, answer: Answer) -> None:
        """It was carried out, and answered so."""
        if not answer.body:
            self.idle[at].add("truncate")
        if counted_list(answer) is None:
            self.idle[at].add("page-shift")
        if request.method != "GET" or not self._was_otherwise(request, answer):
            self.idle[at].add("stale")

    def _was_otherwise(self, request: Request, answer: Answer) -> bool:
        """Whether a stale read would be answered otherwise. Asking leaves no trace."""
        org = self._sim.org
        lots = org._lots
        try:
            past = org.history.as_of(org.clock.now() - kinds.STALE_SECONDS)
            return self._as_seen(request, past) != answer.body
        except ApiError:
            return True
        finally:
            org._lots = lots

    def _as_seen(self, request: Request, world: World) -> bytes:
        exchange = self._sim.exchange
        caller = exchange._tokens.caller(request.headers.get("authorization", ""))
        return orjson.dumps(exchange.perform("GET", request.path, request.query, None, caller, world)[1])
