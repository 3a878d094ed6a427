"""`simulate --org`: a bundled organisation by its name, or any file."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.cli.main import run
from reconciler.simulator import Simulator, bundled, find_seed
from tests.simulator.own import OWN


@contextmanager
def simulating(*options: str, end: int = signal.SIGTERM) -> Iterator[tuple[str, dict[str, Any]]]:
    """The command in a process of its own: its first line, and the organisation it serves."""
    command = [sys.executable, "-m", "reconciler", "simulate", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            url = re.search(r"http://[\d.:]+\d", line)
            assert url, line
            yield line, httpx.get(f"{url[0]}/_simulator/state").json()
        finally:
            process.send_signal(end)


def test_it_serves_a_bundled_organisation_by_its_name() -> None:
    with simulating("--org", "tinydesk") as (line, state):
        assert line.startswith("TinyDesk, a simulated organisation, answers at ")
        assert [row["name"] for row in state["divisions"]] == ["Home", "TINY", "PETITE"]


def test_it_prints_the_address_of_its_page() -> None:
    command = [sys.executable, "-m", "reconciler", "simulate", "--port", "0", "--org", "tinydesk"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            said = [process.stdout.readline() for _ in range(2)][1]
            address = said.removeprefix("what it holds, for people to look at: ").strip()
            answer = httpx.get(address)
            assert answer.status_code == 200 and "<bdi>TinyDesk</bdi>" in answer.text
        finally:
            process.terminate()


def test_it_serves_the_organisation_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    with simulating("--org", str(path)) as (line, state):
        assert line.startswith("Own, ")
        assert state["organization"]["id"] == "11111111-1111-1111-1111-111111111111"


def test_a_bundled_name_goes_before_a_file_and_a_path_reaches_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tinydesk").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    assert find_seed("tinydesk").organisation["name"] == "TinyDesk"
    assert find_seed("./tinydesk").organisation["name"] == "Own"


@pytest.mark.parametrize("name", ["nowhere", "nowhere.yaml", "."])
def test_an_unknown_organisation_is_exit_1_and_names_the_bundled_ones(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(["simulate", "--org", name]) == 1
    said = capsys.readouterr()
    assert said.out == "" and f"no bundled seed and no file is called '{name}'" in said.err
    assert all(each in said.err for each in bundled())


def test_a_mistake_in_a_file_is_exit_1_and_names_file_and_entry(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace("Q, division: West", "Q, division: Wset"))
    assert run(["simulate", "--org", str(path)]) == 1
    told = f"{path}: queues (Q): names 'Wset', which is not among the divisions"
    assert told in capsys.readouterr().err.replace("\n", " ")


def test_help_names_every_bundled_organisation(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "--help"]) == 0
    text = re.sub(r"-\s+", "-", capsys.readouterr().out)
    assert [name for name in bundled() if name not in text] == []


def test_an_administrator_is_somebody_of_the_organisation() -> None:
    made = {"name": "Made", "description": ""}
    sim = Simulator(find_seed("meridian"))
    status, client = sim.edit(
        "POST", "/api/v2/oauth/clients", made | {"authorizedGrantType": "CLIENT-CREDENTIALS"}
    )
    assert status == 200 and client["createdBy"]["name"] == "Ingrid Vos"
    with pytest.raises(ValueError, match="this organisation has no users"):
        Simulator(find_seed("bare")).edit("POST", "/api/v2/authorization/divisions", made)
