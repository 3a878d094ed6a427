"""Isolation by the manifests alone, on public evidence."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.access import OrgWideException
from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.planning.offline import Evidence, judge_manifests
from reconciler.planning.resolve import resolve
from tests.support.build import TODAY, manifests, metrics

EVIDENCE = Evidence(
    confined=frozenset({"routing:queue:view"}),
    undecided=frozenset({"wfm:schedule:view"}),
    known=frozenset({"routing:queue:view", "wfm:schedule:view", "directory:user:view"}),
)
SHARE = {"reason": "r", "owner": "o", "expires": "2027-06-30"}


def judged(
    permission: str, divisions: Any = "own", confine: tuple[str, ...] = (), **policy: Any
) -> tuple[Finding, ...]:
    share = {} if divisions == "own" else {"share": SHARE}
    acme = {
        "divisions": [{"key": "us", "name": "US"}],
        "roles": [{"key": "r", "name": "R", "permissions": [permission]}],
        "clients": [
            metrics(
                {"role": "r", "divisions": divisions, **share}, **({"confine": confine} if confine else {})
            )
        ],
    }
    wanted = manifests(policy=policy, acme=acme, globex={"divisions": [{"key": "g", "name": "G"}]})
    desired, findings = resolve(wanted, REGISTRY, TODAY)
    assert findings == ()
    return judge_manifests(desired, REGISTRY, EVIDENCE, TODAY)


@pytest.mark.parametrize("permission", ["routing:queue:view", "wfm:schedule:view"])
def test_what_may_be_confined_is_left_to_the_live_catalogue(permission: str) -> None:
    assert judged(permission) == ()
    assert judged(permission, ["globex/g"]) == ()


def test_a_permission_that_no_division_confines_is_found_at_the_client() -> None:
    (finding,) = judged("directory:user:view")
    assert (finding.rule, finding.address) == ("isolation/org-wide", "acme/client/metrics")
    assert str(finding.location) == "acme.yaml#0/spec/clients/0"


def test_for_a_confined_client_it_is_its_ceiling_that_breaks() -> None:
    (finding,) = judged("directory:user:view", confine=("us",))
    assert finding.rule == "isolation/confined"
    assert finding.message.endswith("it is confined to acme/division/us, and no division confines that")
    assert judged("routing:queue:view", confine=("us",)) == ()


@pytest.mark.parametrize(("expires", "found"), [("2026-11-20", 0), ("2026-11-19", 1)])
def test_an_exception_counts_through_its_last_day(expires: str, found: int) -> None:
    excepted = OrgWideException("directory:user:view", "r", "o", expires, Origin("org.yaml"))
    assert len(judged("directory:user:view", org_wide=(excepted,))) == found


@pytest.mark.parametrize(
    ("permission", "remedy"),
    [("routing:queue:vew", "did you mean `routing:queue:view`?"), ("x:y:z", "check its spelling")],
)
def test_a_permission_nobody_knows_is_a_warning(permission: str, remedy: str) -> None:
    (warning,) = [item for item in judged(permission) if item.rule == "manifest/unknown-permission"]
    assert remedy in warning.remedy
    assert str(warning.location) == "acme.yaml#0/spec/roles/0/permissions"


def test_a_role_of_somebody_else_is_left_to_the_live_plan() -> None:
    held = metrics({"role": "sup", "divisions": "own"})
    shared = {"roles": [{"key": "sup", "existing": {"name": "Supervisor"}}]}
    wanted = manifests(shared, acme={"divisions": [{"key": "us", "name": "US"}], "clients": [held]})
    assert judge_manifests(resolve(wanted, REGISTRY, TODAY)[0], REGISTRY, EVIDENCE, TODAY) == ()
