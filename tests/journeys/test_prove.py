"""`prove` says what each tenant reaches and who reaches it, and names the shortest witness."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.isolation import check_certificate
from reconciler.simulator import find_seed
from tests.journeys.test_drift_command import QUEUES, grant, widen
from tests.journeys.world import World

CLIENT = "globex-bank/client/metrics"


def proof(world: World, code: int) -> dict[str, Any]:
    ran, writes = world.wrote("prove", "-o", "json")
    assert (ran.code, writes) == (code, []), ran.err
    found: dict[str, Any] = json.loads(ran.out)
    Draft202012Validator(json.loads(world.run("schema", "prove").out)).validate(found)
    return found


def verdicts(found: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {each["tenant"]: (each["reaches"], each["reachedBy"]) for each in found["tenants"]}


def move(world: World, queue: str, division: str) -> None:
    """A colleague puts a queue where it belongs."""
    where, what = world.row("divisions", division)["id"], world.row("queues", queue)["id"]
    world.drift("POST", f"authorization/divisions/{where}/objects/QUEUE", [what])


@pytest.fixture
def inhabited(settled: World) -> World:
    """Northwind with a queue behind each tenant's walls: what is empty proves nothing."""
    queues = [row["name"] for row in settled.sim.snapshot()["queues"]]
    for queue, division in zip(queues, ("ACME-US", "GLOBEX", "INITECH"), strict=False):
        move(settled, queue, division)
    return settled


def test_before_the_first_apply_there_is_nothing_to_prove(world: World) -> None:
    found = proof(world, 0)
    assert set(verdicts(found).values()) == {("VACUOUS", "VACUOUS")}
    assert {reason for each in found["tenants"] for reason in each["reasons"]} == {"it has no division"}


def test_a_settled_organisation_is_proved_with_what_is_outside_the_proof(inhabited: World) -> None:
    found = proof(inhabited, 0)
    assert verdicts(found) == {
        "acme-retail": ("PROVED", "PROVED"),
        "globex-bank": ("PROVED", "PROVED"),
        "initech-saas": ("EXCEPTED", "PROVED"),  # its desk app acts for whoever signs in
    }
    assert any("reads that need no permission" in line for line in found["outside"])
    (operator,) = (each for each in found["everywhere"] if each["standing"] == "operator")
    assert operator["subject"] == "client:nw-reconciler" and operator["places"] == ["org-wide"]


def test_a_grant_made_by_hand_is_a_leak_of_one_tenant_and_an_intrusion_into_the_other(
    inhabited: World,
) -> None:
    grant(inhabited, "globex-bank-metrics", QUEUES, "ACME-US")
    found = proof(inhabited, 8)
    by_name = {each["tenant"]: each for each in found["tenants"]}
    (leak,) = by_name["globex-bank"]["leaks"]
    assert (leak["rule"], leak["address"]) == ("isolation/foreign-division", CLIENT)
    assert leak["witness"][:2] == ["globex-bank-metrics", f"{QUEUES} in ACME-US"]
    (intruder,) = by_name["acme-retail"]["intruders"]
    assert (intruder["rule"], intruder["address"]) == ("isolation/reached-by-foreign", CLIENT)
    assert (by_name["acme-retail"]["reaches"], by_name["acme-retail"]["reachedBy"]) == ("PROVED", "LEAK")
    inhabited.settle("--deep")
    assert verdicts(proof(inhabited, 0))["globex-bank"] == ("PROVED", "PROVED")


def test_a_role_that_somebody_widens_leaks_for_everybody_who_holds_it(inhabited: World) -> None:
    widen(inhabited, QUEUES, "authorization:grant:add")
    found = proof(inhabited, 8)
    rules = {leak["rule"] for each in found["tenants"] for leak in each["leaks"]}
    assert rules == {"isolation/escalation"}
    ran = inhabited.run("prove")
    assert "grants itself any role in any division [isolation/escalation]" in " ".join(ran.out.split())
    assert ran.last.endswith("leaks · exit 8") and ran.last.startswith("proved from ")


def test_who_sees_only_a_part_proves_nothing(inhabited: World) -> None:
    role = {"name": "Half", "permissionPolicies": [
        {"domain": "authorization", "entityName": "role", "actionSet": ["view"]},
        {"domain": "authorization", "entityName": "grant", "actionSet": ["view"]},
    ]}  # fmt: skip
    made = inhabited.drift("POST", "authorization/roles", role)
    half = inhabited.drift(
        "POST",
        "oauth/clients",
        {
            "name": "half",
            "authorizedGrantType": "CLIENT-CREDENTIALS",
            "roleDivisions": [{"roleId": made["id"], "divisionId": "*"}],
        },
    )
    inhabited.sign_in(half["id"], half["secret"])
    found = proof(inhabited, 8)  # for it is nobody's, and reads the roles of all
    assert {each["reaches"] for each in found["tenants"]} <= {"UNKNOWN"}
    assert any(gap.startswith("clients: ") for gap in found["gaps"])


