"""What is wrong beside is judged before it is there: by manifests alone, and by what a plan adds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan
from reconciler.planning.alone import faults_alone
from reconciler.planning.digest import digest_of
from reconciler.planning.resolve import resolve
from tests.support.build import (
    CATALOGUE,
    FREE,
    HOME_BODY,
    client,
    division,
    guards,
    live,
    manifests,
    marked,
    metrics,
    options,
    plan,
    role,
    uid,
)

US = {"key": "us", "name": "ACME-US"}
READER = {"key": "r", "name": "Reader", "permissions": ["routing:queue:view"]}
GRANT = {"role": "r", "divisions": "own"}
DESK: dict[str, Any] = {"key": "metrics", "grantType": "CODE", "redirectUris": ["https://desk.example.org"]}


def tenant(client: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"divisions": [US], "roles": [READER], "clients": [client or metrics(GRANT)]} | more


def reading(*permissions: str) -> dict[str, Any]:
    return tenant(roles=[{**READER, "permissions": list(permissions)}])


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "clients/long-token": (
        tenant(metrics(GRANT, tokenSeconds=86_401)),
        tenant(metrics(GRANT, tokenSeconds=86_400)),
        "acme/client/metrics",
        "acme.yaml#0/spec/clients/0/tokenSeconds",
    ),
    "clients/wide-scopes": (
        tenant({**DESK, "scopes": ["oauth"]}),
        tenant({**DESK, "scopes": ["oauth:readonly", "routing"]}),
        "acme/client/metrics",
        "acme.yaml#0/spec/clients/0/scopes",
    ),
    "roles/whole-recordings": (
        reading("recording:recording:view"),
        reading("recording:recordingSegment:view"),
        "acme/role/r",
        "acme.yaml#0/spec/roles/0/permissions",
    ),
    "roles/integrations": (
        reading("integrations:action:execute"),
        reading("routing:queue:view"),
        "acme/role/r",
        "acme.yaml#0/spec/roles/0/permissions",
    ),
    "names/twins": (
        tenant(divisions=[{"key": "ca", "name": "ACME US"}, US]),
        tenant(divisions=[{"key": "ca", "name": "ACME CA"}, US]),
        "acme/division/ca",
        "acme.yaml#0/spec/divisions/0",
    ),
}
"""Rule → what breaks it in manifests, what nearly does, and what and where the finding is about."""


def alone(acme: dict[str, Any], shared: dict[str, Any] | None = None) -> tuple[Finding, ...]:
    desired, findings = resolve(manifests(shared, acme=acme), REGISTRY, options().today)
    assert findings == ()
    return faults_alone(desired, REGISTRY, options())


@pytest.mark.parametrize("rule", CASES)
def test_what_manifests_alone_show_is_found_at_its_entry(rule: str) -> None:
    broken, _, address, location = CASES[rule]
    (finding,) = alone(broken)
    assert (finding.rule, finding.address, str(finding.location)) == (rule, address, location)
    assert finding.witness and finding.remedy


@pytest.mark.parametrize("rule", CASES)
def test_and_its_near_miss_is_not(rule: str) -> None:
    assert alone(CASES[rule][1]) == ()


def test_what_is_only_referred_to_is_judged_where_the_organisation_says_what_it_is() -> None:
    vendors = {"roles": [{"key": "sup", "existing": {"name": "Supervisor"}}]}
    holding = tenant(metrics({"role": "sup", "divisions": "own"}))
    assert alone(holding, vendors) == ()
    builtin = role(4, "Supervisor", "routing:queue:view", default=True)
    made = plan(manifests(vendors, acme=holding), live(divisions=[HOME_BODY], roles=[builtin]))
    (finding,) = made.findings
    assert (finding.rule, finding.address) == ("clients/default-role", "acme/client/metrics")


def test_the_organisations_own_clients_are_not_judged() -> None:
    shared = {"roles": [READER], "clients": [metrics(tokenSeconds=172_800)]}
    assert alone({"divisions": [US]}, shared) == ()


CONFINED_HERE = ("recording:recording:view", "recording:recordingSegment:view", "integrations:action:execute")


def planned(acme: dict[str, Any], **body: Any) -> Plan:
    held = marked(client(3, "acme-metrics", (4, 1), **body), "acme/client/metrics")
    state = live(
        divisions=[HOME_BODY, marked(division(1, "ACME-US"), "acme/division/us")],
        roles=[marked(role(4, "Reader", "routing:queue:view"), "acme/role/r")],
        clients=[held, client(7, "by-hand", (4, 1), accessTokenValiditySeconds=172_800)],
        catalogue=CATALOGUE | dict.fromkeys(CONFINED_HERE, True),
    )
    return plan(manifests(policy=FREE, acme=acme), state)


@pytest.mark.parametrize("rule", CASES)
def test_a_plan_tells_what_it_adds(rule: str) -> None:
    broken, near, address, location = CASES[rule]
    (found,) = [each for each in planned(broken).findings if each.rule == rule]
    assert (found.address, str(found.location)) == (address, location)
    assert rule not in {each.rule for each in planned(near).findings}


def test_a_plan_leaves_what_is_there_already_to_prove() -> None:
    """The token is long before and after, another field changes; nobody's client is somebody else's plan."""
    broken = CASES["clients/long-token"][0]
    renamed = tenant({**broken["clients"][0], "description": "new"})
    made = planned(renamed, accessTokenValiditySeconds=86_401)
    assert [str(each.address) for each in made.running] == ["acme/client/metrics"]
    assert made.findings == ()


def test_a_plan_looks_at_whoever_is_called_like_what_it_renames() -> None:
    """Of all that it does not touch, what its judgement hangs on: here a division of somebody else's name."""
    walls = [division(1, "ACME-US"), division(2, "ACME-CA"), division(3, "elsewhere")]
    state = live(divisions=[HOME_BODY, marked(walls[0], "acme/division/us"), *walls[1:]])
    made = plan(manifests(policy=FREE, acme={"divisions": [{"key": "us", "name": "Acme Ca"}]}), state)
    assert [(each.rule, each.address) for each in made.findings] == [("names/twins", uid(2))]


def test_a_plan_says_nothing_of_what_it_holds_back() -> None:
    broken = CASES["clients/long-token"][0]
    state = live(
        divisions=[HOME_BODY, marked(division(1, "ACME-US"), "acme/division/us")],
        roles=[marked(role(4, "Reader", "routing:queue:view"), "acme/role/r")],
        clients=[client(3, "acme-metrics", (4, 1))],
    )
    made = plan(manifests({"divisions": [{"key": "x", "name": "X"}]}, policy=FREE, acme=broken), state)
    assert guards(made) == {"acme/client/metrics": "conflict"} and made.running
    assert made.findings == ()


def test_the_digest_does_not_hang_on_what_is_noticed() -> None:
    made = planned(CASES["clients/long-token"][0])
    assert made.findings and digest_of(replace(made, findings=())) == made.digest
