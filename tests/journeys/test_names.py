"""Names change, keys change, owners change: the object stays the same one."""

from __future__ import annotations

import pytest

from tests.journeys.world import APPLY, World

ACME = "tenants/acme-retail.yaml"


def test_a_renamed_object_keeps_its_id(settled: World) -> None:
    division = settled.row("divisions", "ACME-CA")["id"]
    client = settled.row("clients", "acme-adherence")["id"]
    settled.change(ACME, "ACME-CA", "ACME-CANADA")
    settled.change(ACME, "name: acme-adherence", "name: acme-wfm")
    settled.settle()
    assert settled.row("divisions", "ACME-CANADA")["id"] == division
    assert settled.row("clients", "acme-wfm")["id"] == client
    assert settled.apply().last.startswith("nothing to do")


def test_a_renamed_key_keeps_its_object_its_secret_and_its_grants(settled: World) -> None:
    before = settled.row("clients", "acme-adherence")
    settled.change(ACME, "key: adherence", "key: wfm\n      previously: acme-retail/client/adherence")
    settled.settle()
    after = settled.row("clients", "acme-adherence")
    assert after["id"] == before["id"] and "/acme-retail/client/wfm@" in after["description"]
    assert settled.grants("acme-adherence") == {("Tenant Adherence", "ACME-US")}
    secret = settled.delivered()["acme-retail/client/adherence"]
    assert settled.signs_in(secret["clientId"], secret["clientSecret"])
    assert settled.apply().last.startswith("nothing to do")


def test_a_renamed_division_key_keeps_the_wall_and_who_is_behind_it(settled: World) -> None:
    division = settled.row("divisions", "ACME-US")["id"]
    settled.change(ACME, "{key: us, name", "{key: usa, previously: acme-retail/division/us, name")
    settled.change(ACME, "divisions: [us]", "divisions: [usa]")
    access = settled.access()
    settled.settle()
    assert settled.row("divisions", "ACME-US")["id"] == division and settled.access() == access
    assert settled.apply().last.startswith("nothing to do")


def test_without_previously_a_renamed_key_is_a_conflict_with_its_own_object(settled: World) -> None:
    settled.change(ACME, "key: adherence", "key: wfm")
    ran = settled.run("plan")
    assert ran.code == 4 and "previously: acme-retail/client/adherence" in ran.out.replace("\n", " ")


def test_a_division_renamed_and_changed_by_hand_waits_for_its_id(settled: World) -> None:
    row = settled.row("divisions", "ACME-CA")
    settled.drift(
        "PUT", f"authorization/divisions/{row['id']}", {"name": "OTHER", "description": row["description"]}
    )
    settled.change(ACME, "divisions: [us]}", "divisions: [us, ca]}")
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 4 and writes == [], ran.out
    assert f"id: {row['id']}" in " ".join(ran.out.split())
    settled.change(ACME, "{key: ca,", f"{{key: ca, id: {row['id']},")
    settled.settle()
    assert settled.row("divisions", "ACME-CA")["id"] == row["id"]
    assert ("Tenant Adherence", "ACME-CA") in settled.grants("acme-adherence")


@pytest.mark.parametrize("by", ["true", "id"])
def test_an_object_that_was_there_is_adopted_first_and_changed_next(world: World, by: str) -> None:
    made = world.drift("POST", "authorization/divisions", {"name": "ACME-CA", "description": "by hand"})
    adopt = "true" if by == "true" else made["id"]
    world.change(ACME, "{key: ca,", f"{{key: ca, adopt: {adopt},")
    first = world.apply()
    assert first.code == 0 and "1 adopted" in first.last
    row = world.row("divisions", "ACME-CA")
    assert row["id"] == made["id"] and row["description"].startswith("by hand [reconciler:")
    second = world.apply()
    assert second.code == 0 and "1 updated" in second.last
    assert world.row("divisions", "ACME-CA")["description"].startswith("Acme Retail, Canada [reconciler:")
    assert world.apply().last.startswith("nothing to do")


def test_an_adopted_client_keeps_its_grants_until_the_run_after(world: World) -> None:
    home = next(row["id"] for row in world.sim.snapshot()["divisions"] if row["homeDivision"])
    role = world.row("roles", "Supervisor")["id"]
    body = {
        "name": "acme-adherence",
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "roleDivisions": [{"roleId": role, "divisionId": home}],
    }
    made = world.drift("POST", "oauth/clients", body)
    # Whoever edits a client must hold what it holds, and what is not ours is never borrowed.
    held = {"grants": body["roleDivisions"]}
    world.drift("POST", "authorization/subjects/operator/bulkadd?subjectType=PC_OAUTH_CLIENT", held)
    world.change(ACME, "key: adherence\n", f"key: adherence\n      adopt: {made['id']}\n")
    world.settle()
    assert world.grants("acme-adherence") == {("Supervisor", "Home")}
    world.settle()
    assert world.grants("acme-adherence") == {("Tenant Adherence", "ACME-US")}
    assert world.signs_in(made["id"], made["secret"])  # its secret is whoever's it was