def test_of_a_group_that_is_hidden_from_us_everybody_may_be_a_member(
    make_world: Callable[..., World],
) -> None:
    world = make_world(seed=find_seed("northwind-broken"), switches={"hidden-groups": "hidden"})
    found = proof(world, 0)
    assert "members of 1 group nobody could read: everybody counts as one" in found["outside"]


def test_a_certificate_is_checked_by_somebody_who_has_only_the_checker(
    inhabited: World, tmp_path: Path
) -> None:
    path = tmp_path / "certificate.json"
    ran = inhabited.run("prove", "--certificate", str(path))
    assert ran.code == 0 and "certificate written to" in ran.err
    assert check_certificate.main(str(path)) == 0
    grant(inhabited, "globex-bank-metrics", QUEUES, "ACME-US")
    inhabited.run("prove", "--certificate", str(path))
    assert check_certificate.main(str(path)) == 0
    forged = path.read_text(encoding="utf-8").replace('"reaches": "LEAK"', '"reaches": "PROVED"')
    path.write_text(forged, encoding="utf-8")
    assert check_certificate.main(str(path)) == 1
    ran = inhabited.run("prove", "--certificate", str(tmp_path / "nowhere" / "certificate.json"))
    assert ran.code == 1 and "cannot write" in ran.err


def test_it_asks_what_a_deep_plan_asks_and_who_holds_each_role(inhabited: World) -> None:
    state = inhabited.sim.snapshot()
    holding = {row["subjectId"] for row in state["grants"] if row["subjectType"] == "PC_GROUP"}
    _, plan = inhabited.counted("plan", "--deep")
    _, prove = inhabited.counted("prove")
    views = len([each for each in prove if each.path.partition("?")[0].endswith("/subjectgrants")])
    of_plan = len([each for each in plan if each.path.partition("?")[0].endswith("/subjectgrants")])
    assert views == len(state["roles"])
    people, counts, limit, again = 1, 1, 1, 3  # a page each
    confined = [each for each in prove if "divisionspermitted" in each.path]
    once = people + counts + limit + again
    assert len(prove) == len(plan) - of_plan + views + once + len(holding) + len(confined)


def test_what_moves_while_it_is_read_proves_nothing(inhabited: World) -> None:
    row = inhabited.row("roles", QUEUES)
    pair = {"roleId": row["id"], "divisionId": inhabited.row("divisions", "ACME-US")["id"]}
    subject = inhabited.row("clients", "globex-bank-metrics")["id"]
    path = f"/api/v2/authorization/subjects/{subject}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    grants = {"method": "POST", "path": path, "body": {"grants": [pair]}}
    views = "/api/v2/authorization/roles/*/subjectgrants"
    inhabited.sim.faults([{"kind": "edit", "path": views, "nth": 1, "edits": [grants]}])
    found = proof(inhabited, 8)  # the views show it already
    assert any("globex-bank-metrics reads differently in two places" in gap for gap in found["gaps"])
    assert verdicts(found)["acme-retail"] == ("UNKNOWN", "LEAK")


def test_a_role_that_is_edited_while_everything_is_read_is_noticed(inhabited: World) -> None:
    row = inhabited.row("roles", "Tenant Adherence")
    body = {"name": row["name"], "permissionPolicies": []}
    edit = {"method": "PUT", "path": f"/api/v2/authorization/roles/{row['id']}", "body": body}
    inhabited.sim.faults([{"kind": "edit", "path": "/api/v2/users", "nth": 1, "edits": [edit]}])
    found = proof(inhabited, 7)
    assert f"roles changed while they were read: {row['id']}" in found["gaps"]
    assert {each["reaches"] for each in found["tenants"]} == {"UNKNOWN"}


def test_an_app_needs_somebody_who_answers_for_its_users_until_a_day(inhabited: World) -> None:
    inhabited.change("tenants/initech-saas.yaml", "expires: 2027-06-30", "expires: 2026-12-01")
    ran = inhabited.run("validate")
    assert ran.code == 0 and "[manifest/share-ends]" in ran.out
    ran = inhabited.run("prove")
    assert "initech-saas/client/desk acts for whoever signs in: our supervisors help out" in " ".join(
        ran.out.split()
    )
    inhabited.let_pass(days=30)
    found = {each["tenant"]: each for each in proof(inhabited, 7)["tenants"]}
    assert found["initech-saas"]["reaches"] == "UNKNOWN"
    assert "acts with the access of whoever signs in" in found["initech-saas"]["reasons"][0]
