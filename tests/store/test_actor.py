"""Who started a run: a person on a host, or a job of a pipeline, and never a credential."""

from __future__ import annotations

import getpass
import socket

import pytest

from reconciler.store.actor import actor

GITHUB = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "o/r", "GITHUB_RUN_ID": "7"}


@pytest.mark.parametrize(
    ("environ", "who"),
    [
        ({**GITHUB, "GITHUB_ACTOR": "dana"}, "dana https://github.example/o/r/actions/runs/7"),
        (GITHUB, "https://github.example/o/r/actions/runs/7"),
        (
            {"CI_JOB_URL": "https://lab.example/j/7", "GITLAB_USER_LOGIN": "kim"},
            "kim https://lab.example/j/7",
        ),
        ({"BUILD_URL": "https://u:CANARY@ci.example:8443/7?token=CANARY"}, "https://ci.example:8443/7"),
    ],
)
def test_a_job_is_named_by_its_page(environ: dict[str, str], who: str) -> None:
    assert actor(environ) == who


def test_a_person_is_named_by_user_and_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "dana")
    monkeypatch.setattr(socket, "gethostname", lambda: "laptop")
    assert actor({"GITHUB_ACTOR": "kim"}) == "dana@laptop"


def test_a_user_without_a_name_is_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 1001")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert actor({}).startswith("somebody@")
