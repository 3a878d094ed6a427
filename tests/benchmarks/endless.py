"""Endless requests: `python -m tests.benchmarks.endless N` prints the memory (MiB) half-way and at the end.

Clients come and go, secrets are renewed, things are renamed, queries started, tokens asked for: everything
that a simulator remembers. What stays in the organisation itself does not count.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

from reconciler.simulator import Settings, Simulator, find_seed
from reconciler.simulator.exchange import Request

CLIENT = {"authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": []}
DAYS = "2026-01-01T00:00:00Z/2026-01-05T00:00:00Z"


class Visitor:
    """Asks an organisation in process; each request takes a fifth of a second of its clock."""

    def __init__(self) -> None:
        self.asked, self._now = 0, 0.0
        self._sim = Simulator(find_seed("northwind"), Settings(rate_limit="300/60"), clock=lambda: self._now)
        self._mine = self.token("operator", "operator-secret")

    def token(self, client: str, secret: str) -> str:
        """A token of that client."""
        basic = b64encode(f"{client}:{secret}".encode()).decode()
        body = b"grant_type=client_credentials"
        said = self._send(Request("POST", "/oauth/token", "", {"authorization": f"Basic {basic}"}, body))
        text: str = said["access_token"]
        return text

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """The JSON of an answer, which must be a good one."""
        headers = {"authorization": f"Bearer {token or self._mine}"}
        content = b"" if body is None else json.dumps(body).encode()
        return self._send(Request(method, f"/api/v2/{path}", "", headers, content))

    def _send(self, request: Request) -> Any:
        self.asked, self._now = self.asked + 1, self._now + 0.2
        answer = self._sim.respond(request).answer
        assert answer.status < 300, (request.method, request.path, answer)
        return json.loads(answer.body) if answer.body else None

    def round(self, division: str, number: int) -> None:
        """What a day brings."""
        self._mine = self.token("operator", "operator-secret")
        self.call("PUT", f"authorization/divisions/{division}", {"name": f"Renamed {number}"})
        client = self.call("POST", "oauth/clients", {"name": f"guest {number}", **CLIENT})
        guest = self.token(client["id"], client["secret"])
        self.call("GET", "users", token=guest)
        self.call("GET", f"authorization/divisions/{division}", token=guest)
        self.call("POST", f"oauth/clients/{client['id']}/usage/query", {"interval": DAYS})
        self.call("POST", f"oauth/clients/{client['id']}/secret")
        self.call("PUT", f"oauth/clients/{client['id']}", {"name": "going", "state": "inactive", **CLIENT})
        self.call("DELETE", f"oauth/clients/{client['id']}")
        self.call("GET", "authorization/roles")


def memory() -> float:
    """Resident memory of this process in MiB."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20


def main(requests: int) -> list[float]:
    """The memory after half of that many requests, and after all of them."""
    visitor, found, number = Visitor(), list[float](), 0
    division = visitor.call("POST", "authorization/divisions", {"name": "Renamed"})["id"]
    for goal in (requests // 2, requests):
        while visitor.asked < goal:
            number += 1
            visitor.round(division, number)
        found.append(memory())
    return found


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
