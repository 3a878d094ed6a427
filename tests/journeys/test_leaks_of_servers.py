"""What plays an organisation says no secret of it: in what it prints, serves and leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.architecture.source import ROOT
from tests.support.canary import awkward, finds

pytestmark = [pytest.mark.full, pytest.mark.timeout(150)]
OPERATOR, WRONG = awkward(1), awkward(2)
READ = ("", "?refresh=5", "?refresh=x", "health", "requests", "state", "nowhere")
WRITTEN = ("faults", "clock", "edit")

HEARING = """
import os
from reconciler.simulator.identity import Sequence
draw = Sequence.new_secret
def heard(own, kind):
    made = draw(own, kind)
    with open(os.environ["HEARD"], "a") as file:
        print(made, file=file)
    return made
Sequence.new_secret = heard
from reconciler.cli.main import main
main()
"""
"""The command line, beside a list of every secret and token that its organisation draws."""


class Serving:
    """A command that serves, and all that it has said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.said = process, ""

    def until(self, pattern: str) -> str:
        """Read on; what the pattern's group found."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError(self.said)

    def end(self) -> int:
        """Ctrl-C; its exit code."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout
        self.said += self.process.stdout.read()
        return self.process.wait(30)


@contextmanager
def serving(place: Path, *words: str) -> Iterator[Serving]:
    """In a process of its own, as verbose as it gets."""
    left = {name: value for name, value in os.environ.items() if name != "CI"}
    environment = left | {"HEARD": str(place / "heard"), "TMPDIR": str(place), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HEARING, "-vv", *words]
    with subprocess.Popen(command, cwd=place, env=environment, stdout=-1, stderr=-2, text=True) as process:
        try:
            yield Serving(process)
        finally:
            process.kill()


def served(url: str) -> list[str]:
    """Every answer of page and controls, mistakes too; and what somebody with a wrong secret is told."""
    with httpx.Client(base_url=url, trust_env=False) as client:
        told = [client.get(f"/_simulator/{each}") for each in READ]
        told += [client.post(f"/_simulator/{each}", content="[7") for each in WRITTEN]
        told.append(client.post("/oauth/token", auth=("operator", WRONG.encode())))
        told.append(
            client.get("/api/v2/oauth/clients", headers=[(b"authorization", b"bearer " + WRONG.encode())])
        )
    return [f"{each.headers}\n{each.text}" for each in told]


def drawn(place: Path) -> list[str]:
    return (place / "heard").read_text("utf-8").split()


def searched(texts: list[str | bytes], secrets: list[str]) -> list[str]:
    return [find.spelling for text in texts for find in finds(text, secrets)]


def test_the_tour_says_no_secret_and_keeps_none_but_where_they_belong(tmp_path: Path) -> None:
    with serving(tmp_path, "demo", "--keep") as tour:
        url = tour.until(r"It answers at (http://[\d.:]+\d)")
        (workplace,) = (Path(found) for found in [tour.until(r"^  cd (\S+)$")])
        answers = served(url)
        files = [each for each in workplace.rglob("*") if each.is_file()]
        kept = [each.read_bytes() for each in files if workplace / "secrets" not in each.parents]
        assert tour.end() == 130
    secrets = drawn(tmp_path)
    delivered = [each.read_text("utf-8") for each in (workplace / "secrets").rglob("*.json")]
    assert len(secrets) > 20 and len(delivered) > 3 and len(kept) > 3
    assert all(searched([each], secrets) for each in delivered), "these are the secrets that were handed out"
    assert searched([tour.said, *answers, *kept], secrets) == []


def test_a_simulated_organisation_says_the_secret_of_its_operator_once_and_no_other(tmp_path: Path) -> None:
    state = tmp_path / "organisation.json"
    options = ("--client-secret", OPERATOR, "--state", str(state), "--rate-limit", "0")
    with serving(tmp_path, "simulate", "--port", "0", *options) as organisation:
        url = organisation.until(r"answers at (http://[\d.:]+\d)")
        organisation.until(r"export (GENESYSCLOUD_OAUTHCLIENT_SECRET)=")
        _applied(tmp_path, url)
        answers = served(url)
        assert organisation.end() == 130
    announced = f"  export GENESYSCLOUD_OAUTHCLIENT_SECRET={OPERATOR}\n"
    said = organisation.said.replace(announced, "", 1)
    assert said != organisation.said, "what its user has to paste"
    secrets = [OPERATOR, WRONG, *drawn(tmp_path)]
    assert len(secrets) > 8
    assert searched([said, *answers], secrets) == []
    assert searched([state.read_bytes()], secrets) and state.stat().st_mode & 0o777 == 0o600


def _applied(place: Path, url: str) -> None:
    """The manifests of the tour, so that it has made clients and tokens."""
    left = {name: value for name, value in os.environ.items() if name != "CI"}
    environment = left | {
        "PYTHONPATH": str(ROOT),
        "RECONCILER_ENDPOINT": url,
        "RECONCILER_SECRETS": str(place / "secrets"),
        "GENESYSCLOUD_OAUTHCLIENT_ID": "operator",
        "GENESYSCLOUD_OAUTHCLIENT_SECRET": OPERATOR,
    }
    command = [sys.executable, "-m", "reconciler", "apply", str(ROOT / "manifests"), "--auto-approve"]
    ran = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
