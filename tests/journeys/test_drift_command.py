"""`drift` names what somebody did by hand, what it lets people do now, and whose hand it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.journeys.world import APPLY, World

METRICS, ROLE = "globex-bank/client/metrics", "org/role/wfm-adherence"
QUEUES = "Tenant Queue Metrics"
NARROW = (*APPLY, "--revoke-only")


def put(world: World, name: str, **fields: Any) -> None:
    """A colleague edits a client on its page."""
    row = world.row("clients", name)
    known = ("name", "description", "authorizedGrantType", "accessTokenValiditySeconds", "state")
    body = {key: row[key] for key in (*known, "roleDivisions")} | fields
    world.drift("PUT", f"oauth/clients/{row['id']}", body)


def grant(world: World, client: str, role: str, division: str) -> None:
    """A colleague grants a pair through the subjects API; the client itself does not say so."""
    body = {
        "grants": [
            {"roleId": world.row("roles", role)["id"], "divisionId": world.row("divisions", division)["id"]}
        ]
    }
    subject = world.row("clients", client)["id"]
    world.drift("POST", f"authorization/subjects/{subject}/bulkadd?subjectType=PC_OAUTH_CLIENT", body)


def widen(world: World, role: str, permission: str) -> None:
    """A colleague adds a permission to a role."""
    row = world.row("roles", role)
    domain, entity, action = permission.split(":")
    policy = {"domain": domain, "entityName": entity, "actionSet": [action]}
    policies = [*row["permissionPolicies"], policy]
    body = {"name": row["name"], "description": row["description"], "permissionPolicies": policies}
    world.drift("PUT", f"authorization/roles/{row['id']}", body)


def quiet(world: World) -> None:
    ran = world.run("drift")
    assert (ran.code, ran.out.count("\n")) == (0, 1), ran.out
    assert ran.out.startswith("drift: 0 objects, 0 leaks · access +0 -0 · exit 0 · northwind: 18 objects")


@pytest.fixture(params=["yes", "no"])
def both(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> World:
    """Northwind after its first apply; a grant of the subjects API shows on the client, or does not."""
    world = make_world(switches={"bulkadd-visible": request.param})
    world.settle()
    return world


def test_drift_names_what_two_colleagues_did_and_apply_puts_it_right(both: World) -> None:
    quiet(both)
    before = both.access()
    grant(both, "globex-bank-metrics", QUEUES, "ACME-US")
    widen(both, "Tenant Adherence", "wfm:schedule:view")
    ran, writes = both.wrote("drift")
    assert (ran.code, writes) == (8, [])
    assert METRICS in ran.out and "can now view queues" in ran.out
    assert "[isolation/foreign-division]" in ran.out and "granted 20" in ran.out
    assert ROLE in ran.out and "can now view schedules in ACME-US" in ran.out
    assert "by: the audit API would know" in ran.out
    assert "narrow now: reconciler apply --revoke-only" in ran.out
    assert ran.last.startswith("drift: 2 objects, 1 leaks · access +") and ran.last.endswith("-0 · exit 8")
    both.settle("--deep")
    assert both.access() == before
    quiet(both)
    assert both.apply("--deep").last.startswith("nothing to do")


def test_without_a_leak_it_is_exit_2(settled: World) -> None:
    widen(settled, "Tenant Adherence", "wfm:schedule:view")
    ran = settled.run("drift")
    assert ran.code == 2 and ran.last == "drift: 1 objects, 0 leaks · access +1 -0 · exit 2"
    settled.settle()
    quiet(settled)


def test_a_hand_on_the_clients_page_is_named_with_its_time(settled: World) -> None:
    settled.let_settle()
    put(settled, "acme-adherence", accessTokenValiditySeconds=86_400)
    ran = settled.run("drift", "-o", "json")
    (item,) = ran.json["objects"]
    row = settled.row("clients", "acme-adherence")
    assert (ran.code, item["address"], item["id"]) == (2, "acme-retail/client/adherence", row["id"])
    assert (item["cause"], item["severity"]) == ("drift", "medium")
    assert (item["modifiedBy"], item["modifiedAt"]) == (row["modifiedBy"]["name"], row["dateModified"])
    Draft202012Validator(settled.run("schema", "drift").json).validate(ran.json)


def test_what_the_manifests_changed_is_pending_and_no_reason_for_a_code(settled: World) -> None:
    settled.change("tenants/acme-retail.yaml", "Acme Retail, Canada", "Acme in Canada")
    ran = settled.run("drift")
    assert (ran.code, ran.out.count("\n")) == (0, 1) and "1 pending (reconciler plan)" in ran.out


def test_a_client_deleted_by_hand_is_pending_since_nobody_can_tell(settled: World) -> None:
    put(settled, "acme-adherence", state="inactive")
    settled.drift("DELETE", f"oauth/clients/{settled.row('clients', 'acme-adherence')['id']}")
    widen(settled, "Tenant Adherence", "wfm:schedule:view")
    ran = settled.run("drift", "-o", "json")
    assert ran.json["pending"] == [{"address": "acme-retail/client/adherence", "action": "create"}]
    assert "deleted by hand" in settled.run("drift").out.replace("\n  ", " ")


def test_revoke_only_takes_what_nobody_declared_and_leaves_the_rest(both: World) -> None:
    before = both.access()
    grant(both, "globex-bank-metrics", QUEUES, "ACME-US")
    widen(both, "Tenant Adherence", "wfm:schedule:view")
    put(both, "nw-auditor", roleDivisions=[])
    both.change("tenants/acme-retail.yaml", "Acme Retail, Canada", "Acme in Canada")
    both.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    plan = both.run("plan", "--revoke-only", "--out", "plan.json")
    assert "access +0 -" in plan.last and "3 differences are left alone" in plan.out
    assert plan.last.startswith("plan: 0 to create, 1 to update, 0 to adopt, 1 to revoke, 0 to delete")
    ran = both.run("apply", "--revoke-only", "--approved", plan.digest)
    assert ran.code == 0, ran.out + ran.err
    lost = {cell for cell in before if cell[0] == "nw-auditor"}
    assert both.access() == before - lost
    assert both.apply("--revoke-only").last.startswith("nothing to do")
    assert both.run("drift").last.startswith("drift: 1 objects, 0 leaks · access +0 -3")
    both.settle()
    assert both.access() > before
    quiet(both)


def test_a_reviewed_plan_that_only_narrows_is_applied_from_its_file(settled: World) -> None:
    put(settled, "globex-bank-metrics", roleDivisions=[], accessTokenValiditySeconds=600)
    grant(settled, "globex-bank-metrics", QUEUES, "ACME-US")
    settled.run("plan", "--revoke-only", "--out", "plan.json")
    ran = settled.run("apply", "--plan", "plan.json", "--revoke-only")
    assert ran.code == 0 and settled.grants("globex-bank-metrics") == set()
    assert settled.row("clients", "globex-bank-metrics")["accessTokenValiditySeconds"] == 600


def test_drift_asks_what_a_plan_asks_and_one_thing_more_per_client_and_role(settled: World) -> None:
    clients = len(settled.names("clients"))
    roles = sum(settled.marker in row["description"] for row in settled.sim.snapshot()["roles"])
    roles -= 1  # who holds the one that people are given is asked by every plan
    _, plan = settled.counted("plan")
    for command in (("drift",), ("plan", "--deep"), ("plan", "--revoke-only"), (*APPLY, "--deep"), NARROW):
        ran, asked = settled.counted(*command)
        more = Counter(each.path.partition("?")[0] for each in asked)
        more -= Counter(each.path.partition("?")[0] for each in plan)
        assert ran.code == 0 and len(asked) == len(plan) + clients + roles
        assert sum(path.endswith("/subjectgrants") for path in more) == roles
        assert sum(path.startswith("/api/v2/authorization/subjects/") for path in more) == clients


def test_only_what_is_selected_is_reported(settled: World) -> None:
    widen(settled, "Tenant Adherence", "wfm:schedule:view")
    assert settled.run("drift", "--only", "globex-bank").code == 0
    assert settled.run("drift", "--only", "org/role").code == 2
    ran = settled.run("drift", "--only", "acme-retial")
    assert ran.code == 1 and "did you mean `acme-retail`?" in ran.err


@pytest.mark.parametrize("part", ["/api/v2/authorization/roles", "/api/v2/authorization/subjects/operator"])
def test_an_organisation_that_is_seen_only_in_part_is_exit_7(settled: World, part: str) -> None:
    """What is not seen may have drifted: no verdict."""
    settled.sim.faults([{"path": part, "kind": "status", "status": 403, "times": 99}])
    ran = settled.run("drift")
    assert ran.code == 7 and ran.out == ""


def test_mistakes_in_the_manifests_are_exit_3(settled: World) -> None:
    settled.change("tenants/acme-retail.yaml", "key: ca,", "key: us,")
    assert settled.run("drift").code == 3


def test_issues_are_written_for_whom_something_drifted_and_for_nobody_else(
    settled: World,
) -> None:
    widen(settled, "Tenant Adherence", "wfm:schedule:view")
    put(settled, "acme-adherence", accessTokenValiditySeconds=86_400)
    assert settled.run("drift", "--issues", "first").code == 2
    assert {each.name for each in (settled.place / "first").iterdir()} == {"org.md", "acme-retail.md"}
    assert "wfm:schedule:view" in (settled.place / "first" / "org.md").read_text("utf-8")
    again = settled.run("drift", "--issues", "first")
    assert again.code == 1 and "--issues" in again.err and again.out == ""
    settled.settle()
    assert settled.run("drift", "--issues", "second").code == 0
    assert list((settled.place / "second").iterdir()) == []


def test_no_issue_is_written_where_the_organisation_was_not_seen_whole(settled: World) -> None:
    settled.sim.faults([{"path": "/api/v2/oauth/clients", "kind": "status", "status": 403, "times": 9}])
    assert settled.run("drift", "--issues", "issues").code == 7
    assert not (settled.place / "issues").exists()
