"""What leaves the manifests loses its access at once; objects go later, in two runs, with `prune` only."""

from __future__ import annotations

import pytest

from tests.journeys.world import APPLY, World


def _without_adherence(world: World) -> None:
    path = world.root / "tenants/acme-retail.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("  clients:")], "utf-8")


def _without_globex(world: World) -> None:
    (world.root / "tenants/globex-bank.yaml").unlink()


def test_a_client_that_leaves_loses_its_grants_at_once_and_is_kept(settled: World) -> None:
    _without_adherence(settled)
    ran = settled.apply()
    assert ran.code == 0 and "1 revoked" in ran.last
    assert settled.grants("acme-adherence") == set()
    assert settled.row("clients", "acme-adherence")["state"] == "active"
    plan = settled.run("plan", "--detailed-exitcode")
    assert plan.code == 0 and "1 orphan kept" in plan.out


def test_orphans_kept_are_no_reason_for_a_code(settled: World) -> None:
    _without_globex(settled)
    settled.settle("--allow", "removals=2")
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 0 and writes == []
    assert "GLOBEX" in settled.names("divisions")


def test_a_client_that_comes_back_gets_its_access_back(settled: World) -> None:
    text = (settled.root / "tenants/acme-retail.yaml").read_text("utf-8")
    client = settled.row("clients", "acme-adherence")["id"]
    _without_adherence(settled)
    settled.settle()
    settled.write("tenants/acme-retail.yaml", text)
    settled.settle()
    assert settled.row("clients", "acme-adherence")["id"] == client
    assert settled.grants("acme-adherence") == {("Tenant Adherence", "ACME-US")}


@pytest.fixture
def pruning(settled: World) -> World:
    settled.change("org.yaml", "prune: false", "prune: true")
    return settled


def test_with_prune_a_client_is_deactivated_first_and_deleted_by_a_later_run(pruning: World) -> None:
    _without_adherence(pruning)
    pruning.settle()
    row = pruning.row("clients", "acme-adherence")
    assert row["state"] == "inactive" and pruning.grants("acme-adherence") == set()
    pruning.settle()
    assert "acme-adherence" not in pruning.names("clients")
    assert pruning.apply().last.startswith("nothing to do")


def test_with_prune_a_tenant_needs_its_number_and_goes_in_two_runs(pruning: World) -> None:
    _without_globex(pruning)
    held, writes = pruning.wrote(*APPLY)
    assert held.code == 4 and writes == []
    for _ in range(4):
        ran = pruning.apply()
        removals = ran.out.partition("--allow removals=")[2].split()
        if removals:
            pruning.settle("--allow", f"removals={removals[0].rstrip('.')}")
    assert "GLOBEX" not in pruning.names("divisions")
    assert not {"globex-archive", "globex-bank-metrics"} & set(pruning.names("clients"))
    assert pruning.apply().last.startswith("nothing to do")


def test_with_prune_a_division_where_something_lives_is_kept(pruning: World) -> None:
    division = pruning.row("divisions", "ACME-CA")["id"]
    queue = pruning.row("queues", pruning.names("queues")[0])
    pruning.drift("POST", f"authorization/divisions/{division}/objects/QUEUE", [queue["id"]])
    pruning.change(
        "tenants/acme-retail.yaml",
        '    - {key: ca, name: ACME-CA, description: "Acme Retail, Canada"}\n',
        "",
    )
    ran = pruning.apply()
    assert ran.code == 4 and "not-empty" in ran.out and "still holds 1 queue" in " ".join(ran.out.split())
    assert "ACME-CA" in pruning.names("divisions")


def test_with_prune_a_division_is_kept_while_a_client_that_is_not_ours_holds_a_role_there(
    pruning: World,
) -> None:
    division, role = (
        pruning.row("divisions", "ACME-CA")["id"],
        pruning.row("roles", pruning.names("roles")[0]),
    )
    body = {"name": "by-hand", "authorizedGrantType": "CLIENT-CREDENTIALS", "description": ""}
    pair = {"roleId": role["id"], "divisionId": division}
    pruning.drift("POST", "oauth/clients", {**body, "roleDivisions": [pair]})
    pruning.change(
        "tenants/acme-retail.yaml",
        '    - {key: ca, name: ACME-CA, description: "Acme Retail, Canada"}\n',
        "",
    )
    ran = pruning.apply()
    assert ran.code == 4 and "a role is held there by by-hand" in " ".join(ran.out.split())
    assert "ACME-CA" in pruning.names("divisions") and len(pruning.grants("by-hand")) == 1


