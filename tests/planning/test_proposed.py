"""What a change of the manifests would mean, by the manifests alone."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.authoring.render import policy
from reconciler.kinds import REGISTRY
from reconciler.model.consent import gravest
from reconciler.model.manifest import Limits, Manifests
from reconciler.model.proposal import Proposal
from reconciler.planning.offline import Evidence
from reconciler.planning.proposed import Side, proposed
from reconciler.planning.resolve import resolve
from tests.support.build import CONFINED, TODAY, WIDE, manifests, metrics

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
EVIDENCE = Evidence(frozenset(CONFINED), frozenset(), frozenset({*CONFINED, WIDE}))
SHARE = {"reason": "agreed", "owner": "sec@example.org", "expires": "2027-06-30"}
OWN = {"role": "r", "divisions": "own"}
GLOBEX = {"divisions": [{"key": "g", "name": "G"}]}


def wanted(*grants: Any, permissions: Any = (VIEW,), key: str = "metrics", **more: Any) -> Manifests:
    acme = {"divisions": [{"key": "a", "name": "A"}], "clients": [{**metrics(*grants), "key": key, **more}]}
    roles = [
        {"key": "r", "name": "R", "permissions": permissions},
        {"key": "theirs", "existing": {"name": "Supervisor"}},
    ]
    return manifests({"roles": roles}, acme=acme, globex=GLOBEX)


def compared(base: Manifests | None, head: Manifests) -> Proposal:
    return proposed(side(base) if base else None, side(head), REGISTRY, EVIDENCE, TODAY, "0.0.0", "c0ffee")


def side(asked: Manifests) -> Side:
    return Side(resolve(asked, REGISTRY, TODAY)[0], policy(asked.org))


def told(found: Proposal) -> list[tuple[str, ...]]:
    return [ground[:3] for ground in found.grounds]


def test_the_same_manifests_propose_nothing() -> None:
    found = compared(wanted(OWN), wanted(OWN))
    assert (found.added, found.changed, found.removed, found.grounds) == ((), (), (), ())
    assert found.access.gains == found.access.losses == () and found.base == found.head


def test_a_grant_is_access_by_address() -> None:
    found = compared(wanted(), wanted(OWN))
    assert [tuple(item) for item in found.access.gains] == [
        ("acme/client/metrics", VIEW, "acme/division/a", "org/role/r")
    ]
    assert [str(each) for each in found.changed] == ["acme/client/metrics"]
    assert told(found) == [("increase", "acme/client/metrics", "gains 1 right")]
    assert told(compared(wanted(OWN), wanted())) == [("decrease", "acme/client/metrics", "loses 1 right")]


def test_without_a_base_everything_is_new() -> None:
    found = compared(None, wanted(OWN))
    assert found.base == "" and len(found.added) == 5 and found.removed == ()
    assert told(found) == [("increase", "acme/client/metrics", "gains 1 right")]


def test_a_role_that_grows_is_told_with_who_holds_it() -> None:
    found = compared(wanted(OWN), wanted(OWN, permissions=[VIEW, EDIT]))
    assert told(found) == [("increase", "acme/client/metrics", "gains 1 right")]


def test_a_share_is_cross_tenant_and_what_no_division_confines_org_wide() -> None:
    shared = {"role": "r", "divisions": ["globex/g"], "share": SHARE}
    assert told(compared(wanted(), wanted(shared))) == [
        ("cross-tenant", "acme/client/metrics", "gains 1 right in globex")
    ]
    assert gravest(compared(wanted(), wanted(OWN, permissions=[WIDE])).grounds) == "org-wide"


def test_what_no_public_evidence_decides_is_said() -> None:
    undecided = EVIDENCE._replace(confined=EVIDENCE.confined - {VIEW}, undecided=frozenset({VIEW}))
    found = proposed(side(wanted()), side(wanted(OWN)), REGISTRY, undecided, TODAY, "0.0.0", "c0ffee")
    assert told(found) == [
        ("increase", "acme/client/metrics", "gains 1 right"),
        ("increase", "acme/client/metrics",
         f"may reach further by {VIEW}: only the organisation knows"),
    ]  # fmt: skip


def test_an_existing_role_is_never_taken_for_nothing() -> None:
    found = compared(wanted(), wanted({"role": "theirs", "divisions": "own"}))
    assert found.access.gains == ()
    words = "takes org/role/theirs, of which only the organisation knows what it allows"
    assert told(found) == [("increase", "acme/client/metrics", words)]


def test_what_is_only_called_otherwise_gains_nothing() -> None:
    found = compared(wanted(OWN), wanted(OWN, key="numbers", previously="acme/client/metrics"))
    assert found.access.gains == found.access.losses == () and found.added == found.removed == ()


@pytest.mark.parametrize("state", ["suspended", "retired"])
def test_a_tenant_that_may_reach_nothing_any_more_loses_it_all(state: str) -> None:
    acme = {"divisions": [{"key": "a", "name": "A"}], "clients": [metrics(OWN)]}
    roles = {"roles": [{"key": "r", "name": "R", "permissions": [VIEW]}]}
    found = compared(manifests(roles, acme=acme), manifests(roles, acme={**acme, "state": state}))
    assert told(found) == [("decrease", "acme/client/metrics", "loses 1 right")]
    assert told(compared(manifests(roles, acme={**acme, "state": state}), manifests(roles, acme=acme))) == [
        ("increase", "acme/client/metrics", "gains 1 right")
    ]


@pytest.mark.parametrize(("prune", "consent"), [(True, "destructive"), (False, "decrease")])
def test_what_is_declared_no_more_may_be_deleted_where_the_policy_says_so(prune: bool, consent: str) -> None:
    base = manifests({"roles": [{"key": "r", "name": "R", "permissions": [VIEW]}]}, policy={"prune": prune},
                     acme={"divisions": [{"key": "a", "name": "A"}], "clients": [metrics(OWN)]})  # fmt: skip
    head = manifests({"roles": [{"key": "r", "name": "R", "permissions": [VIEW]}]}, policy={"prune": prune},
                     acme={"divisions": [{"key": "a", "name": "A"}]})  # fmt: skip
    found = compared(base, head)
    assert [str(each) for each in found.removed] == ["acme/client/metrics"]
    assert gravest(found.grounds) == consent


def test_another_policy_is_told_field_by_field() -> None:
    base, head = wanted(OWN), manifests({"roles": []}, policy={"limits": Limits(removals=9), "prune": True})
    said = [message for consent, _, message in told(compared(base, head)) if consent == "policy"]
    assert said == ['limits: the default → {"removals": 9}', "prune: the default → true"]


def test_a_secret_that_goes_elsewhere_names_both_places() -> None:
    other = {"sink": "external"}
    found = compared(wanted(OWN, secret={"sink": "vault"}), wanted(OWN, secret=other))
    assert told(found) == [
        ("sink", "acme/client/metrics", "its secret goes to nobody, not to vault bpo/acme/metrics")
    ]
