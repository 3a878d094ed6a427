"""The image: pinned by digest, by hash, without root, and with nothing from anywhere else."""

from __future__ import annotations

import json
import re
import subprocess
from typing import NamedTuple

import pytest

from tests.architecture.source import ROOT

FILE = ROOT / ".ci/Containerfile"


class Step(NamedTuple):
    """One instruction, its lines joined."""

    word: str
    text: str


def steps() -> list[Step]:
    """The instructions in order, comments left out."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        Step(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)
    ]


def of(word: str) -> list[str]:
    return [" ".join(each.text.split()) for each in steps() if each.word == word]


def test_every_stage_stands_on_the_base_that_has_to_be_named() -> None:
    assert [each.split()[0] for each in of("FROM")] == ["${BASE}", "${BASE}"]
    assert "BASE" in of("ARG")[0] and "=" not in of("ARG")[0]


def guarded(base: str) -> subprocess.CompletedProcess[str]:
    """What the build says to such a base."""
    (guard,) = [each.text for each in steps() if each.word == "RUN" and "BASE" in each.text]
    given = {"BASE": base}
    return subprocess.run(["sh", "-c", guard], env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("base", ["", "python", "python:3.13-slim", "python@latest", "python:sha256"])
def test_a_base_without_a_digest_ends_the_build(base: str) -> None:
    ran = guarded(base)
    assert ran.returncode == 1 and "pinned by its digest" in ran.stderr


def test_a_base_with_a_digest_does_not() -> None:
    assert guarded(f"python:3.13-slim@sha256:{'0' * 64}").returncode == 0
    assert not re.search(r"sha256:[0-9a-f]{8}", FILE.read_text("utf-8"))


def test_nothing_comes_from_an_address_and_packages_by_hash_alone() -> None:
    text = FILE.read_text("utf-8")
    assert not of("ADD") and "http" not in text and "curl" not in text and "apt" not in text
    installs = [part for each in of("RUN") for part in each.split("&&") if "pip install" in part]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0] and "--no-deps --no-build-isolation" in installs[1]


def test_what_is_copied_is_there_and_is_what_the_package_is_made_of() -> None:
    sources = [word for each in of("COPY") if "--from" not in each for word in each.split()[:-1]]
    assert [word for word in sources if not (ROOT / word).exists()] == []
    assert {"pyproject.toml", "README.md", "LICENSE", "manifests", "reconciler"} <= set(sources)
    assert of("COPY")[-1].startswith("--from=build ")


def test_it_runs_as_nobody_in_particular_and_as_a_program() -> None:
    last = [each.word for each in steps()][-3:]
    assert last == ["USER", "ENTRYPOINT", "CMD"]
    user, _, group = of("USER")[-1].partition(":")
    assert int(user) > 1000 and int(group) > 1000
    assert json.loads(of("ENTRYPOINT")[0]) == ["reconciler"] and json.loads(of("CMD")[0]) == ["--help"]


def test_what_is_written_goes_where_something_is_mounted() -> None:
    (environment,) = of("ENV")
    assert "RECONCILER_STATE=/state/" in environment and "RECONCILER_SECRETS=/secrets" in environment
    assert "PYTHONDONTWRITEBYTECODE=1" in environment
