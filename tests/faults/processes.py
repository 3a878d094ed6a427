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
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from reconciler.model.address import Address
from reconciler.model.history import Step
from reconciler.simulator import Settings, serve
from reconciler.simulator.exchange import Answer, Request
from reconciler.simulator.faults import Lost, Outcome
from reconciler.simulator.org import Written
from tests.faults.case import Case, Violation
from tests.faults.disk import STEPS, steps_of
from tests.faults.monitors.births import has_its_secret
from tests.faults.organisation import Replica
from tests.faults.versions import Versions
from tests.faults.watch import Known, Watch, access_by_name, marker_of

REPO = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "reconciler", "apply", "--auto-approve")
MOST_RUNS = 4
MOST_SECONDS = 120.0


class Point(NamedTuple):
    """Where a process is killed: at the `at`-th request, before it is carried out or right after."""

    at: int
    committed: bool


def points(number: int) -> list[Point]:
    """So many of them, spread over a first apply of the manifests of the demo (52 requests)."""
    return [Point(2 + (each * 49) // max(number - 1, 1), bool(each % 2)) for each in range(number)]


class Everywhere:
    """Contains every place: which were proven writable is not seen from outside."""

    def __contains__(self, place: object) -> bool:
        return True


@dataclass
class RealDisk:
    """Sink and journal as files on the machine's own disk."""

    place: Path
    reserved: Everywhere = field(default_factory=Everywhere)

    @property
    def credentials(self) -> dict[str, dict[str, str]]:
        """What lies in the sink, by path."""
        files = [
            each for each in (self.place / "secrets").rglob("*.json") if not each.name.startswith(".new.")
        ]
        return {str(each): self._credential(each) for each in files}

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
    """One organisation, its processes and what the monitors see; the part of a `Place` that they ask for."""

    def __init__(self, point: Point, place: Path) -> None:
        self.point, self.place, self.generation, self.lacking = point, place, 0, ""
        self.case = Case("real processes")
        self.scenario = SimpleNamespace(adopts=frozenset(), after=SimpleNamespace(org=_Org()))
        self.sim = Replica(None, Settings(rate_limit="6000/60"), time.monotonic)
        self.disk = RealDisk(place)
        versions = Versions(self.sim.org.live, self.time)
        self.watch = Watch(versions, Known(access_by_name(versions, self.time), {}, {}, {}, frozenset()))
        self.sim.on_commit = self._committed
        self._process: asyncio.subprocess.Process | None = None
        self._left = 0

    @property
    def time(self) -> float:
        """Seconds on the machine's clock."""
        return time.monotonic()

    def _committed(self, request: Request | None, written: list[Written]) -> None:
        self.watch.committed(self, request, written)  # type: ignore[arg-type]  # as much of a Place as is asked for

    async def run(self, *, killed: bool) -> int:
        """One apply; its exit code, -9 when it was killed."""
        self.generation += 1
        self.watch.begin(self)  # type: ignore[arg-type]  # as much of a Place as is asked for
        self._left = self.point.at if killed else 0
        self.sim.respond = self._respond  # type: ignore[method-assign]
        self._process = await asyncio.create_subprocess_exec(
            *COMMAND, cwd=self.place, env=self._environment(), stdout=-3, stderr=-3
        )
        return await asyncio.wait_for(self._process.wait(), MOST_SECONDS)

    def _respond(self, request: Request) -> Outcome:
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
        """Every client of ours works with what its sink holds, one for each address."""
        seen: set[Address] = set()
        for key, row in self.sim.org.live.clients.rows.items():
            marker = marker_of(row)
            if marker is None or row["state"] == "deleted":
                continue
            if marker.address in seen:
                yield Violation("I5 no twin stays", f"two clients are {marker.address}")
            seen.add(marker.address)
            delivered = has_its_secret(self.watch, self, key, marker.address)  # type: ignore[arg-type]  # as above
            if row["authorizedGrantType"] == "CLIENT-CREDENTIALS" and not delivered:
                yield Violation("I12 secret in its sink", f"{marker.address} has none")


class _Org:
    """What monitors ask of the Org document."""

    new_clients = "inactive-grantless"


async def strike(point: Point) -> list[Violation]:
    """Kill one apply there, run on until all is at rest, and judge it."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        shutil.copytree(REPO / "manifests", place / "manifests")
        theatre = Field(point, place)
        theatre.watch.known = None  # what these manifests may widen is judged in virtual time
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


def kill(number: int) -> int:
    """Strike so many points, print what came of them; how many were violated."""
    began = time.monotonic()
    found = asyncio.run(strike_all(points(number)))
    bad = {point: violations for point, violations in found.items() if violations}
    for point, violations in bad.items():
        print(f"VIOLATION at {point}: {violations[0]}")
    print(f"kill -9: {len(found)} points, {len(bad)} violated; {time.monotonic() - began:.0f} s", flush=True)
    return len(bad)


__all__ = ["Field", "Point", "kill", "points", "strike"]
