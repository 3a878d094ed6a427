"""Past runs in text: one line a run at any width, the gravest first, nothing that acts on a terminal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from reconciler.model.history import Intent, Run, Step, history_document, run_document
from reconciler.reports import dumps, plain, schema
from reconciler.reports.history_text import history_text, how_it_ended, run_text
from tests.reports.golden import check
from tests.reports.made import addresses, count, text
from tests.store.kept import intent, run

PLACE = "/home/dana/.local/state/reconciler/history.sqlite"
COUNTS = {"created": 18, "updated": 0, "unchanged": 4, "failed": 0, "withheld": 0}
RUNS = (
    run(9),
    run(8, unresolved=2),
    run(7, ended="2026-11-20T14:07:40.000Z", code=130, unresolved=1, summary={**COUNTS, "skipped": 7}),
    run(6, ended="2026-11-20T14:06:40.000Z", code=7, error="the organisation is unreachable"),
    run(5, ended="2026-11-20T14:05:40.000Z", code=0, summary={"revoked": 2}, command="suspend globex-bank"),
    run(4, ended="2026-11-20T14:04:40.000Z", code=5, summary={**COUNTS, "failed": 1, "skipped": 3}),
    run(3, ended="2026-11-20T14:03:40.000Z", code=4, summary={**COUNTS, "withheld": 2}),
    run(2, ended="2026-11-20T14:02:40.000Z", code=0, summary=COUNTS),
    run(1, ended="2026-11-20T14:01:40.000Z", code=0, summary={"unchanged": 18}, org_name="x" * 40),
)
STEPS = (
    Step(intent(1), "2026-11-20T14:08:01.000Z", "2026-11-20T14:08:02.000Z"),
    Step(intent(2), "2026-11-20T14:08:02.000Z"),
    Step(
        intent(3, nonce=""), "2026-11-20T14:08:03.000Z", "2026-11-20T14:08:04.000Z", "409 already there; look"
    ),
)

texts = text | st.sampled_from(["suspend " + "x" * 40, "実行 " * 9])
runs = st.builds(
    Run, texts, texts, texts, texts, texts, texts, texts, texts, texts, st.none() | count,
    st.dictionaries(st.sampled_from(["created", "failed", "unchanged"]), count), texts, count,
)  # fmt: skip
steps = st.builds(Step, st.builds(Intent, texts, addresses, texts, texts, texts), texts, texts, texts)


def test_the_list_reads_well() -> None:
    check("tests/golden/reports/history.txt", plain(history_text(RUNS, 57, "northwind", PLACE)))


def test_one_run_reads_well() -> None:
    broken = replace(RUNS[1], error="the journal failed")
    check("tests/golden/reports/history-run.txt", plain(run_text(broken, STEPS)))


def test_nothing_on_record_says_where_it_looked() -> None:
    said = plain(history_text((), 0, "northwind", PLACE))
    assert said.startswith("no run of northwind is on record. I looked in") and PLACE in said
    assert plain(history_text((), 0, "", "there")) == "no run is on record. I looked in there\n"


@given(st.lists(runs, max_size=3), st.integers(60, 120))
def test_a_run_is_one_line_however_wide(several: list[Run], width: int) -> None:
    lines = history_text(several, len(several), "", "there", width)
    assert len(lines) == len(several) + 1
    for line in lines[:-1]:
        assert cell_len(line.text) <= width and line.text.isprintable(), line


@given(runs, st.lists(steps, max_size=3))
def test_nothing_in_a_run_acts_on_a_terminal_and_the_unresolved_come_first(
    value: Run, several: list[Step]
) -> None:
    lines = run_text(value, several)
    assert all(line.text.isprintable() for line in lines)
    marks = [line.text[0] for line in lines if line.text[:1] in "?✗✓" and line.text[1:2] == " "]
    assert marks == sorted(marks, key=lambda mark: mark != "?")


@given(runs, st.lists(steps, max_size=3).map(tuple))
def test_every_document_keeps_its_schema(value: Run, several: tuple[Step, ...]) -> None:
    one, all_of_them = run_document(value, several), history_document("there", (value, value), 7)
    Draft202012Validator(schema("run")).validate(json.loads(dumps(one)))
    Draft202012Validator(schema("history")).validate(json.loads(dumps(all_of_them)))


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, "has not ended"),
        (1, "has not ended · 2 unresolved"),
        (2, "interrupted · 1 unresolved · 7 skipped, 18 created"),
        (3, "exit 7"),
        (5, "exit 5 · 1 failed, 3 skipped, 18 created"),
        (7, "18 created"),
        (8, "nothing to do"),
    ],
)
def test_the_gravest_comes_first(number: int, told: str) -> None:
    assert how_it_ended(RUNS[number]) == told
