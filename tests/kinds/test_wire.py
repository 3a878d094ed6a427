"""The wire: what is read is what was written, and what we do not model stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import REGISTRY
from reconciler.model.value import Fields, canonical
from tests.support.build import HOME_BODY, client, division, role, uid

IDS = st.integers(0, 9).map(uid)
TEXT = st.text(max_size=20)
PERMISSIONS = st.sampled_from(["a:b:c", "a:b:d", "a:e:c", "f:b:*", "routing:queue:view"])
CONDITIONS = st.one_of(
    st.just(""),
    st.fixed_dictionaries(
        {"conjunction": st.sampled_from(["AND", "OR"]), "terms": st.lists(IDS, max_size=2)}
    ).map(canonical),
)
DIVISIONS = st.fixed_dictionaries({"name": TEXT, "description": TEXT})
ROLES = st.fixed_dictionaries(
    {
        "name": TEXT,
        "description": TEXT,
        "permissions": st.frozensets(st.tuples(PERMISSIONS, CONDITIONS)),
        "otherPermissions": st.frozensets(st.sampled_from(["older", "oldest"])),
    }
)
PAIRS = st.frozensets(st.tuples(IDS, st.one_of(IDS, st.just("*"))))
CREDENTIALS = st.fixed_dictionaries(
    {
        "name": TEXT,
        "description": TEXT,
        "grantType": st.just("CLIENT-CREDENTIALS"),
        "tokenSeconds": st.integers(300, 172_800),
        "redirectUris": st.just(frozenset()),
        "scopes": st.just(frozenset()),
        "state": st.sampled_from(["active", "inactive"]),
        "grants": PAIRS,
    }
)
CODES = CREDENTIALS.flatmap(
    lambda fields: st.fixed_dictionaries(
        {
            **{name: st.just(value) for name, value in fields.items()},
            "grantType": st.sampled_from(["CODE", "TOKEN", "SAML2-BEARER"]),
            "redirectUris": st.frozensets(st.sampled_from(["https://a", "https://b"])),
            "scopes": st.frozensets(st.sampled_from(["routing", "users:readonly"])),
        }
    )
)


@given(fields=DIVISIONS)
def test_a_division_reads_as_it_was_written(fields: Fields) -> None:
    assert _round_trip("division", fields) == fields


@given(fields=ROLES, before=st.one_of(st.none(), ROLES))
def test_a_role_reads_as_it_was_written_whatever_was_there(fields: Fields, before: Fields | None) -> None:
    raw = REGISTRY["role"].write(before, None) if before else None
    assert REGISTRY["role"].read(REGISTRY["role"].write(fields, raw)) == fields


@given(fields=st.one_of(CREDENTIALS, CODES))
def test_a_client_reads_as_it_was_written(fields: Fields) -> None:
    assert _round_trip("client", fields) == fields


def _round_trip(name: str, fields: Fields) -> Fields:
    kind = REGISTRY[name]
    return kind.read(kind.write(fields, None))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("division", division(1, "D", futureField={"a": 1})),
        ("client", client(1, "C", futureField={"a": 1})),
    ],
)
def test_what_we_do_not_model_is_repeated(name: str, raw: dict[str, Any]) -> None:
    kind = REGISTRY[name]
    assert kind.write(kind.live(raw).fields, raw)["futureField"] == {"a": 1}


def test_a_role_is_sent_in_the_vendors_update_form() -> None:
    """It is a closed form: name, description, permissions and policies."""
    kind, raw = REGISTRY["role"], role(1, "R", "a:b:c", userCount=4, base=False)
    assert kind.write(kind.live(raw).fields, raw).keys() == {"name", "description", "permissionPolicies"}


def test_what_the_vendor_alone_sets_is_never_sent() -> None:
    raw = client(
        1,
        "C",
        (2, 3),
        secret="not-a-real-one",
        roleIds=["x"],
        scope=["users"],
        registeredRedirectUri=["https://a"],
        dateCreated="d",
        dateModified="d",
        createdBy={},
        modifiedBy={},
        selfUri="/x",
    )
    kind = REGISTRY["client"]
    assert kind.write(kind.live(raw).fields, raw).keys() == {
        "name",
        "description",
        "authorizedGrantType",
        "accessTokenValiditySeconds",
        "state",
        "roleDivisions",
    }
    assert REGISTRY["division"].write(DIVISION, HOME_BODY | {"selfUri": "/x", "objectCounts": {}}) == DIVISION


DIVISION = {"name": "D", "description": "d"}


def test_scopes_of_a_credentials_client_are_no_difference() -> None:
    """They have no effect and cannot be sent: a plan that saw them would never be done."""
    kind, raw = REGISTRY["client"], client(1, "C", scope=["users"], registeredRedirectUri=["https://a"])
    fields = kind.live(raw).fields
    assert (fields["scopes"], fields["redirectUris"]) == (frozenset(), frozenset())


@pytest.mark.parametrize(("state", "sent"), [("active", False), ("inactive", True)])
def test_a_revived_client_is_not_sent_with_the_day_of_its_removal(state: str, sent: bool) -> None:
    kind, raw = REGISTRY["client"], client(1, "C", state="inactive", dateToDelete="2027-01-01T00:00:00Z")
    body = kind.write({**kind.live(raw).fields, "state": state}, raw)
    assert ("dateToDelete" in body) is sent


def test_a_policy_keeps_what_we_do_not_model_of_it() -> None:
    node: dict[str, Any] = {"conjunction": "AND", "terms": [], "nothing": None}
    live = {"domain": "a", "entityName": "b", "actionSet": ["c"], "allowConditions": True, "policyName": None}
    raw = role(1, "R") | {"permissionPolicies": [live, {**live, "resourceConditionNode": node}]}
    kind = REGISTRY["role"]
    fields = kind.live(raw).fields
    plain, conditional = kind.write(fields, raw)["permissionPolicies"]
    assert plain == {"domain": "a", "entityName": "b", "actionSet": ["c"], "allowConditions": True}
    assert conditional == plain | {"resourceConditionNode": {"conjunction": "AND", "terms": []}}


def test_the_older_flat_list_counts_only_where_it_says_something_new() -> None:
    raw = role(1, "R", "a:b:c", permissions=["a:b:c", "legacy"])
    kind = REGISTRY["role"]
    fields = kind.live(raw).fields
    assert fields["otherPermissions"] == frozenset({"legacy"})
    assert {fact.permission for fact in kind.facts("x", fields)} == {"a:b:c", "legacy"}  # type: ignore[union-attr]  # a role's facts are Allows
    assert kind.write(fields, raw)["permissions"] == ["legacy"]


def test_conditions_never_hide_a_permission_from_the_proof() -> None:
    raw = role(1, "R") | {
        "permissionPolicies": [
            {"domain": "a", "entityName": "b", "actionSet": ["c"], "resourceConditionNode": {"terms": [1]}}
        ]
    }
    (fact,) = REGISTRY["role"].facts("x", REGISTRY["role"].live(raw).fields)
    assert tuple(fact) == ("x", "a:b:c", True)


@pytest.mark.parametrize(
    ("name", "raw"),
    [("division", {"deleted": True}), ("role", {"deleted": True}), ("client", {"state": "deleted"})],
)
def test_tombstones_are_told(name: str, raw: dict[str, Any]) -> None:
    gone = REGISTRY[name].collection.gone
    assert gone(raw)
    assert not gone({"state": "inactive"})


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("division", HOME_BODY, "Home"),
        ("division", division(1, "D"), ""),
        ("role", role(1, "R", default=True), "default"),
        ("role", role(1, "R", defaultRoleId="admin"), "default"),
        ("role", role(1, "R"), ""),
        ("client", client(1, "C"), ""),
    ],
)
def test_home_and_the_default_roles_are_protected(name: str, raw: dict[str, Any], said: str) -> None:
    protected = REGISTRY[name].live(raw).protected
    assert said in protected if said else not protected


def test_a_client_without_the_optional_fields_reads_as_the_vendors_defaults() -> None:
    fields = REGISTRY["client"].read({"id": "x"})
    assert (fields["tokenSeconds"], fields["state"], fields["grants"]) == (86_400, "active", frozenset())


def test_inherited_grants_are_not_the_clients_own() -> None:
    view = REGISTRY["client"].collection.second
    assert view is not None
    own = {"role": {"id": "r"}, "division": {"id": "d"}, "grantMadeAt": "2026-11-19T17:40:00Z"}
    later = {"role": {"id": "r"}, "division": {"id": "e"}, "subjectId": "me"}
    answer = {"grants": [own, later, {**own, "subjectId": "group", "division": {"id": "f"}}]}
    assert view.pairs("me", answer) == {("r", "d"): "2026-11-19T17:40:00Z", ("r", "e"): ""}
    assert view.pairs("me", {}) == {}
