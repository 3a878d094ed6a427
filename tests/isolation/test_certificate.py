"""The certificate: whoever works the verdicts out anew finds the same, and notices what was changed."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.isolation import check_certificate
from reconciler.isolation.certificate import certificate, digest
from reconciler.isolation.proving import Prover
from tests.isolation.brute import Organisation
from tests.isolation.organisations import TENANTS, boundaries, organisations, population
from tests.isolation.test_soundness import CLEAN, PLAN, also, confined


def certified(org: Organisation) -> dict[str, Any]:
    """As it is read back from its file."""
    people, bounds = population(org), boundaries(org)
    made = certificate({"tool": "test"}, people, bounds, Prover(people, bounds).prove(TENANTS))
    found: dict[str, Any] = json.loads(json.dumps(made))
    return found


@given(organisations())
def test_the_checker_agrees_with_the_prover(org: Organisation) -> None:
    assert list(check_certificate.mistakes(certified(org))) == []


def claiming(reaches: str) -> dict[str, Any]:
    made = certified(also(("acme-x", "planner", "g1")))
    made["claims"]["acme"]["reaches"] = reaches
    return made | {"digest": check_certificate.digest(made)}


@pytest.mark.parametrize("claim", ["PROVED", "EXCEPTED"])
def test_a_leak_that_is_claimed_away_is_noticed(claim: str) -> None:
    assert list(check_certificate.mistakes(claiming("LEAK"))) == []
    assert list(check_certificate.mistakes(claiming(claim))) == [
        f"acme: reaches is claimed {claim}, and there is a leak"
    ]


def test_a_gap_forbids_every_good_verdict() -> None:
    made = certified(CLEAN)
    made["facts"]["gaps"] = ["clients: a page is missing"]
    made["digest"] = check_certificate.digest(made)
    assert len(list(check_certificate.mistakes(made))) == 4


def test_a_ceiling_is_checked_by_whoever_checks_the_certificate() -> None:
    made = certified(confined(also(("acme-x", "planner", "a2")), "a1"))
    assert (made["claims"]["acme"]["reaches"], made["facts"]["confine"]) == ("LEAK", {"acme-x": ["a1"]})
    assert list(check_certificate.mistakes(made)) == []
    made["claims"]["acme"]["reaches"] = "PROVED"
    made["digest"] = check_certificate.digest(made)
    assert list(check_certificate.mistakes(made)) == ["acme: reaches is claimed PROVED, and there is a leak"]


def test_every_fact_is_under_the_digest() -> None:
    made = certified(CLEAN)
    for name in made["facts"]:
        other = copy.deepcopy(made)
        other["facts"][name] = [] if other["facts"][name] != [] else ["x"]
        assert check_certificate.digest(other) != made["digest"], name


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8).filter(lambda name: name != "digest"), _PLAIN, max_size=4))
def test_both_sides_mean_the_same_bytes(content: dict[str, Any]) -> None:
    assert digest(content) == check_certificate.digest(content)


def run(path: Path) -> subprocess.CompletedProcess[str]:
    """As an auditor runs it: alone, without the package."""
    assert check_certificate.__file__
    alone = path.with_name("check_certificate.py")
    alone.write_text(Path(check_certificate.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    command = [sys.executable, "-I", str(alone), str(path)]
    return subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)


def test_it_runs_alone(tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(certified(CLEAN)), encoding="utf-8")
    done = run(path)
    assert (done.returncode, done.stdout) == (0, "2 tenants: every claim holds\n")
    path.write_text(json.dumps(certified(CLEAN)).replace(PLAN, "wfm:schedule:edit"), encoding="utf-8")
    assert "the digest is not that of the content" in run(path).stdout and run(path).returncode == 1
    for broken in ("{}", "[", '{"facts": {}, "claims": {}}', "[1]"):
        path.write_text(broken, encoding="utf-8")
        done = run(path)
        assert done.returncode == 1 and done.stderr == "" and "Traceback" not in done.stdout, (broken, done)
