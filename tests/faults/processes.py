"""Real processes over loopback: `apply` killed when the organisation gets, or has carried out, a request.

The organisation lives in this process and in real time; each point has its own, and all run side by side.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from reconciler.cli.manifests import Judged
from reconciler.model.address import Address
from reconciler.model.history import Step
from reconciler.simulator import Settings, default_seed, serve
from reconciler.simulator.exchange import Answer, Request
from reconciler.simulator.faults import Lost, Outcome
from reconciler.simulator.org import Written
from tests.faults.case import Case, Fault, Violation
from tests.faults.disk import STEPS, steps_of
from tests.faults.edits import Told
from tests.faults.leaks import leaked, listen
from tests.faults.monitors.births import has_its_secret
from tests.faults.organisation import Replica
from tests.faults.rehearsal import known_of
from tests.faults.rest import lent
from tests.faults.scenario import Scenario
from tests.faults.versions import Versions
from tests.faults.watch import Known, Watch, access_by_name, marker_of

REPO = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "reconciler", "-vv", "apply", "--auto-approve")
MOST_RUNS = 4
MOST_SECONDS = 120.0
_TICK = 0.05
"""Seconds by which a file's time may be behind the clock's."""


class Point(NamedTuple):
    """Where a process is killed: at the `at`-th request, before it is carried out or right after."""

    at: int
    committed: bool

    def __str__(self) -> str:
        """The line to replay it by."""
        return json.dumps(self._asdict())

    @classmethod
    def parse(cls, line: str) -> Point:
        """A point from its line."""
        return cls(**json.loads(line))


def points(number: int) -> list[Point]:
    """So many of them, spread over a first apply of the manifests of the demo (52 requests)."""
    return [Point(2 + (each * 49) // max(number - 1, 1), bool(each % 2)) for each in range(number)]


class Proven:
    """Contains the places whose directory somebody wrote in since a run began, as a proof of them does."""

    def __init__(self, secrets: Path) -> None:
        self._secrets, self._since = secrets, 0.0

    def clear(self) -> None:
        """A run begins: what earlier ones proved does not count."""
        self._since = time.time() - _TICK

    def __contains__(self, place: object) -> bool:
        where = (self._secrets / str(place)).parent
        return where.is_dir() and where.stat().st_mtime >= self._since


@dataclass
class RealDisk:
    """Sink and journal as files on the machine's own disk."""

    place: Path

    def __post_init__(self) -> None:
        self.reserved = Proven(self.place / "secrets")

    @property
    def credentials(self) -> dict[str, dict[str, str]]:
        """What lies in the sink, by path."""
        files = [
            each for each in (self.place / "secrets").rglob("*.json") if not each.name.startswith(".new.")
        ]
        return {str(each): self._credential(each) for each in files}

    def age(self, client: str, now: float) -> float:
        """Seconds since the file of that client was written; none where there is none."""
        written = [
            Path(name).stat().st_mtime for name, held in self.credentials.items() if held["id"] == client
        ]
        return time.time() - max(written, default=time.time())

    @staticmethod
    def _credential(path: Path) -> dict[str, str]:
        told = json.loads(path.read_text("utf-8"))
        return {"id": told["clientId"], "secret": told["clientSecret"], "address": told["address"]}

    @property
    def steps(self) -> dict[str, Step]:
        """What the journal holds."""
        file = self.place / "history.sqlite"
        if not file.exists():
            return {}
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return steps_of(connection.execute(STEPS))


