"""Under faults too no log says a secret, down to every request; and what processes said is searched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from reconciler.telemetry.logs import configure
from tests.faults import matrix
from tests.faults.campaign import quietly
from tests.faults.case import Case
from tests.faults.leaks import leaked, listen
from tests.faults.rehearsal import new_place
from tests.faults.runs import run_case
from tests.support.canary import SPELLINGS, drawn, finds


@pytest.mark.parametrize("spelling", ["plain", "base64", "json"])
def test_what_a_process_said_is_searched_but_for_its_sink(tmp_path: Path, spelling: str) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "key.json").write_text(drawn(1), "utf-8")
    (tmp_path / "said").write_text("retrying", "utf-8")
    assert [*leaked(tmp_path, [drawn(1)])] == []
    (tmp_path / "said").write_text(f"retrying {SPELLINGS[spelling](drawn(1))}", "utf-8")
    assert {each.monitor for each in leaked(tmp_path, [drawn(1)])} == {"I14 secrets unsaid"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the program logs."""
    stream = io.StringIO()
    configure(2, stream=stream)
    yield stream
    quietly()


@pytest.mark.full
@pytest.mark.parametrize("scenario", ["birth", "rotation-in-place"])
def test_no_line_of_the_log_says_a_secret_whatever_strikes(scenario: str, log: io.StringIO) -> None:
    secrets = ["operator-secret"]
    for case in of_each_kind(scenario):
        place = new_place(case)
        listen(place.sim, secrets)
        secrets += place.secrets | {*place.sim.org.secrets.values()}
        assert run_case(place).violations == ()
    lines = log.getvalue().count('"event": "request answered"')
    assert lines > 1_000 and len(secrets) > 40, (lines, len(secrets))
    assert finds(log.getvalue(), {*secrets}) == []


def of_each_kind(scenario: str) -> list[Case]:
    """The middle one of the single faults of each kind."""
    cases = sorted(matrix.singles(scenario, "calm"), key=lambda case: case.faults[0].kind)
    alike = (list(several) for _, several in groupby(cases, key=lambda case: case.faults[0].kind))
    return [several[len(several) // 2] for several in alike]
