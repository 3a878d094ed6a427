"""Crossings: each of them, and the near miss beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.judge import crossings
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access, OrgWideException, Share
from reconciler.model.finding import Severity
from reconciler.model.origin import Origin

OWNERS = {
    "acme-c": "acme",
    "globex-c": "globex",
    "org-c": "org",
    "a1": "acme",
    "g1": "globex",
    "shared": "org",
}
NAMES = {"acme-c": "Acme metrics", "a1": "ACME-US", "g1": "GLOBEX", "role": "Reader", "home": "Home"}


HERE = Origin("org.yaml")
SHARE = Share("central planning", "wfm@x.example", "2027-06-30")


def boundaries(
    shared: frozenset[tuple[str, str]] = frozenset(), excepted: frozenset[str] = frozenset()
) -> Boundaries:
    """Shares of `p:q:r` for (subject, division)."""
    return Boundaries(
        owner_of=lambda identity: OWNERS.get(identity, ""),
        name=lambda identity: NAMES.get(identity, identity),
        home="home",
        share_of=lambda item: (
            SHARE if (item.subject, item.division) in shared and item.permission == "p:q:r" else None
        ),
        excepted={name: OrgWideException(name, "counts", "sec", "2027-06-30", HERE) for name in excepted},
    )


def rules(
    subject: str, division: str, bounds: Boundaries | None = None, permission: str = "p:q:r"
) -> list[str]:
    found = crossings([Access(subject, permission, division, "role")], bounds or boundaries())
    return [item.rule.removeprefix("isolation/") for item in found]


@pytest.mark.parametrize(
    ("subject", "division", "expected"),
    [
        ("acme-c", "a1", []),
        ("acme-c", "shared", []),
        ("acme-c", "g1", ["foreign-division"]),
        ("acme-c", "nobody's", ["foreign-division"]),
        ("acme-c", "home", ["home"]),
        ("acme-c", EVERYWHERE, ["all-divisions"]),
        ("acme-c", ORG_WIDE, ["org-wide"]),
        ("org-c", EVERYWHERE, []),
        ("org-c", ORG_WIDE, []),
        ("stranger", "g1", []),
        ("globex-c", "g1", []),
        ("globex-c", "a1", ["foreign-division"]),
    ],
)
def test_what_leaves_a_tenant(subject: str, division: str, expected: list[str]) -> None:
    assert rules(subject, division) == expected


def test_a_share_opens_one_division_to_one_subject() -> None:
    bounds = boundaries(shared=frozenset({("acme-c", "g1")}))
    assert rules("acme-c", "g1", bounds) == []
    assert rules("acme-c", "g2", bounds) == ["foreign-division"]
    assert rules("acme-c", "g1", bounds, "p:q:more") == ["foreign-division"]
    assert rules("globex-c", "a1", bounds) == ["foreign-division"]
    assert rules("acme-c", ORG_WIDE, bounds) == ["org-wide"]


def test_an_exception_opens_one_permission_and_no_division() -> None:
    assert rules("acme-c", ORG_WIDE, boundaries(excepted=frozenset({"p:q:r"}))) == []
    assert rules("acme-c", ORG_WIDE, boundaries(excepted=frozenset({"p:q:s"}))) == ["org-wide"]
    assert rules("acme-c", "g1", boundaries(excepted=frozenset({"p:q:r"}))) == ["foreign-division"]


def test_a_finding_carries_its_witness_and_a_remedy() -> None:
    (finding,) = crossings([Access("acme-c", "p:q:r", "g1", "role")], boundaries())
    assert finding.message == "Acme metrics could use p:q:r in GLOBEX: it is a division of globex"
    assert finding.witness == ("Acme metrics", "Reader", "p:q:r", "GLOBEX")
    assert (finding.severity, finding.address) == (Severity.CRITICAL, "acme-c")
    assert "share" in finding.remedy
    (other,) = crossings([Access("acme-c", "p:q:r", "x", "role")], boundaries())
    assert "nobody's in the manifests" in other.message


ACCESS = st.builds(
    Access,
    st.sampled_from(["acme-c", "globex-c", "org-c", "stranger"]),
    st.sampled_from(["p:q:r", "p:q:s"]),
    st.sampled_from(["a1", "g1", "shared", "home", EVERYWHERE, ORG_WIDE, "x"]),
    st.just("role"),
)


@given(some=st.lists(ACCESS), more=st.lists(ACCESS))
def test_more_access_never_hides_a_crossing(some: list[Access], more: list[Access]) -> None:
    bounds = boundaries()
    found = list(crossings([*some, *more], bounds))
    assert all(finding in found for finding in crossings(some, bounds))
