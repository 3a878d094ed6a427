"""The simulator under load: pages cost what they show, not what there is, and no request stays for ever."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64encode

import pytest

from reconciler.simulator import Settings, Simulator
from reconciler.simulator.exchange import Request
from reconciler.simulator.seed import parse_seed
from tests.benchmarks.many import seed_text
from tests.benchmarks.worlds import ROOT

REQUESTS = 500_000
MOST_GROWTH, MOST_PAGES, MOST_PAGE = 1.15, 3.0, 60.0
"""Memory after all requests to that after half of them; a page among ten times as many objects to one among
few; a page of a hundred to a single object, in process."""

pytestmark = pytest.mark.bench


class Asker:
    """Asks a simulator in process as its reader."""

    def __init__(self, number: int) -> None:
        self.sim = Simulator(parse_seed(seed_text(number)), Settings(rate_limit="0"))
        basic = b64encode(b"reader:reader-secret").decode()
        asked = Request(
            "POST", "/oauth/token", "", {"authorization": f"Basic {basic}"}, b"grant_type=client_credentials"
        )
        self._token = json.loads(self.sim.respond(asked).answer.body)["access_token"]

    def cpu(self, path: str, query: str = "", times: int = 200) -> float:
        """Seconds of processor time for that many answers, the least of three rounds."""
        request = Request("GET", f"/api/v2/{path}", query, {"authorization": f"Bearer {self._token}"})
        assert self.sim.respond(request).answer.status == 200
        rounds = []
        for _ in range(3):
            started = time.process_time()
            for _ in range(times):
                self.sim.respond(request)
            rounds.append(time.process_time() - started)
        return min(rounds)


def test_a_page_costs_what_it_shows() -> None:
    few, many = Asker(200), Asker(2_000)
    print("\n\npage of 100, in process      among 200   among 2,000   ratio   to one object")
    for collection in ("authorization/divisions", "authorization/roles", "routing/queues", "users"):
        small, large = (each.cpu(collection, "pageSize=100&pageNumber=2") for each in (few, many))
        one = many.cpu("authorization/divisions/home")
        print(
            f"{collection:28}{small * 5:8.2f} ms{large * 5:11.2f} ms{large / small:8.2f}{large / one:16.1f}"
        )
        assert large / small <= MOST_PAGES
        assert large / one <= MOST_PAGE


def test_memory_is_bounded_over_half_a_million_requests() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.endless", str(REQUESTS)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    half, full = json.loads(done.stdout)
    print(f"\n\nafter {REQUESTS // 2:,} requests {half:.0f} MiB, after {REQUESTS:,} {full:.0f} MiB")
    assert full <= half * MOST_GROWTH
