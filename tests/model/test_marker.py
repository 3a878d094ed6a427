"""Markers: what we wrote is read back, and what merely looks like one is people's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.address import NAME_PATTERN, NEXT, OLD, Address
from reconciler.model.marker import Marker, join, split

NAMES = st.from_regex(NAME_PATTERN, fullmatch=True)
CODES = st.from_regex("[0-9a-z]{8}", fullmatch=True)
ADDRESSES = st.builds(
    lambda *names, part: Address(*names).beside(part),
    *(NAMES, NAMES, NAMES),
    part=st.sampled_from(["", NEXT, OLD]),
)
MARKERS = st.builds(
    Marker,
    org=NAMES,
    address=ADDRESSES,
    hash8=CODES,
    nonce=st.one_of(st.just(""), CODES),
    suspended=st.booleans(),
)
PLAIN = Marker("nw", Address("acme", "client", "a"), "1abcdef0")


@given(text=st.text(), marker=MARKERS)
def test_what_is_joined_splits_again(text: str, marker: Marker) -> None:
    assert split(join(text, marker)) == (text.rstrip(), marker)


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        (PLAIN, "[reconciler:nw/acme/client/a@1abcdef0]"),
        (
            Marker("nw", PLAIN.address.beside(NEXT), "1abcdef0", "0a1b2c3d", True),
            "[reconciler:nw/acme/client/a~next@1abcdef0#0a1b2c3d!]",
        ),
        (Marker("nw", PLAIN.address.beside(OLD), "1abcdef0"), "[reconciler:nw/acme/client/a~old@1abcdef0]"),
        (Marker("nw", PLAIN.address, "1abcdef0", suspended=True), "[reconciler:nw/acme/client/a@1abcdef0!]"),
    ],
)
def test_every_flag_has_its_place(marker: Marker, text: str) -> None:
    assert str(marker) == text
    assert split(text) == ("", marker)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain [text] with brackets",
        f"{PLAIN} and more",
        "[reconciler:nw/acme/client@1abcdef0]",
        "[reconciler:nw/acme/client/a@1abcdef]",
        "[reconciler:nw/acme/client/A@1abcdef0]",
        "[reconciler:nw/acme/client/a@1abcdef0#short]",
        "[reconciler:nw/acme/client/a@1abcdef0!#0a1b2c3d]",
        "[reconciler: nw/acme/client/a@1abcdef0]",
        "[reconciler:nw/acme/client/a@1abcdef0",
    ],
)
def test_what_only_looks_like_a_marker_is_text(text: str) -> None:
    assert split(text) == (text, None)


def test_only_the_last_of_two_counts() -> None:
    other = Marker("nw", PLAIN.address, "1fffffff")
    assert split(join(str(other), PLAIN)) == (str(other), PLAIN)


@pytest.mark.parametrize("end", ["", " ", "\n", " \t\n"])
def test_white_space_around_it_says_nothing(end: str) -> None:
    assert split(f"text{end}{PLAIN}{end}") == ("text", PLAIN)
    assert split(f"text{end}") == ("text", None)
