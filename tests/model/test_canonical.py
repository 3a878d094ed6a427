"""The canonical text of a value: what fingerprints and digests are taken of."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.address import Address
from reconciler.model.value import Ref, canonical, fingerprint, plain

_REFS = st.builds(Address, st.sampled_from("ab"), st.just("role"), st.sampled_from("xy")).map(Ref)
_SCALARS = st.one_of(
    st.text(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    _REFS,
)
_FROZEN = st.recursive(
    _SCALARS, lambda inner: st.lists(inner).map(tuple) | st.frozensets(inner, max_size=5), max_leaves=10
)
_VALUES = st.recursive(
    _FROZEN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@given(_VALUES)
def test_the_text_of_a_value_is_the_json_of_its_plain_form(value: Any) -> None:
    expected = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == expected


def test_text_of_other_scripts_is_kept() -> None:
    assert canonical({"näme": frozenset({"東京", 'a "b"'})}) == '{"näme":["a \\"b\\"","東京"]}'


def test_a_fingerprint_does_not_depend_on_order() -> None:
    first = {"name": "n", "permissions": frozenset({("a:b:c", ""), ("a:b:d", "")})}
    second = {"permissions": frozenset({("a:b:d", ""), ("a:b:c", "")}), "name": "n"}
    assert fingerprint(first) == fingerprint(second)


def test_half_a_character_has_a_fingerprint_of_its_own() -> None:
    texts = ("\ud83d", "\\ud83d", "\udc00", "?", "")
    assert len({fingerprint({"description": text}) for text in texts}) == len(texts)
