"""Ctrl-C in a real process: what is in flight ends, no secret is lost, the next run goes on."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.simulator import Settings, Simulator, serve
from reconciler.simulator.exchange import Request
from reconciler.simulator.faults import Outcome
from tests.journeys.test_meridian import meridian_seed
from tests.journeys.world import MERIDIAN

COMMAND = [sys.executable, "-m", "reconciler", "apply", "--auto-approve"]


class Organisation:
    """A served simulator, and applies in processes of their own."""

    def __init__(self, place: Path, url: str, simulator: Simulator, store: str) -> None:
        self.place, self.url, self.simulator = place, url, simulator
        self.state = "off" if store == "off" else str(place / "history.sqlite")

    async def apply(self, interrupt_after: int = 0, again: bool = False) -> tuple[int, str]:
        """Apply in a process of its own; exit code and everything it said.

        `again`: as soon as it says that it ends what is in flight, it is not left the time to.
        """
        process = await asyncio.create_subprocess_exec(
            *COMMAND, cwd=self.place, env=self._environment(), stdout=-1, stderr=-2
        )
        assert process.stdout is not None
        if interrupt_after:
            self._watch(process, interrupt_after)
        said = ""
        async with asyncio.timeout(90):
            while line := await process.stdout.readline():
                said += line.decode()
                if again and "interrupted: finishing" in line.decode():
                    process.send_signal(signal.SIGINT)
            return await process.wait(), said

    def _watch(self, process: asyncio.subprocess.Process, number: int) -> None:
        """Ctrl-C as soon as the client of that number is born, while its secret is on the way."""
        respond, seen = self.simulator.respond, 0

        def watching(request: Request) -> Outcome:
            nonlocal seen
            outcome = respond(request)
            seen += request.method == "POST" and request.path == "/api/v2/oauth/clients"
            if seen == number:
                seen += 1
                process.send_signal(signal.SIGINT)
            return outcome

        self.simulator.respond = watching  # type: ignore[method-assign]

    def _environment(self) -> dict[str, str]:
        left = {name: value for name, value in os.environ.items() if name != "CI"}
        return left | {
            "RECONCILER_ENDPOINT": self.url,
            "RECONCILER_SECRETS": str(self.place / "secrets"),
            "RECONCILER_STATE": self.state,
            "GENESYSCLOUD_OAUTHCLIENT_ID": "operator",
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": "operator-secret",
        }

    def newest(self) -> dict[str, Any]:
        """The newest run on record, as the command tells it."""
        command = [sys.executable, "-m", "reconciler", "history", "-o", "json"]
        out = subprocess.run(command, cwd=self.place, env=self._environment(), check=True, stdout=-1).stdout
        return dict(json.loads(out)["runs"][0])

    def lost(self) -> list[str]:
        """Clients that somebody could use and whose secret nobody has."""
        paths = [path for path in (self.place / "secrets").rglob("*") if path.is_file()]
        files = [json.loads(path.read_text("utf-8")) for path in paths]
        known = {file["clientId"]: file["clientSecret"] for file in files}
        secrets = self.simulator.org.secrets
        return [
            row["name"]
            for row in self.simulator.snapshot()["clients"]
            if "[reconciler:" in row["description"]
            and row["authorizedGrantType"] == "CLIENT-CREDENTIALS"
            and "#" not in row["description"].rpartition("@")[2]
            and known.get(row["id"]) != secrets[row["id"]]
        ]


def _place(tmp_path: Path) -> Path:
    shutil.copytree(MERIDIAN, tmp_path / "manifests")
    org = tmp_path / "manifests" / "org.yaml"
    text = org.read_text("utf-8").replace("vault: {type: vault, mount: kv, ", "vault: {type: file, ")
    org.write_text(text, "utf-8")
    return tmp_path


@pytest.mark.full
@pytest.mark.timeout(150)  # in real time, and the second run waits until the first one's writes have settled
@pytest.mark.parametrize(
    ("after", "store"),
    [(4, "kept"), (1, "kept"), (4, "off")],
)
async def test_an_interrupted_apply_loses_nothing_and_the_next_run_completes_it(
    tmp_path: Path, after: int, store: str
) -> None:
    simulator = Simulator(meridian_seed(), Settings(rate_limit="6000/60"))
    async with serve(simulator) as url:
        organisation = Organisation(_place(tmp_path), url, simulator, store)
        code, said = await organisation.apply(interrupt_after=after)
        assert code == 130, said
        assert "interrupted: finishing what is in flight" in said and "Traceback" not in said
        assert "Stopped by you" in said
        assert organisation.state == "off" or organisation.newest()["exitCode"] == 130
        assert organisation.lost() == []
        del simulator.respond
        code, said = await organisation.apply()
        assert code == 0, said
        assert organisation.lost() == []
        names = [row["name"] for row in simulator.snapshot()["clients"]]
        assert len(names) == len(set(names)) == 43


@pytest.mark.full
@pytest.mark.timeout(150)
async def test_who_cannot_wait_for_what_is_in_flight_loses_nothing_either(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).resolve().parents[2] / "manifests", tmp_path / "manifests")
    simulator = Simulator(settings=Settings(rate_limit="6000/60", latency=0.3))
    async with serve(simulator) as url:
        organisation = Organisation(tmp_path, url, simulator, "kept")
        code, said = await organisation.apply(interrupt_after=2, again=True)
        assert code == 130 and "Traceback" not in said and "Stopped by you" not in said, said
        assert organisation.newest()["exitCode"] == 130 and organisation.lost() == []
        half = [
            row for row in simulator.snapshot()["clients"] if "#" in row["description"].rpartition("@")[2]
        ]
        assert half and all(row["state"] == "inactive" and not row["roleDivisions"] for row in half)
        del simulator.respond
        simulator.settings = replace(simulator.settings, latency=0.0)
        code, said = await organisation.apply()
        assert code == 0 and organisation.lost() == [], said
        names = [row["name"] for row in simulator.snapshot()["clients"]]
        assert len(names) == len(set(names)) > len(half)