class Field:
    """One organisation, its processes and what the monitors see: a `Stage`.

    Nobody listens to what its processes tell of their plans, and no fault but death strikes them.
    """

    told: tuple[Told, ...] = ()
    struck: tuple[Fault, ...] = ()

    def __init__(self, point: Point, place: Path, scenario: Scenario, known: Known) -> None:
        self.point, self.place, self.generation, self.lacking = point, place, 0, ""
        self.case, self.scenario = Case(scenario.name), scenario
        self.sim = Replica(None, Settings(rate_limit="6000/60"), time.monotonic)
        self.disk = RealDisk(place)
        versions = Versions(self.sim.org.live, self.time)
        self.watch, self._known = Watch(versions, known), known
        self.sim.on_commit = self._committed
        self.secrets = listen(self.sim, ["operator-secret"])
        self._process: asyncio.subprocess.Process | None = None
        self._left = 0

    @property
    def time(self) -> float:
        """Seconds on the machine's clock."""
        return time.monotonic()

    def _committed(self, request: Request | None, written: list[Written]) -> None:
        self.watch.committed(self, request, written)

    async def run(self, *, killed: bool) -> int:
        """One apply; its exit code, -9 when it was killed."""
        self.generation += 1
        self.disk.reserved.clear()
        self.watch.begin(self)
        self._left = self.point.at if killed else 0
        self.sim.respond = self._respond  # type: ignore[method-assign]
        with (self.place / "said").open("ab") as said:
            self._process = await asyncio.create_subprocess_exec(
                *COMMAND, cwd=self.place, env=self._environment(), stdout=said, stderr=said
            )
        return await asyncio.wait_for(self._process.wait(), MOST_SECONDS)

    def _respond(self, request: Request) -> Outcome:
        """A mistake of the harness would be answered 500, which runs outlive, and nobody would hear of it."""
        try:
            return self._answer(request)
        except Exception as error:
            self.watch.violations.append(Violation("harness", f"{type(error).__name__}: {error}"))
            raise

    def _answer(self, request: Request) -> Outcome:
        self._left -= 1
        if self._left == 0 and self._process is not None:
            if self.point.committed:
                Replica.respond(self.sim, request)
            self._process.kill()
            return Outcome(Answer(0), Lost(0.0))
        return Replica.respond(self.sim, request)

    def _environment(self) -> dict[str, str]:
        left = {name: value for name, value in os.environ.items() if name != "CI"}
        return left | {
            "PYTHONPATH": str(REPO),
            "RECONCILER_ENDPOINT": self.url,
            "RECONCILER_SECRETS": str(self.place / "secrets"),
            "RECONCILER_STATE": str(self.place / "history.sqlite"),
            "GENESYSCLOUD_OAUTHCLIENT_ID": "operator",
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": "operator-secret",
        }

    url = ""

    def at_the_end(self) -> Iterator[Violation]:
        """Each client of ours works with what its sink holds, one for each address, and no secret is told."""
        yield from leaked(self.place, self.secrets)
        seen: set[Address] = set()
        for key, row in self.sim.org.live.clients.rows.items():
            marker = marker_of(row)
            if marker is None or row["state"] == "deleted":
                continue
            if marker.address in seen:
                yield Violation("I5 no twin stays", f"two clients are {marker.address}")
            seen.add(marker.address)
            delivered = has_its_secret(self.watch, self, key, marker.address)
            if row["authorizedGrantType"] == "CLIENT-CREDENTIALS" and not delivered:
                yield Violation("I12 secret in its sink", f"{marker.address} has none")
        yield from self._reached()

    def _reached(self) -> Iterator[Violation]:
        found, wanted = access_by_name(self.watch.versions, self.time), self._known.after
        for name in sorted(found.keys() | wanted.keys()):
            if found.get(name) != wanted.get(name):
                yield Violation("E end state", f"{name} reaches {sorted(found.get(name, ()))[:3]}")
        if held := lent(self.sim.org.live):
            yield Violation("E borrowed returned", f"still borrowed: {sorted(held)}")


@cache
def demo() -> tuple[Scenario, Known]:
    """The manifests of the demo, applied to the organisation of the simulator's own seed."""
    manifests = Judged(REPO / "manifests").manifests()
    scenario = Scenario("real processes", manifests, seed=default_seed(), licensed=True)
    return scenario, known_of(scenario)


async def strike(point: Point) -> list[Violation]:
    """Kill one apply there, run on until all is at rest, and judge it."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        shutil.copytree(REPO / "manifests", place / "manifests")
        theatre = Field(point, place, *demo())
        async with serve(theatre.sim) as url:
            theatre.url = url
            codes = [await theatre.run(killed=True)]
            while codes[-1] != 0 and len(codes) <= MOST_RUNS:
                codes.append(await theatre.run(killed=False))
            before = len(theatre.sim.writes())
            codes.append(await theatre.run(killed=False))
            found = [*theatre.watch.violations, *theatre.at_the_end()]
        if codes[0] != -signal.SIGKILL:
            found.append(Violation("harness", f"it was not killed: exit codes {codes}"))
        if codes[-1] != 0 or len(theatre.sim.writes()) != before:
            found.append(Violation("I1 comes to rest", f"exit codes {codes}"))
        return found


async def strike_all(chosen: list[Point], together: int = 5) -> dict[Point, list[Violation]]:
    """All of them, so many at a time."""
    turn = asyncio.Semaphore(together)

    async def one(point: Point) -> tuple[Point, list[Violation]]:
        async with turn:
            return point, await strike(point)

    return dict(await asyncio.gather(*map(one, chosen)))


def kill(chosen: list[Point]) -> int:
    """Strike these points, print what came of them; how many were violated."""
    began = time.monotonic()
    demo()  # in a loop of its own, so before there is another one
    found = asyncio.run(strike_all(chosen))
    bad = {point: violations for point, violations in found.items() if violations}
    for point, violations in bad.items():
        print(f"VIOLATION {violations[0].monitor}: {violations[0].words}\n  replay: {point}")
    print(f"kill -9: {len(found)} points, {len(bad)} violated; {time.monotonic() - began:.0f} s", flush=True)
    return len(bad)


__all__ = ["Field", "Point", "kill", "points", "strike"]
