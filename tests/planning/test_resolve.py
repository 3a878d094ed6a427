"""From manifests to desired state: what references mean, and every mistake with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.access import Nature, OrgWideException, Share, Tolerated
from reconciler.model.address import ORG, Address, Selector
from reconciler.model.drift_policy import Acknowledged, DriftPolicy
from reconciler.model.finding import Finding
from reconciler.model.manifest import Manifests
from reconciler.model.origin import Origin
from reconciler.model.value import Ref
from reconciler.planning.resolve import DesiredState, manifest_digest, resolve
from tests.support.build import TODAY, VAULT, manifests, metrics

SHARED = {
    "divisions": [{"key": "shared", "name": "Shared"}],
    "roles": [
        {"key": "s", "name": "S", "permissions": ["a:b:c"]},
        {"key": "both", "name": "B", "permissions": ["a:b:c"]},
    ],
}
GLOBEX = {
    "divisions": [{"key": "g", "name": "G"}],
    "roles": [{"key": "theirs", "name": "T", "permissions": ["a:b:c"]}],
}
ROLES = [
    {"key": "r", "name": "R", "permissions": ["a:b:c"]},
    {"key": "both", "name": "B2", "permissions": ["a:b:c"]},
]
SHARE = {"reason": "r", "owner": "o", "expires": "2027-06-30"}


def world(*grants: Any, divisions: Any = ("us", "ca"), **tenant: Any) -> Manifests:
    walls = [{"key": key, "name": key.upper()} for key in divisions]
    acme = {"divisions": walls, "roles": ROLES, "clients": [metrics(*grants)]} | tenant
    return manifests(SHARED, acme=acme, globex=GLOBEX)


def resolved(wanted: Manifests, today: date = TODAY) -> tuple[DesiredState, tuple[Finding, ...]]:
    return resolve(wanted, REGISTRY, today)


def pairs(wanted: Manifests, today: date = TODAY) -> set[tuple[str, str]]:
    desired, findings = resolved(wanted, today)
    assert [item.rule for item in findings if item.rule != "manifest/share-ends"] == []
    held = desired.resources[Address("acme", "client", "metrics")].fields["grants"]
    return {(_said(role), _said(division)) for role, division in held}


def _said(value: Any) -> str:
    return str(value.address) if isinstance(value, Ref) else value


def mistakes(wanted: Manifests) -> list[tuple[str, str]]:
    return [(item.rule.removeprefix("manifest/"), str(item.location)) for item in resolved(wanted)[1]]


@pytest.mark.parametrize(
    ("role", "means"),
    [
        ("r", "acme/role/r"),
        ("s", "org/role/s"),
        ("org/both", "org/role/both"),
        ("acme/both", "acme/role/both"),
    ],
)
def test_a_role_is_ones_own_or_the_organisations(role: str, means: str) -> None:
    assert pairs(world({"role": role, "divisions": ["us"]})) == {(means, "acme/division/us")}


@pytest.mark.parametrize(
    ("divisions", "means"),
    [
        (["us"], {"acme/division/us"}),
        ("own", {"acme/division/us", "acme/division/ca"}),
        (["acme/ca", "org/shared"], {"acme/division/ca", "org/division/shared"}),
    ],
)
def test_divisions_are_ones_own_or_named_with_their_owner(divisions: Any, means: set[str]) -> None:
    assert {division for _, division in pairs(world({"role": "r", "divisions": divisions}))} == means


GRANT = "acme.yaml#0/spec/clients/0/grants/0"


@pytest.mark.parametrize(
    ("grant", "rule", "place"),
    [
        ({"role": "nope", "divisions": "own"}, "unknown-reference", "/role"),
        ({"role": "both", "divisions": "own"}, "ambiguous-reference", "/role"),
        ({"role": "globex/theirs", "divisions": "own"}, "foreign-role", "/role"),
        ({"role": "org/nope", "divisions": "own"}, "unknown-reference", "/role"),
        ({"role": "r", "divisions": ["us", "nope"]}, "unknown-reference", "/divisions/1"),
        ({"role": "r", "divisions": ["shared"]}, "unknown-reference", "/divisions/0"),
        ({"role": "r", "divisions": ["globex/g"]}, "missing-share", "/divisions"),
        ({"role": "r", "divisions": ["us"], "share": SHARE}, "needless-share", "/share"),
        ({"role": "r", "divisions": "own", "share": SHARE}, "needless-share", "/share"),
        ({"role": "r", "divisions": ["org/shared"], "share": SHARE}, "needless-share", "/share"),
        ({"role": "r", "divisions": "*"}, "everywhere", "/divisions"),
    ],
)
def test_a_mistake_stands_at_its_place(grant: Any, rule: str, place: str) -> None:
    assert mistakes(world(grant)) == [(rule, GRANT + place)]


def test_own_means_nothing_where_nothing_is_declared() -> None:
    assert mistakes(world({"role": "r", "divisions": "own"}, divisions=())) == [
        ("no-own-divisions", f"{GRANT}/divisions")
    ]


@pytest.mark.parametrize(
    ("role", "remedy"),
    [("rr", "did you mean `r`?"), ("zzz", "declared are `r`, `both`, `s`, `both`")],
)
def test_a_wrong_name_is_answered_with_the_right_ones(role: str, remedy: str) -> None:
    (finding,) = resolved(world({"role": role, "divisions": "own"}))[1]
    assert finding.remedy == remedy


def test_where_nothing_is_declared_the_remedy_says_where_to() -> None:
    wanted = manifests(acme={"clients": [metrics({"role": "r", "divisions": ["us"]})]})
    assert [item.remedy for item in resolved(wanted)[1]] == [
        "declare it under `roles`",
        "declare it under `divisions`",
    ]


def test_a_wrong_grant_hides_no_other() -> None:
    wrong, right = {"role": "nope", "divisions": "own"}, {"role": "r", "divisions": ["us"]}
    desired, findings = resolved(world(wrong, right, wrong))
    assert len(findings) == 2
    assert len(desired.resources[Address("acme", "client", "metrics")].fields["grants"]) == 1


def test_only_shared_clients_may_be_everywhere_and_need_a_share() -> None:
    def shared(**more: Any) -> Manifests:
        return manifests({**SHARED, "clients": [metrics({"role": "s", "divisions": "*", **more})]})

    assert mistakes(shared()) == [("missing-share", "org.yaml#0/spec/clients/0/grants/0/divisions")]
    desired, findings = resolved(shared(share=SHARE))
    assert findings == ()
    assert desired.resources[Address(ORG, "client", "metrics")].fields["grants"] == {
        (Ref(Address(ORG, "role", "s")), "*")
    }


@pytest.mark.parametrize(
    ("today", "held", "warned"),
    [
        (date(2027, 5, 30), True, False),
        (date(2027, 5, 31), True, True),
        (date(2027, 6, 30), True, True),
        (date(2027, 7, 1), False, False),
    ],
)
def test_a_share_holds_through_its_last_day(today: date, held: bool, warned: bool) -> None:
    wanted = world({"role": "r", "divisions": ["globex/g"], "share": SHARE})
    desired, findings = resolved(wanted, today)
    client = desired.resources[Address("acme", "client", "metrics")]
    assert (bool(client.fields["grants"]), bool(findings), bool(desired.shared)) == (held, warned, held)
    assert client.remarks == (() if held else ("share expired 2027-06-30",))


def test_suspended_is_declared_without_grants_and_retired_is_not_declared() -> None:
    grant = {"role": "r", "divisions": "own"}
    desired, _ = resolved(world(grant, state="suspended"))
    client = desired.resources[Address("acme", "client", "metrics")]
    assert (client.fields["grants"], client.remarks) == (frozenset(), ("its tenant is suspended",))
    retired, _ = resolved(world(grant, state="retired"))
    assert {address.owner for address in retired.resources} == {"globex", "org"}
    assert retired.retired == {"acme"}


def test_the_rest_of_an_entry_goes_where_it_belongs() -> None:
    entry = metrics(id="0000000a-0000-4000-8000-000000000000", previously="globex/client")
    client = resolved(manifests(acme={"clients": [entry]}))[0].resources[Address("acme", "client", "metrics")]
    assert (client.pin, client.previously) == (entry["id"], Selector("globex", "client"))
    assert client.destination is not None and client.destination.path == "bpo/acme/metrics"


@pytest.mark.parametrize(
    ("sink", "remedy"), [("vaul", "did you mean `vault`?"), ("x", "define it under `sinks`")]
)
def test_an_unknown_sink_is_a_mistake(sink: str, remedy: str) -> None:
    wanted = manifests(acme={"clients": [metrics(secret={"sink": sink})]})
    assert mistakes(wanted) == [("unknown-sink", "acme.yaml#0/spec/clients/0/secret/sink")]
    assert remedy in resolved(wanted)[1][0].remedy


def test_two_things_of_one_kind_cannot_share_a_name() -> None:
    walls = [{"key": "a", "name": "One"}, {"key": "b", "name": "ONE"}, {"key": "c", "name": "Two"}]
    (finding,) = resolved(manifests(acme={"divisions": walls}))[1]
    assert (finding.rule, str(finding.location)) == (
        "manifest/duplicate-name",
        "acme.yaml#0/spec/divisions/1/name",
    )
    assert [str(item) for item in finding.related] == ["acme.yaml#0/spec/divisions/0"]


def test_what_a_kind_objects_to_is_shown_at_the_entry() -> None:
    assert mistakes(manifests(acme={"divisions": [{"key": "a"}]})) == [
        ("missing-field", "acme.yaml#0/spec/divisions/0")
    ]


EXCEPTION = OrgWideException("a:b:c", "r", "o", "2027-01-01", Origin("org.yaml"))

TOLERATED = Tolerated(
    Nature.PROGRAM, "legacy", frozenset({"Reader"}), Share("r", "o", "2027-01-01"), Origin("org.yaml")
)

ACKNOWLEDGED = Acknowledged(Selector("acme"), frozenset(), Share("r", "o", "2027-01-01"), Origin("org.yaml"))


@pytest.mark.parametrize(
    "policy",
    [
        {"region": "eu-west-1"},
        {"prune": True},
        {"protect": (Selector("acme"),)},
        {"org_wide": (EXCEPTION,)},
        {"reached_by": (TOLERATED,)},
        {"drift": DriftPolicy("downwards")},
        {"drift": DriftPolicy(acknowledged=(ACKNOWLEDGED,))},
        {"sinks": {"vault": replace(VAULT, settings={"path": "elsewhere"})}},
        {"new_clients": "active-grantless"},
        {"hand_on": "borrow"},
    ],
)
def test_the_manifests_digest_follows_their_meaning(policy: dict[str, Any]) -> None:
    plain, other = manifests(SHARED, acme=GLOBEX), manifests(SHARED, policy=policy, acme=GLOBEX)
    assert manifest_digest(resolved(plain)[0]) == manifest_digest(resolved(plain)[0])
    assert manifest_digest(resolved(plain)[0]) != manifest_digest(resolved(other)[0])


def test_the_manifests_digest_does_not_follow_their_order() -> None:
    one = manifests(SHARED, acme=GLOBEX, globex={"divisions": [{"key": "x", "name": "X"}]})
    two = Manifests(one.org, one.shared, (), one.tenants[::-1])
    assert manifest_digest(resolved(one)[0]) == manifest_digest(resolved(two)[0])


def confined(*grants: Any, confine: Any, **shared: Any) -> Manifests:
    walls = [{"key": key, "name": key.upper()} for key in ("us", "ca")]
    client = metrics(*grants, confine=confine)
    acme = {"divisions": walls, "roles": ROLES, "clients": [client]}
    return manifests(SHARED | shared, acme=acme, globex=GLOBEX)


def test_a_ceiling_names_own_divisions_and_those_of_the_organisation() -> None:
    wanted = confined({"role": "r", "divisions": ["us"]}, confine=["acme/us", "org/shared"])
    desired, findings = resolved(wanted)
    ceiling = desired.resources[Address("acme", "client", "metrics")].ceiling
    assert findings == () and ceiling is not None
    assert {_said(wall) for wall in ceiling} == {"acme/division/us", "org/division/shared"}
    assert manifest_digest(desired) != manifest_digest(resolved(world({"role": "r", "divisions": ["us"]}))[0])


@pytest.mark.parametrize(
    ("grant", "where"),
    [
        ({"divisions": ["us", "ca"]}, "divisions/1"),
        ({"divisions": ["acme/ca"]}, "divisions/0"),
        ({"divisions": "own"}, "divisions"),
        ({"divisions": ["org/shared"]}, "divisions/0"),
        ({"divisions": ["globex/g"], "share": SHARE}, "divisions/0"),
    ],
)
def test_no_grant_leaves_the_ceiling_beside_it_whatever_its_tenant_owns(grant: Any, where: str) -> None:
    _, (finding,) = resolved(confined({"role": "r", **grant}, confine=["us"]))
    assert finding.rule == "manifest/beyond-confine"
    assert str(finding.location).endswith(f"/grants/0/{where}")
    assert [str(place).rpartition("/")[2] for place in finding.related] == ["confine"]


@pytest.mark.parametrize(
    ("confine", "rule"),
    [("globex/g", "confine"), ("shared", "unknown-reference"), ("gone", "unknown-reference")],
)
def test_a_ceiling_lies_within_its_tenant(confine: str, rule: str) -> None:
    (found,) = mistakes(confined({"role": "r", "divisions": ["us"]}, confine=["us", confine]))
    assert found[0] == rule and found[1].endswith("/confine/1")


def test_a_client_of_the_organisation_has_no_tenant_to_be_confined_within() -> None:
    client = metrics({"role": "s", "divisions": ["shared"]}, confine=["shared"])
    (found,) = mistakes(manifests(SHARED | {"clients": [client]}, globex=GLOBEX))
    assert found[0] == "confine"


def test_an_app_whose_users_sign_in_cannot_be_confined() -> None:
    app = {"key": "desk", "grantType": "CODE", "redirectUris": ["https://desk.example/cb"], "confine": ["us"]}
    (found,) = mistakes(world(clients=[app]))
    assert found[0] == "code-client" and found[1].endswith("/confine")
