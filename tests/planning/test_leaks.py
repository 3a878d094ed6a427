"""No plan adds foreign access: what would leak is held back, and nobody else's work with it."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.access import OrgWideException
from reconciler.model.address import Selector
from reconciler.model.manifest import Limits, Manifests
from reconciler.model.origin import Origin
from reconciler.model.plan import Plan
from tests.support.build import (
    FREE,
    HOME_BODY,
    WIDE,
    actions,
    change,
    client,
    division,
    guards,
    live,
    manifests,
    marked,
    metrics,
    plan,
    role,
    uid,
)

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
SHARE = {"reason": "agreed", "owner": "sec@example.org", "expires": "2026-11-20"}
WALLS = [marked(division(1, "A"), "acme/division/a"), marked(division(2, "G"), "globex/division/g")]
GLOBEX = {"divisions": [{"key": "g", "name": "G"}]}


def wanted(*grants: Any, permissions: Any = (VIEW,), **policy: Any) -> Manifests:
    acme = {"divisions": [{"key": "a", "name": "A"}], "clients": [metrics(*grants)]}
    shared = {"roles": [{"key": "r", "name": "R", "permissions": permissions}]}
    return manifests(shared, policy=FREE | policy, acme=acme, globex=GLOBEX)


def planned(asked: Manifests, *pairs: Any, permissions: Any = (VIEW,)) -> Plan:
    held = marked(client(3, "acme-metrics", *pairs), "acme/client/metrics")
    shared = marked(role(4, "R", *permissions), "org/role/r")
    return plan(asked, live(divisions=[HOME_BODY, *WALLS], roles=[shared], clients=[held]))


OWN = {"role": "r", "divisions": "own"}


def test_ones_own_division_is_no_leak() -> None:
    made = planned(wanted(OWN))
    assert (guards(made), made.findings, len(made.access.gains)) == ({}, (), 1)


def test_an_org_wide_permission_is_held_back_with_a_witness() -> None:
    made = planned(wanted(OWN, permissions=[WIDE]), permissions=[WIDE])
    assert guards(made) == {"acme/client/metrics": "leak"}
    (finding,) = made.findings
    assert (finding.rule, finding.address) == ("isolation/org-wide", "acme/client/metrics")
    assert finding.witness == ("acme-metrics", "R", WIDE, "the whole organisation")
    assert made.access.gains == ()


@pytest.mark.parametrize(("expires", "held"), [("2026-11-20", False), ("2026-11-19", True)])
def test_an_exception_lets_it_pass_until_its_last_day_is_over(expires: str, held: bool) -> None:
    excepted = OrgWideException(WIDE, "counts", "sec", expires, Origin("org.yaml"))
    made = planned(wanted(OWN, permissions=[WIDE], org_wide=(excepted,)), permissions=[WIDE])
    assert bool(guards(made)) is held


def test_without_a_catalogue_every_permission_acts_org_wide() -> None:
    asked = wanted(OWN)
    assert "leak" in guards(plan(asked, live(divisions=WALLS, catalogue=None))).values()


def test_a_share_opens_a_foreign_division_and_only_that_subject() -> None:
    grant = {"role": "r", "divisions": ["globex/g"], "share": SHARE}
    assert guards(planned(wanted(grant))) == {}


def test_a_share_of_a_client_and_division_that_are_born_together_passes() -> None:
    grant = {"role": "r", "divisions": ["globex/g"], "share": SHARE}
    made = plan(wanted(grant), live())
    assert (guards(made), len(made.access.gains)) == ({}, 1)


def test_a_role_that_grows_for_who_reaches_too_far_already_is_held_back() -> None:
    """The pair in another's division was made by hand; growing the role would deepen it."""
    state_pairs = [(4, 1), (4, 2)]
    declared = wanted(
        OWN,
        {"role": "r", "divisions": ["globex/g"], "share": {**SHARE, "expires": "2026-11-19"}},
        permissions=[VIEW, EDIT],
        limits=Limits(0, 0, 100_000, 999),
    )
    made = planned(declared, *state_pairs)
    assert guards(made) == {} and actions(made)["acme/client/metrics"] == "revoke"


def test_what_a_limit_keeps_in_place_must_not_reach_further() -> None:
    """Clients that would lose the role are held back by the limit, so the role must not grow either."""
    bodies = [marked(client(n, f"c{n}", (4, 2)), f"acme/client/c{n}") for n in range(10, 15)]
    shared = marked(role(4, "R", VIEW), "org/role/r")
    asked = wanted(permissions=[VIEW, EDIT], limits=Limits(3, 100_000, 100_000, 100_000))
    made = plan(asked, live(divisions=WALLS, roles=[shared], clients=bodies))
    held = guards(made)
    assert held.pop("org/role/r") == "leak"
    assert set(held.values()) == {"removals"}
    assert {finding.rule for finding in made.findings} == {"isolation/foreign-division"}


