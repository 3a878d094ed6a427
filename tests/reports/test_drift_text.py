"""Drift as people read it, and as programs do."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from reconciler.model.drift import document
from reconciler.reports import drift_text, dumps, plain, schema
from tests.reports.drifts import STORIES, night
from tests.reports.golden import check

CODES = {"night": 8, "surplus": 2, "policy": 8, "many": 2, "quiet": 0, "quiet_but_pending": 0}
TELLS = pytest.mark.parametrize("name", STORIES)


@pytest.mark.parametrize("width", [80, 120])
@TELLS
def test_drift_reads_as_it_was_last_approved(name: str, width: int) -> None:
    lines = drift_text(STORIES[name](), CODES[name], width)
    check(f"tests/golden/reports/drift_{name}_{width}.txt", plain(lines))
    assert all(cell_len(line.text) <= width or len(line.text.split()) < 3 for line in lines[:-1])


@TELLS
def test_the_last_line_can_be_grepped_and_has_the_numbers_of_the_document(name: str) -> None:
    report = STORIES[name]()
    summary = document(report)["summary"]
    *before, last = (line.text for line in drift_text(report, CODES[name]))
    found = re.match(r"drift: (\d+) objects, (\d+) leaks · access \+(\d+) -(\d+) · exit (\d)\b", last)
    assert found and not [text for text in before if text.startswith("drift: ")]
    numbers = [summary[key] for key in ("objects", "leaks", "gains", "losses")]
    assert list(map(int, found.groups())) == [*numbers, CODES[name]]


@pytest.mark.parametrize("name", ["quiet", "quiet_but_pending"])
def test_where_nothing_drifted_there_is_one_line_with_its_time_and_scope(name: str) -> None:
    (line,) = drift_text(STORIES[name](), 0)
    assert ": 14 objects as declared" in line.text and line.text.endswith("read 14:02:11")


def test_no_name_can_hide_or_turn_a_line() -> None:
    for line in drift_text(night(), 8):
        assert not [char for char in line.text if unicodedata.category(char) in ("Cc", "Cf")]


@TELLS
def test_every_drift_document_keeps_its_schema(name: str) -> None:
    text = dumps(document(STORIES[name]()))
    assert list(Draft202012Validator(schema("drift")).iter_errors(json.loads(text))) == []
