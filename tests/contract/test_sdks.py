"""The part of `make contract` that needs no SDK: the story, and the eyes that judge a telling of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reconciler.simulator import Simulator
from tests.contract import install
from tests.contract.sdks.__main__ import NODE_PINS, PYTHON_PINS, story
from tests.contract.sdks.compare import differences, mistakes, timeless
from tests.contract.sdks.lost import lost
from tests.contract.sdks.places import filled, found

STEPS: list[dict[str, Any]] = [{"step": "one"}, {"step": "two", "newer": ["young"]}]


def telling(**second: Any) -> list[dict[str, Any]]:
    """A flawless telling of STEPS, but for what is said of the second step."""
    line = {"status": 200, "type": "Division", "lost": [], "missing": [], "mistakes": []}
    return [
        {"step": "canary", "lost": ["unheardOf"]},
        {"step": "one", **line},
        {"step": "two", **line, **second},
    ]


def test_the_story_calls_every_imitated_operation() -> None:
    """Red: give tests/contract/sdks/story.yaml a step for each of these."""
    called = {step.get("call") for step in story()}
    assert set(Simulator().exchange.handlers) - called == set()


def test_each_step_has_a_name_of_its_own() -> None:
    names = [step["step"] for step in story()]
    assert sorted(set(names)) == sorted(names)


def test_every_version_is_pinned() -> None:
    pins = PYTHON_PINS.read_text(encoding="utf-8").splitlines()
    assert [pin for pin in pins if not re.fullmatch(r"#.*|[\w-]+==[\d.]+", pin)] == []
    versions = json.loads(NODE_PINS.read_text(encoding="utf-8"))["dependencies"].values()
    assert [version for version in versions if not re.fullmatch(r"[\d.]+", version)] == []


@pytest.mark.parametrize(
    ("raw", "kept", "places"),
    [
        pytest.param({"a": 1, "b": None}, {"a": 1}, [], id="null-is-absent"),
        pytest.param({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{}]}}, ["a.b[0].c (1 became None)"], id="deep"),
        pytest.param({"a": [1, 2]}, {"a": [1]}, ["a ([1, 2] became [1])"], id="shorter"),
        pytest.param({"a": "5"}, {"a": 5}, ["a ('5' became 5)"], id="another-type"),
        pytest.param({"a": 1}, {"a": True}, ["a (1 became True)"], id="true-is-not-1"),
        pytest.param({"a": "x"}, {"a": "y"}, ["a ('x' became 'y')"], id="another-value"),
        pytest.param(
            {"a": "2026-01-01T00:00:00.000Z"}, {"a": "2026-01-01T00:00:00+00:00"}, [], id="same-moment"
        ),
        pytest.param(3, 3, [], id="a-number-alone"),
        pytest.param({}, None, ["the body ({} became None)"], id="nobody-read-it"),
    ],
)
def test_what_a_model_did_not_keep_is_named(raw: Any, kept: Any, places: list[str]) -> None:
    assert [*lost(raw, kept)] == places


def test_a_flawless_telling_has_no_mistake() -> None:
    assert [*mistakes(telling(), STEPS)] == []
    assert [*mistakes(telling(lost=["young"]), STEPS, older=True)] == []


@pytest.mark.parametrize(
    ("second", "older", "said"),
    [
        ({"lost": ["x"]}, False, "two: Division lost x"),
        ({"lost": ["young"]}, False, "two: Division lost young"),
        ({"lost": []}, True, "two: young is not newer than this SDK"),
        ({"missing": ["x"]}, False, "two: Division requires x, which the answer lacks"),
        ({"mistakes": ["status 500"]}, False, "two: status 500"),
        ({"step": "three"}, False, "told 2 of 2 steps, or others"),
    ],
)
def test_a_flaw_is_told(second: dict[str, Any], older: bool, said: str) -> None:
    assert said in [*mistakes(telling(**second), STEPS, older)]


def test_a_telling_that_ends_early_or_sees_nothing_is_told() -> None:
    assert [*mistakes(telling()[:2], STEPS)] == ["told 1 of 2 steps, or others"]
    blind = [{"step": "canary", "lost": []}, *telling()[1:]]
    assert [*mistakes(blind, STEPS)] == ["did not miss a field that no model has: it would miss none"]
    assert len([*mistakes([], STEPS)]) == 2


def test_two_tellings_differ_by_status_and_model() -> None:
    assert [*differences(telling(), telling(lost=["young"]))] == []
    assert [*differences(telling(), telling(status=201, type="Role"))] == [
        "two: status 200 against 201",
        "two: type 'Division' against 'Role'",
    ]


def test_moments_of_the_run_do_not_count_and_older_ones_do() -> None:
    state = [{"at": "2026-01-02T00:00:00.000Z", "born": "2024-05-31T00:00:00.000Z", "name": "2026"}]
    later = [{"at": "during the story", "born": "2024-05-31T00:00:00.000Z", "name": "2026"}]
    assert timeless(state, "2026-01-01T12:00:00+00:00") == later


def test_a_path_finds_counts_and_survives_what_is_not_there() -> None:
    answer = {"entities": [{"name": "x"}]}
    paths = ("entities.0.name", "entities.#", "entities.1.name", "nothing.at.all")
    assert [found(answer, path) for path in paths] == ["x", 1, None, None]


def test_what_was_kept_fills_later_steps_wherever_it_stands() -> None:
    assert filled({"a": ["$id", {"b": "$id"}], "c": "id"}, {"id": 7}) == {"a": [7, {"b": 7}], "c": "id"}
    with pytest.raises(KeyError):
        filled("$nobody", {})


@pytest.mark.parametrize(
    ("said", "offline"),
    [
        ("error: Failed to fetch: ADDRESS\n  cause: error sending request for url", True),
        ("npm error code ENOTFOUND\nnpm error syscall getaddrinfo", True),
        ("npm error code ECONNREFUSED", True),
        ("npm error code ETIMEDOUT", True),
        ("npm error code ETARGET\nnpm error notarget No matching version found", False),
        ("error: No solution found when resolving dependencies", False),
        ("npm error code EINTEGRITY", False),
    ],
)
def test_only_an_index_that_cannot_be_reached_excuses(said: str, offline: bool) -> None:
    assert install.unreachable(said) is offline


def test_npm_trusts_whom_the_machine_trusts_unless_told_otherwise(tmp_path: Path) -> None:
    store = tmp_path / "certificates.pem"
    assert install.trusting({}, (store,)) == {}
    store.touch()
    assert install.trusting({}, (tmp_path / "none", store)) == {"NODE_EXTRA_CA_CERTS": str(store)}
    assert install.trusting({"NODE_EXTRA_CA_CERTS": "mine"}, (store,)) == {"NODE_EXTRA_CA_CERTS": "mine"}
