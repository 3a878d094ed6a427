"""Somebody changed by hand what we last wrote: the plan says so, and apply puts it right."""

from __future__ import annotations

from typing import Any

from tests.journeys.world import APPLY, World


def _cause(world: World, address: str) -> str:
    changes = world.run("plan", "-o", "json").json["changes"]
    return str(next(item["cause"] for item in changes if item["address"] == address))


def _grant(world: World, client: str, role: str, division: str) -> None:
    """As an administrator does it on the client's page: the whole client is written."""
    row = world.row("clients", client)
    pair = {"roleId": world.row("roles", role)["id"], "divisionId": division}
    _put(world, row, roleDivisions=[*row["roleDivisions"], pair])


def _put(world: World, row: dict[str, Any], **fields: Any) -> None:
    known = ("name", "description", "authorizedGrantType", "accessTokenValiditySeconds", "state")
    body = {name: row[name] for name in (*known, "roleDivisions")} | fields
    world.drift("PUT", f"oauth/clients/{row['id']}", body)


def _repaired(world: World, before: Any) -> None:
    ran = world.apply()
    assert ran.code == 0, ran.out + ran.err
    assert world.access() == before
    again, writes = world.wrote(*APPLY)
    assert again.last.startswith("nothing to do") and writes == []


def test_a_grant_made_by_hand_is_drift_and_taken_back(settled: World) -> None:
    before = settled.access()
    _grant(settled, "globex-bank-metrics", "Tenant Queue Metrics", settled.row("divisions", "ACME-US")["id"])
    assert settled.access() != before
    plan = settled.run("plan")
    assert "ACME-US" in plan.out and "access +0 -4" in plan.last
    assert _cause(settled, "globex-bank/client/metrics") == "drift"
    _repaired(settled, before)


def test_a_grant_in_every_division_made_by_hand_is_taken_back(settled: World) -> None:
    before = settled.access()
    _grant(settled, "globex-bank-metrics", "Supervisor", "*")
    assert _cause(settled, "globex-bank/client/metrics") == "drift"
    _repaired(settled, before)


def test_a_grant_made_through_the_subjects_api_is_taken_back(settled: World) -> None:
    before = settled.access()
    client = settled.row("clients", "globex-bank-metrics")["id"]
    division, role = (
        settled.row("divisions", "ACME-US")["id"],
        settled.row("roles", "Tenant Recordings")["id"],
    )
    body = {"grants": [{"roleId": role, "divisionId": division}]}
    path = f"authorization/subjects/{client}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    settled.drift("POST", path, body)
    assert settled.access() != before
    _repaired(settled, before)


def test_a_role_widened_by_hand_is_drift_and_narrowed(settled: World) -> None:
    before = settled.access()
    row = settled.row("roles", "Tenant Queue Metrics")
    wider = [
        *row["permissionPolicies"],
        {"domain": "recording", "entityName": "recording", "actionSet": ["view"]},
    ]
    body = {"name": row["name"], "description": row["description"], "permissionPolicies": wider}
    settled.drift("PUT", f"authorization/roles/{row['id']}", body)
    assert _cause(settled, "org/role/queue-metrics") == "drift"
    _repaired(settled, before)


def test_an_object_deleted_by_hand_is_made_again(settled: World) -> None:
    before = settled.access()
    row = settled.row("clients", "acme-adherence")
    _put(settled, row, state="inactive")
    settled.drift("DELETE", f"oauth/clients/{row['id']}")
    _repaired(settled, before)
    secret = settled.delivered()["acme-retail/client/adherence"]
    assert secret["clientId"] != row["id"] and settled.signs_in(secret["clientId"], secret["clientSecret"])


def test_a_client_deactivated_by_hand_is_active_again(settled: World) -> None:
    before = settled.access()
    _put(settled, settled.row("clients", "acme-adherence"), state="inactive")
    assert _cause(settled, "acme-retail/client/adherence") == "drift"
    _repaired(settled, before)


def test_what_changed_on_both_sides_has_no_single_cause(settled: World) -> None:
    row = settled.row("divisions", "ACME-CA")
    marker = row["description"][row["description"].index("[reconciler:") :]
    settled.drift(
        "PUT", f"authorization/divisions/{row['id']}", {"name": "ACME-CA", "description": f"by hand {marker}"}
    )
    assert _cause(settled, "acme-retail/division/ca") == "drift"
    settled.change("tenants/acme-retail.yaml", "Acme Retail, Canada", "Acme in Canada")
    assert _cause(settled, "acme-retail/division/ca") == "unknown"
    _repaired(settled, settled.access())


def test_a_marker_wiped_by_hand_is_a_conflict_and_never_a_second_object(settled: World) -> None:
    row = settled.row("divisions", "ACME-CA")
    settled.drift("PUT", f"authorization/divisions/{row['id']}", {"name": "ACME-CA", "description": ""})
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 4 and writes == [] and row["id"] in ran.out
    settled.change("tenants/acme-retail.yaml", "{key: ca,", f"{{key: ca, adopt: {row['id']},")
    settled.settle()
    settled.settle()
    assert settled.apply().last.startswith("nothing to do")
