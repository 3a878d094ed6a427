"""The README's tutorial and its first answer, done as a reader does them."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import click
import pytest

from reconciler.simulator import Settings, Simulator, serve
from tests.docs.reading import ROOT, blocks, commands, file_of, pages

README = ROOT / "README.md"
MISTAKE = "    - key: metrics\n"
GRANTS = "      grants: [{role: queues, divisions: own}]\n"


@pytest.fixture
def organisation() -> Iterator[tuple[Simulator, str]]:
    """The organisation of the tutorial's `simulate` line, served on loopback; only the port is another."""
    switches = {"operator-must-hold": "off", "editor-must-hold": "off"}
    simulator = Simulator(settings=Settings(rate_limit="6000/60", switches=switches))
    ready, done, where = Event(), Event(), []

    async def keep() -> None:
        async with serve(simulator) as url:
            where.append(url)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = Thread(target=asyncio.run, args=(keep(),))
    thread.start()
    assert ready.wait(20)
    yield simulator, where[0]
    done.set()
    thread.join(20)


class Reader:
    """Somebody in an empty directory with the tutorial open."""

    def __init__(self, place: Path, url: str) -> None:
        self.place = place
        mine = {name: value for name, value in os.environ.items() if name != "CI"}
        self.environment = mine | {
            "RECONCILER_ENDPOINT": url,
            "GENESYSCLOUD_OAUTHCLIENT_ID": "operator",
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": "operator-secret",
        }

    def types(self, line: str) -> subprocess.CompletedProcess[str]:
        assert line.startswith("reconciler "), line
        arguments = [sys.executable, "-m", "reconciler", *shlex.split(line)[1:]]
        return subprocess.run(
            arguments, cwd=self.place, env=self.environment, capture_output=True, text=True, check=False
        )

    def edits(self, path: str, old: str, new: str) -> None:
        file = self.place / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")


def _tutorial() -> tuple[dict[str, str], list[list[str]]]:
    found = blocks(README)
    files = dict(filter(None, map(file_of, found)))
    typed = [commands(block) for block in found if block.language == "console"]
    return files, typed


@pytest.mark.full
@pytest.mark.timeout(150)  # real processes, which wait for the organisation in real time
def test_the_tutorial_does_what_it_says(organisation: tuple[Simulator, str], tmp_path: Path) -> None:
    """Each step in order, each command as printed, with the outcome the text promises."""
    simulator, url = organisation
    reader = Reader(tmp_path, url)
    files, (_, first, mistaken, removing) = _tutorial()
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")

    results = [reader.types(line) for line in first]
    assert [result.returncode for result in results] == [0, 0, 0, 0], [r.stdout + r.stderr for r in results]
    assert "nothing to do" in results[3].stdout
    secret = json.loads((tmp_path / "secrets/acme/metrics.json").read_text(encoding="utf-8"))
    assert secret["address"] == "acme/client/metrics"

    reader.edits("manifests/acme.yaml", MISTAKE, f"{MISTAKE}      divisionIds: [ACME]\n")
    (told,) = [reader.types(line) for line in mistaken]
    assert told.returncode == 3
    assert "divisionIds" in told.stdout
    assert "grants" in told.stdout

    reader.edits("manifests/acme.yaml", "      divisionIds: [ACME]\n", "")
    reader.edits("manifests/acme.yaml", GRANTS, "")
    assert [reader.types(line).returncode for line in removing] == [0, 0]
    client = next(item for item in simulator.snapshot()["clients"] if item["name"] == "acme-metrics")
    assert client["roleDivisions"] == []


def test_the_tenant_of_the_tutorial_is_under_fifteen_lines() -> None:
    files, _ = _tutorial()

    assert len(files["manifests/acme.yaml"].splitlines()) < 15


def test_the_first_answer_confines_a_client(organisation: tuple[Simulator, str]) -> None:
    """The curl line, against the simulated organisation instead of the vendor's host."""
    simulator, url = organisation
    state = simulator.snapshot()
    division = state["divisions"][0]["id"]
    role = next(item for item in state["roles"] if not item.get("default"))["id"]
    status, client = simulator.edit(
        "POST", "/api/v2/oauth/clients", {"name": "acme-metrics", "authorizedGrantType": "CLIENT-CREDENTIALS"}
    )
    assert status == 200
    script = next(block.text for block in blocks(README) if "curl" in block.text)
    script = script.replace("https://api.mypurecloud.com", url)

    subprocess.run(
        ["bash", "-ec", script], check=True, env=_curl_environment(url, client["id"], role, division)
    )

    after = next(item for item in simulator.snapshot()["clients"] if item["id"] == client["id"])
    assert [{"roleId": role, "divisionId": division}] == after["roleDivisions"]


def _curl_environment(url: str, client: str, role: str, division: str) -> dict[str, str]:
    ask = [
        "curl",
        "-sf",
        "-u",
        "operator:operator-secret",
        "-d",
        "grant_type=client_credentials",
        f"{url}/oauth/token",
    ]
    token = json.loads(subprocess.run(ask, check=True, capture_output=True, text=True).stdout)["access_token"]
    return {**os.environ, "TOKEN": token, "CLIENT_ID": client, "ROLE_ID": role, "DIVISION_ID": division}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_command_in_the_documentation_exists(page: Path) -> None:
    """No page tells people to type a command or an option that there is not."""
    from reconciler.cli.main import cli

    for block in blocks(page):
        for line in commands(block):
            words = shlex.split(line)
            if words[0] == "reconciler":
                command = cli.get_command(None, words[1])  # type: ignore[arg-type]  # it needs no context
                assert command is not None, line
                if isinstance(command, click.Group):
                    command = command.commands[words[2]]
                known = {option for parameter in command.params for option in parameter.opts}
                assert {word for word in words[2:] if word.startswith("--")} <= known, line
