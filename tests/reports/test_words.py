"""Access in words: natural, exact, and never hiding what is grave."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access
from reconciler.reports.names import Names
from reconciler.reports.vocabulary import ENTITIES
from reconciler.reports.words import sentences, told

NAMES = Names(
    {"us": "ACME-US", "ca": "ACME-CA", "h": "Home", "acme/division/new": "ACME-NEW", "x1": "vega-pull"},
    {"m1": "acme/client/metrics"},
)


def said(*permissions: str, divisions: tuple[str, ...] = ("us", "ca"), lost: bool = False) -> list[str]:
    access = [Access("s", permission, division, "r") for permission in permissions for division in divisions]
    return [told(sentence, NAMES, lost=lost) for sentence in sentences(access, NAMES)]


@pytest.mark.parametrize(
    ("permissions", "sentence"),
    [
        (("routing:queue:view",), "can view queues in ACME-CA, ACME-US"),
        (("wfm:realtimeAdherence:view",), "can view real-time adherence in ACME-CA, ACME-US"),
        (("recording:recording:view",), "can view recordings in ACME-CA, ACME-US"),
        (
            ("routing:queue:view", "routing:queue:search", "analytics:queueObservation:view"),
            "can view queues and queue observations, and search queues, in ACME-CA, ACME-US",
        ),
        (
            ("routing:queue:view", "routing:queue:add", "routing:queue:delete"),
            "can add, delete and view queues in ACME-CA, ACME-US",
        ),
        (("outbound:contactList:view",), "can view outbound contact lists in ACME-CA, ACME-US"),
        (("workitems:workitem:view",), "can view workitems in ACME-CA, ACME-US"),
        (("aiStudio:guide:publish",), "can publish AI studio guides in ACME-CA, ACME-US"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_permissions_become_deeds(permissions: tuple[str, ...], sentence: str) -> None:
    assert said(*permissions) == [sentence]


@pytest.mark.parametrize(
    ("divisions", "place"),
    [
        ((EVERYWHERE,), "in every division, present and future"),
        ((ORG_WIDE,), "in the whole organisation (no division confines it)"),
        (("h", "ca"), "in Home, ACME-CA"),
        (("{acme/division/new}",), "in ACME-NEW"),
        (("unknown-id",), "in unknown-id"),
        (tuple("0123456789"), "in 0, 1, 2, 3, 4, 5 and 4 more"),
        (("h", *"0123456789"), "in Home, 0, 1, 2, 3, 4 and 5 more"),
        (("us", EVERYWHERE), "in every division, present and future"),
    ],
    ids=["everywhere", "org-wide", "home-first", "planned", "nameless", "many", "home-never-folds", "both"],
)
def test_divisions_become_places(divisions: tuple[str, ...], place: str) -> None:
    assert said("routing:queue:view", divisions=divisions) == [f"can view queues {place}"]


def test_what_is_lost_is_told_as_lost() -> None:
    assert said("oauth:client:view", divisions=("us",), lost=True) == [
        "can no longer view OAuth clients in ACME-US"
    ]


def test_equal_places_share_a_sentence_and_different_ones_do_not() -> None:
    access = [
        Access("m1", "routing:queue:view", "us", "r"),
        Access("m1", "routing:queue:search", "us", "r"),
        Access("m1", "directory:user:view", ORG_WIDE, "r"),
    ]
    assert [(each.subject, told(each, NAMES, lost=False)) for each in sentences(access, NAMES)] == [
        ("acme/client/metrics", "can view users in the whole organisation (no division confines it)"),
        ("acme/client/metrics", "can view and search queues in ACME-US"),
    ]


def test_what_changes_something_is_never_folded_behind_what_reads() -> None:
    reads = [f"wfm:thing{letter}:view" for letter in "abcdefghijklmnop"]
    (sentence,) = said(*reads, "authorization:grant:add")
    assert sentence.startswith("can add grants, view ")
    assert "and do 7 more things, in" in sentence


@pytest.mark.parametrize(
    ("token", "subject"),
    [
        ("{acme/client/new}", "acme/client/new"),
        ("acme/client/metrics", "acme/client/metrics"),
        ("m1", "acme/client/metrics"),
        ("x1", "client vega-pull"),
        ("0123-id", "client 0123-id"),
    ],
    ids=["planned", "address", "id-of-ours", "named", "nameless"],
)
def test_subjects_are_addresses_where_they_are_ours(token: str, subject: str) -> None:
    assert NAMES.subject(token) == subject


def test_no_two_entities_share_words() -> None:
    assert len(set(ENTITIES.values())) == len(ENTITIES)


@given(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))
def test_any_permission_has_words(domain: str, name: str, action: str) -> None:
    """The vendor adds permissions; a name that we cannot split is shown as it is."""
    assert said(f"{domain}:{name}:{action}")[0].startswith("can ")
