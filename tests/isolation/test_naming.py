"""Names tell whose something is only where they tell it of one owner alone."""

from __future__ import annotations

import pytest

from reconciler.isolation.naming import Naming

NAMING = Naming(
    [
        ("ACME-US", "acme-retail"),
        ("ACME-CA", "acme-retail"),
        ("GLOBEX", "globex-bank"),
        ("NW-Shared", "org"),
        ("Agency-BrightCall", "agency-bright"),
        ("Agency-Serena", "agency-serena"),
        ("Global Sales", "initech"),
    ]
)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("ACME US Gift Cards", "acme-retail"),
        ("acme_returns", "acme-retail"),
        ("Acmeville", ""),
        ("Returns of ACME", ""),
        ("Globex Stolen Cards", "globex-bank"),
        ("Agency Nurses", ""),  # two are called so
        ("agency-serena nurses", "agency-serena"),
        ("Global Numbers", ""),  # of a division's name the first word alone says nothing
        ("Global Sales Line", "initech"),
        ("NW Shared Hours", "org"),
        ("--", ""),
        ("", ""),
    ],
)
def test_a_name_belongs_to_whom_it_begins_with(name: str, owner: str) -> None:
    assert NAMING.owner(name) == owner


def test_nobody_is_called_after_anybody_where_nobody_is() -> None:
    assert Naming().owner("ACME") == ""


def test_a_word_of_two_letters_stands_for_nobody() -> None:
    assert Naming([("A One", "ab-one")]).owner("AB Two") == ""
