"""YAML 1.2 as manifests use it: what scalars are, and that both readings agree."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.loading.scalars import plain
from reconciler.loading.yaml_events import EMPTY, Flawed, build
from reconciler.loading.yaml_survey import Survey

TEXT = [
    "no",
    "yes",
    "on",
    "off",
    "y",
    "010",
    "0777",
    "12:30:00",
    "2027-06-30",
    "1_000",
    "0b1",
    "1e5x",
    "=",
    "<",
]
TEXT += [
    ".inf",
    "-.INF",
    ".nan",
    "1e999",
    "9" * 19,
    "0x" + "f" * 16,
    "TrUe",
    "nil",
    "None",
    "00.5",
    "+",
    "-",
    ".",
]


@pytest.mark.parametrize("text", TEXT)
def test_it_is_text(text: str) -> None:
    assert plain(text) == text


VALUES: dict[str, Any] = {"true": True, "True": True, "FALSE": False, "0": 0, "-7": -7, "+7": 7, "0o17": 15}
VALUES |= {"0x1F": 31, "1.5": 1.5, "-.5": -0.5, "1e3": 1000.0, "1.": 1.0, "~": None, "null": None}


@pytest.mark.parametrize("text", VALUES)
def test_it_is_a_value(text: str) -> None:
    assert plain(text) == VALUES[text]
    assert type(plain(text)) is type(VALUES[text])


SAMPLE = 'a: [1, "2", no]\nb:\n  c: |\n    two\n    lines\n  "d e": {f: g}\n---\n- x\n---\n'


def test_documents_are_plain_values() -> None:
    assert build(SAMPLE) == [
        {"a": [1, "2", "no"], "b": {"c": "two\nlines\n", "d e": {"f": "g"}}},
        ["x"],
        EMPTY,
    ]


def test_a_field_stands_where_its_key_stands() -> None:
    places = Survey(SAMPLE).places
    assert places[0, ("a",)] == (1, 1, 1)
    assert places[0, ("a", 1)] == (1, 8, 3)
    assert places[0, ("b", "d e", "f")] == (6, 11, 1)
    assert places[1, (0,)] == (8, 3, 1)


def test_columns_count_characters() -> None:
    assert Survey('a: {"äöü€😀": b, c: d}').places[0, ("a", "c")] == (1, 17, 1)


def test_every_flaw_of_a_file_is_told() -> None:
    flaws = "a: &x 1\nb: *x\nc: !!int 1\nd:\na: 2\n1: x\n<<: {}\n? [k]\n: v\n"
    with pytest.raises(Flawed):
        build(flaws)
    assert [mistake.rule.partition("/")[2] for mistake in Survey(flaws).mistakes] == [
        *("anchor", "alias", "tag", "null", "duplicate-field", "key-not-text", "merge-key", "key-not-text")
    ]


def test_a_duplicate_cites_the_first() -> None:
    with pytest.raises(Flawed):
        build("a: 1\nb: 2\na: 3\n")
    (mistake,) = Survey("a: 1\nb: 2\na: 3\n").mistakes
    assert (mistake.line, mistake.first) == (3, (1, 1, 1))


_NUMBER_OF_1_2 = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+")
"""PyYAML writes YAML 1.1, in which not every one of these needs quotes."""

texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]))
values = st.recursive(
    st.booleans()
    | st.integers(-(10**15), 10**15)
    | texts.filter(lambda text: not _NUMBER_OF_1_2.fullmatch(text)),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdef", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcdefxyz", min_size=1), values, max_size=5), st.booleans())
def test_both_readings_agree_with_what_was_written(document: dict[str, Any], flow: bool) -> None:
    """Written by PyYAML's emitter, or as JSON, which is YAML 1.2 too."""
    text = json.dumps(document, ensure_ascii=False) if flow else yaml.safe_dump(document, allow_unicode=True)
    assert build(text) == [document]
    assert Survey(text).documents == [document]
    assert Survey(text).mistakes == []


@given(st.text("ab:- \n[]{}&*!|>'\"#%,?~<1", max_size=40))
def test_a_flaw_stops_one_reading_exactly_when_the_other_tells_it(text: str) -> None:
    try:
        built = build(text)
    except (Flawed, yaml.YAMLError):
        assert Survey(text).mistakes
    else:
        assert Survey(text).mistakes == []
        assert Survey(text).documents == built
