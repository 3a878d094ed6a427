"""A small organisation of everything, and a simulator of it that watches what requests do."""

from __future__ import annotations

from reconciler.simulator import Settings, Simulator
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import VirtualTime

SEED = """
organisation: {id: 11111111-1111-1111-1111-111111111111, name: Own}
limits: {divisions: 6, grantsPerSubject: 5}
divisions: [{name: Home, home: true}, {name: North}, {name: South}, {name: Gone, deleted: true}]
roles:
  - name: Operator
    permissions: ["authorization:*:*", "oauth:*:*", "routing:*:*", "directory:*:*"]
  - {name: Reader, permissions: ["routing:queue:view"]}
  - {name: Writer, default: true, permissions: ["routing:queue:edit", "authorization:*:*", "oauth:client:*"]}
  - {name: South, default: true, missing: true, permissions: ["routing:queue:search"]}
users:
  - {name: Ada, email: ada@own.example, division: North, grants: [{role: Reader, divisions: [North]}]}
  - {name: Eve, email: eve@own.example, division: North}
  - {name: Eva, email: eva@own.example, division: North, state: deleted}
groups:
  - {name: Team, members: [ada@own.example], grants: [{role: Writer, divisions: ["*"]}]}
  - {name: Quiet, visibility: owners, rolesEnabled: false}
queues: [{name: Q, division: North}, {name: R, division: North}]
clients:
  - {name: operator, operator: true, grants: [{role: Operator, divisions: ["*"]}]}
  - {name: tenant, id: tenant, secret: told, grants: [{role: Writer, divisions: [South]}]}
  - {name: old, id: old, secret: older, state: inactive, grants: [{role: Reader, divisions: [North]}]}
trustees: [{name: Partner, type: group, grants: [{role: Reader, divisions: [North]}]}]
"""


class Watched(Simulator):
    """A simulator in which a read or a refused request that changes something is found out at once."""

    def __init__(self, lag: float, switches: dict[str, str], time: VirtualTime) -> None:
        behaviour = Settings(rate_limit="0", lag=lag, switches=switches)
        super().__init__(parse_seed(SEED), behaviour, clock=time, sleep=time.sleep)
        self.done: list[tuple[Request, bytes]] = []

    def respond(self, request: Request) -> Outcome:
        before = self.snapshot()
        outcome = super().respond(request)
        if request.method == "GET" or not 200 <= outcome.answer.status < 300:
            assert self.snapshot() == before, (request, outcome.answer.status, outcome.answer.body)
        else:
            self.done.append((request, outcome.answer.body))
        return outcome
