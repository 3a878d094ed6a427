"""What is made visible acts on nobody, and JSON loses nothing by it."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.visible import json_text, several, unled, visible

ODD = (
    "\x1b[2J",
    "\x9b31m",
    "\x7f",
    "\u202e",
    "\u200b",
    "\u2028",
    "\ufeff",
    "##[error]",
    "##vso[a]",
    "###[x",
    "::x",
)
texts = st.text() | st.lists(st.sampled_from(ODD) | st.text(max_size=3)).map("".join)
ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]|##\\w*\\[")


@given(texts)
def test_nothing_visible_acts_and_making_it_so_twice_changes_nothing(text: str) -> None:
    shown = visible(text)
    assert "\n" not in shown and not ACTS.search(shown)
    assert visible(shown) == shown


@given(st.recursive(texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8))
def test_json_that_may_be_printed_means_the_same(value: object) -> None:
    for indent in (None, 2):
        text = json_text(value, indent)
        assert json.loads(text) == value
        assert not ACTS.search(text)
        text.encode()


@pytest.mark.parametrize("text", ["::x", "  ::x", "\t::x", ":::x", "a\n::x"])
def test_no_line_begins_as_a_command(text: str) -> None:
    for shown in (unled(text), several(text)):
        assert not re.search(r"^\s*::", shown, re.MULTILINE)
        assert shown.count("\n") == text.count("\n")
    assert unled("a::b c ::d") == "a::b c ::d"
