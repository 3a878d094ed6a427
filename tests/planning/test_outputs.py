"""An id is given out for what is applied and in no doubt; all of a tenant's, or none."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.kinds import REGISTRY
from reconciler.model.manifest import Manifests
from reconciler.model.outputs import Known, KnownClient, Outputs
from reconciler.model.secret import Destination
from reconciler.planning.outputs import outputs, require, sources
from tests.support.build import HOME_BODY, TODAY, client, division, live, manifests, marked, role, uid

SHARE = {"reason": "planning", "owner": "wfm@northwind.example", "expires": "2027-06-30"}
READER = {"key": "reader", "name": "Reader", "permissions": ["routing:queue:view"]}
HOSTS = ("api.mypurecloud.com", "login.mypurecloud.com")


def acme(state: str = "active", **entry: Any) -> Manifests:
    """A tenant of two divisions whose client also reaches the shared one and, by a share, another's."""
    grants = [
        {"role": "reader", "divisions": ["us", "org/shared"]},
        {"role": "reader", "divisions": ["globex/main"], "share": SHARE},
    ]
    return manifests(
        {
            "divisions": [{"key": "shared", "name": "NW-Shared"}, {"key": "unused", "name": "Unused"}],
            "roles": [READER],
        },
        acme={
            "state": state,
            "divisions": [{"key": "us", "name": "ACME-US", **entry}, {"key": "ca", "name": "ACME-CA"}],
            "clients": [{"key": "metrics", "grants": grants, "secret": {"sink": "vault"}}],
        },
        globex={"divisions": [{"key": "main", "name": "GLOBEX"}]},
    )


US = marked(division(1, "ACME-US"), "acme/division/us")
REST = (
    HOME_BODY,
    marked(division(2, "ACME-CA"), "acme/division/ca"),
    marked(division(3, "NW-Shared"), "org/division/shared"),
    marked(division(4, "GLOBEX"), "globex/division/main"),
)
CLIENT = marked(client(7, "acme-metrics"), "acme/client/metrics")


def given(wanted: Manifests, us: dict[str, Any] = US, metrics: dict[str, Any] = CLIENT) -> Outputs:
    roles = [marked(role(5, "Reader", "routing:queue:view"), "org/role/reader")]
    seen = live(divisions=[us, *REST], roles=roles, clients=[metrics])
    return outputs(wanted, seen, "acme", HOSTS, TODAY, REGISTRY)


def refusal(wanted: Manifests, *bodies: dict[str, Any]) -> str:
    with pytest.raises(UsageError) as refused:
        given(wanted, *bodies)
    return refused.value.message


def test_a_tenant_is_told_its_own_and_what_its_grants_name_as_its_manifest_calls_them() -> None:
    found = given(acme())
    assert found.divisions == {
        "ca": Known(uid(2), "ACME-CA"),
        "globex/main": Known(uid(4), "GLOBEX"),
        "org/shared": Known(uid(3), "NW-Shared"),
        "us": Known(uid(1), "ACME-US"),
    }
    assert list(found.divisions) == sorted(found.divisions)
    place = Destination("vault", "bpo/acme/metrics", "vault")
    assert found.clients == {"metrics": KnownClient(uid(7), "acme-metrics", place)}
    assert (found.api_host, found.login_host, found.region) == (*HOSTS, "us-east-1")


def test_a_suspended_tenant_keeps_its_own_ids() -> None:
    found = given(acme("suspended"))
    assert list(found.divisions) == ["ca", "us"] and list(found.clients) == ["metrics"]


def test_a_secret_on_its_way_is_said() -> None:
    waiting = marked(client(7, "acme-metrics"), "acme/client/metrics", nonce="0a1b2c3d")
    assert given(acme(), US, waiting).clients["metrics"].awaited


def test_an_adopted_clients_secret_lies_nowhere_that_we_know_of() -> None:
    wanted = manifests(acme={"clients": [{"key": "metrics", "secret": {"sink": "external"}}]})
    assert given(wanted).clients["metrics"].secret is None


def test_what_is_not_applied_is_named_and_nothing_is_given_out() -> None:
    assert "acme/division/us is not applied yet" in refusal(acme(), division(1, "Elsewhere"))
    said = refusal(acme(), division(1, "Elsewhere"), client(7, "somebody"))
    assert "acme/division/us" in said and "acme/client/metrics is not applied yet" in said


def test_a_stranger_of_the_same_name_is_not_given_out() -> None:
    assert "a division `ACME-US` exists and is not ours" in refusal(acme(), division(1, "ACME-US"))
    assert "acme/division/us is not taken over yet" in refusal(acme(adopt=True), division(1, "ACME-US"))


def test_an_object_that_may_carry_a_copied_marker_is_not_given_out() -> None:
    copied = marked(division(1, "Renamed", "and changed"), "acme/division/us", hash8="1abcdef0")
    assert "it may carry a copied marker" in refusal(acme(), copied)
    assert given(acme(id=uid(1)), copied).divisions["us"] == Known(uid(1), "Renamed")


def test_two_objects_with_one_marker_are_not_given_out() -> None:
    twin = marked(division(8, "ACME-US"), "acme/division/us")
    seen = live(divisions=[US, twin, *REST], clients=[CLIENT])
    with pytest.raises(UsageError, match="2 live objects carry this marker"):
        outputs(acme(), seen, "acme", HOSTS, TODAY, REGISTRY)


@pytest.mark.parametrize(
    ("wanted", "tenant", "said"),
    [
        (acme(), "acmee", "did you mean `acme`?"),
        (acme(), "org", "give the tenant's name"),
        (acme("retired"), "acme", "acme is retired"),
    ],
    ids=["misspelt", "no-tenant", "retired"],
)
def test_there_must_be_such_a_tenant(wanted: Manifests, tenant: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        require(wanted, tenant)
    assert said in str(refused.value)


def test_roles_and_people_are_not_asked_about() -> None:
    assert sources(REGISTRY).names == ("division", "client")