@pytest.mark.parametrize("state", ["suspended", "retired"])
def test_a_tenant_that_is_suspended_or_retired_loses_every_grant(settled: World, state: str) -> None:
    settled.change("tenants/globex-bank.yaml", "spec:\n", f"spec:\n  state: {state}\n")
    settled.settle("--allow", "removals=2")
    assert settled.grants("globex-archive") == settled.grants("globex-bank-metrics") == set()
    assert settled.grants("acme-adherence") != set()
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 0 and writes == []


def test_an_expired_share_is_revoked_by_the_next_apply(settled: World) -> None:
    settled.let_pass(days=300)  # the share ends on 2027-06-30
    ran = settled.apply()
    assert ran.code == 0 and settled.grants("nw-auditor") == set()


@pytest.fixture
def retiring(settled: World) -> World:
    """Globex retires; a queue and two people still live in its division."""
    division = settled.row("divisions", "GLOBEX")["id"]
    objects = f"authorization/divisions/{division}/objects"
    settled.drift("POST", f"{objects}/QUEUE", [settled.sim.snapshot()["queues"][0]["id"]])
    settled.drift("POST", f"{objects}/USER", [row["id"] for row in settled.sim.snapshot()["users"][:2]])
    settled.change("tenants/globex-bank.yaml", "spec:\n", "spec:\n  state: retired\n")
    return settled


def test_a_retired_tenant_is_told_what_still_lives_in_its_divisions(retiring: World) -> None:
    ran, asked = retiring.counted("plan", "-o", "json")
    (report,) = [item for item in ran.json["findings"] if item["rule"] == "tenant/closing"]
    assert (report["address"], report["severity"]) == ("globex-bank/division/main", "info")
    assert report["message"] == "`GLOBEX` still holds 2 users, 1 queue"
    assert len(asked) == 8 + 3 + 1  # a group costs three, and one counts up to a hundred divisions
    assert report["message"] in " ".join(retiring.run("plan").out.split())


def test_the_report_of_a_retired_tenant_stays_until_nothing_is_left(retiring: World) -> None:
    retiring.settle("--allow", "removals=2")
    plan = retiring.run("plan")
    assert "tenant/closing" in plan.out and "globex-bank/division/main (2 users, 1 queue)" in plan.out
    home = retiring.row("divisions", "Home")["id"]
    for kind, rows in (("QUEUE", "queues"), ("USER", "users")):
        moved = [row["id"] for row in retiring.sim.snapshot()[rows]]
        retiring.drift("POST", f"authorization/divisions/{home}/objects/{kind}", moved)
    plan = retiring.run("plan")
    assert "nothing lives in `GLOBEX` any more" in plan.out
    assert "globex-bank/division/main (empty)" in " ".join(plan.out.split())


def test_orphans_that_are_kept_are_named(settled: World) -> None:
    _without_adherence(settled)
    settled.settle()
    assert "ours but not declared: acme-retail/client/adherence" in settled.run("plan").out


def test_what_others_were_granted_behind_a_retired_tenants_walls_goes(world: World) -> None:
    """A share into a division that is on its way out is no grant any more; the plan says why."""
    share = "share: {reason: planning, owner: a@b.example, expires: 2099-01-01}"
    grant = f"        - {{role: wfm-adherence, divisions: [main, acme-retail/us], {share}}}\n"
    globex = "tenants/globex-bank.yaml"
    world.change(globex, "      grants:\n", "      grants:\n" + grant)
    world.settle()
    assert ("Tenant Adherence", "ACME-US") in world.grants("globex-archive")
    world.change("tenants/acme-retail.yaml", "spec:\n", "spec:\n  state: retired\n")
    plan = world.run("plan")
    assert "acme-retail is retired" in " ".join(plan.out.split())
    world.settle("--allow", "removals=2")
    assert ("Tenant Adherence", "GLOBEX") in world.grants("globex-archive")
    assert ("Tenant Adherence", "ACME-US") not in world.grants("globex-archive")
    assert world.run("plan", "--detailed-exitcode").code == 0