def test_one_tenants_leak_does_not_hold_back_a_role_that_others_use() -> None:
    """acme's own role is the culprit; the shared role may grow for everybody."""
    bad = {"key": "bad", "name": "Bad", "permissions": [WIDE]}
    acme = {
        "divisions": [{"key": "a", "name": "A"}],
        "roles": [bad],
        "clients": [metrics(OWN, {"role": "bad", "divisions": "own"})],
    }
    shared = {"roles": [{"key": "r", "name": "R", "permissions": [VIEW, EDIT]}]}
    made = planned(manifests(shared, policy=FREE, acme=acme, globex=GLOBEX), (4, 1))
    assert guards(made) == {"acme/client/metrics": "leak"}
    assert actions(made) == {"org/role/r": "update", "acme/role/bad": "create"}


def test_a_role_that_starts_to_act_org_wide_is_held_back_for_its_holders_sake() -> None:
    made = planned(wanted(OWN, permissions=[VIEW, WIDE]), (4, 1))
    assert guards(made) == {"org/role/r": "leak"}
    assert change(made, "org/role/r").withheld is not None


ORION = [
    marked(division(1, "EMEA"), "acme/division/emea"),
    marked(division(2, "LATAM"), "acme/division/latam"),
]


def partner(*permissions: str) -> Manifests:
    """A tenant of two divisions, one of whose clients may work in the first alone."""
    grant = {"role": "r", "divisions": ["emea"]}
    acme = {
        "divisions": [{"key": "emea", "name": "EMEA"}, {"key": "latam", "name": "LATAM"}],
        "clients": [metrics(grant, confine=["emea"])],
    }
    shared = {"roles": [{"key": "r", "name": "R", "permissions": permissions}]}
    return manifests(shared, policy=FREE, acme=acme)


def confined(asked: Manifests, *pairs: tuple[int, int], **given: Any) -> Plan:
    held = marked(client(3, "acme-metrics", *pairs), "acme/client/metrics")
    state = live(divisions=ORION, roles=[marked(role(4, "R", VIEW), "org/role/r")], clients=[held])
    return plan(asked, state, **given)


def test_beneath_its_ceiling_a_confined_client_may_gain() -> None:
    made = confined(partner(VIEW))
    assert (guards(made), made.findings, len(made.access.gains)) == ({}, (), 1)


def test_what_a_hand_granted_beyond_the_ceiling_goes_and_must_not_grow_before() -> None:
    """The tenant owns both divisions; only the ceiling is crossed."""
    by_hand = ((4, 1), (4, 2))
    assert actions(confined(partner(VIEW), *by_hand)) == {"acme/client/metrics": "revoke"}
    only = frozenset({Selector.parse("org/role/r")})
    made = confined(partner(VIEW, EDIT), *by_hand, only=only)
    assert guards(made) == {"org/role/r": "leak"}
    (finding,) = made.findings
    assert finding.rule == "isolation/confined"
    assert finding.message == f"acme-metrics could use {EDIT} in LATAM: it is confined to EMEA"


def test_a_role_that_starts_to_act_org_wide_is_held_back_for_a_confined_clients_sake() -> None:
    made = confined(partner(VIEW, WIDE), (4, 1))
    assert guards(made) == {"org/role/r": "leak"}
    assert [finding.rule for finding in made.findings] == ["isolation/confined"]


def test_the_organisations_own_clients_may_act_everywhere() -> None:
    grant = {"role": "r", "divisions": "*", "share": SHARE}
    shared = {
        "roles": [{"key": "r", "name": "R", "permissions": [WIDE, VIEW]}],
        "clients": [{"key": "audit", "name": "audit", "grants": [grant], "secret": {"sink": "vault"}}],
    }
    made = plan(manifests(shared), live())
    assert guards(made) == {}
    assert [(item.subject, item.division) for item in made.access.gains] == [
        ("org/client/audit", "org-wide"),
        ("org/client/audit", "*"),
    ]


def test_access_that_is_there_already_is_no_reason_to_stop() -> None:
    """A plan judges what it adds; what stands is for `prove`."""
    orphan = marked(client(9, "gone", (4, 2)), "acme/client/gone")
    held = marked(client(3, "acme-metrics", (4, 1)), "acme/client/metrics")
    shared = marked(role(4, "R", VIEW), "org/role/r")
    made = plan(wanted(OWN), live(divisions=WALLS, roles=[shared], clients=[held, orphan]))
    assert (guards(made), made.findings) == ({}, ())
    assert [item.division for item in made.access.losses] == [uid(2)]
