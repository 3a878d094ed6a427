"""`suspend TENANT`: access goes at once, and the pipeline does not bring it back by itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.world import APPLY, World

GLOBEX = "tenants/globex-bank.yaml"
SUSPEND = ("suspend", "globex-bank", "--auto-approve")
CLIENTS = ("globex-archive", "globex-bank-metrics")
OLD = {"kind": "stale", "method": "GET", "path": "/api/v2/oauth/clients", "seconds": 8, "times": None}


LAX = {"editor-must-hold": "off"}
"""Nobody has to hold what a client holds to edit it: what a wrong write takes is not saved by a refusal."""


def _flags(world: World) -> dict[str, bool]:
    """Whether the marker of each of our clients ends in `!`."""
    return {row["name"]: row["description"].rstrip().endswith("!]") for row in world.live_clients()}


def _flagged(world: World) -> set[str]:
    return {name for name, flag in _flags(world).items() if flag}


@pytest.fixture
def suspended(settled: World) -> World:
    ran = settled.run(*SUSPEND)
    assert ran.code == 0, ran.out + ran.err
    return settled


def test_every_grant_goes_now_whatever_the_limits_say(settled: World) -> None:
    settled.change("org.yaml", "removals: 3", "removals: 1")
    others = {cell for cell in settled.access() if cell[0] not in CLIENTS}
    ran, writes = settled.wrote(*SUSPEND)
    assert ran.code == 0 and "2 revoked" in ran.last
    assert settled.access() == others and others
    assert sorted(write.method for write in writes) == ["DELETE", "DELETE", "PUT", "PUT"]


def test_a_suspended_client_is_marked_and_otherwise_as_it_was(settled: World) -> None:
    before = {name: settled.row("clients", name) for name in CLIENTS}
    settled.run(*SUSPEND)
    assert _flagged(settled) == set(CLIENTS)
    for name, row in before.items():
        now = settled.row("clients", name)
        told = {"description", "roleDivisions", "roleIds", "dateModified", "modifiedBy"}
        assert {key: value for key, value in now.items() if key not in told} == {
            key: value for key, value in row.items() if key not in told
        }
        assert now["state"] == "active"


def test_suspending_twice_writes_nothing(suspended: World) -> None:
    ran, writes = suspended.wrote(*SUSPEND)
    assert ran.code == 0 and writes == [] and ran.last.startswith("nothing to do")


def test_the_next_run_of_the_pipeline_does_not_undo_it(suspended: World) -> None:
    before = suspended.access()
    for _ in range(2):
        ran, writes = suspended.wrote(*APPLY)
        assert ran.code == 4 and writes == []
        assert "withheld by suspended" in ran.out and "--allow gains=" in ran.out
    assert suspended.access() == before


def test_other_tenants_and_other_changes_of_it_go_on(suspended: World) -> None:
    suspended.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    suspended.change(GLOBEX, "name: GLOBEX", "description: Globex and its bank, name: GLOBEX")
    assert suspended.apply().code == 4
    assert ("Tenant Adherence", "ACME-CA") in suspended.grants("acme-adherence")
    assert suspended.row("divisions", "GLOBEX")["description"].startswith("Globex and its bank")
    assert all(suspended.grants(name) == set() for name in CLIENTS)


def test_a_change_of_a_suspended_client_keeps_its_flag(suspended: World) -> None:
    row = suspended.row("clients", "globex-bank-metrics")
    known = ("name", "description", "authorizedGrantType", "state", "roleDivisions")
    body = {name: row[name] for name in known} | {"accessTokenValiditySeconds": 600}
    suspended.drift("PUT", f"oauth/clients/{row['id']}", body)
    ran = suspended.apply()
    assert ran.code == 4 and "1 updated" in ran.last
    assert suspended.row("clients", "globex-bank-metrics")["accessTokenValiditySeconds"] == 3600
    assert suspended.grants("globex-bank-metrics") == set()
    assert _flagged(suspended) == set(CLIENTS)


def test_a_grant_made_by_hand_is_taken_back_while_it_stands(suspended: World) -> None:
    row = suspended.row("clients", "globex-bank-metrics")
    role, wall = (
        suspended.row("roles", "Tenant Recordings")["id"],
        suspended.row("divisions", "ACME-US")["id"],
    )
    known = ("name", "description", "authorizedGrantType", "accessTokenValiditySeconds", "state")
    body = {name: row[name] for name in known} | {"roleDivisions": [{"roleId": role, "divisionId": wall}]}
    suspended.drift("PUT", f"oauth/clients/{row['id']}", body)
    suspended.apply()
    assert suspended.grants("globex-bank-metrics") == set()
    assert _flagged(suspended) == set(CLIENTS)


def test_a_new_client_of_it_is_not_born(suspended: World) -> None:
    text = (suspended.root / GLOBEX).read_text("utf-8")
    suspended.write(
        GLOBEX, text.replace("key: archive\n", "key: renewed\n").replace("globex-archive", "globex-renewed")
    )
    ran = suspended.apply()
    assert ran.code == 4 and "globex-renewed" not in suspended.names("clients")


@pytest.mark.parametrize("wrong", [-1, 1])
def test_only_the_exact_number_restores_it(suspended: World, wrong: int) -> None:
    ran = suspended.apply()
    planned = int(ran.out.partition("--allow gains=")[2].split()[0])
    held, writes = suspended.wrote(*APPLY, "--allow", f"gains={planned + wrong}")
    assert held.code == 4 and writes == []
    suspended.settle("--allow", f"gains={planned}")
    assert all(suspended.grants(name) for name in CLIENTS)
    assert _flagged(suspended) == set()
    assert suspended.apply().last.startswith("nothing to do")


def test_gains_of_others_can_be_allowed_while_it_stands(suspended: World) -> None:
    suspended.change("org.yaml", "gains: 200", "gains: 1")
    suspended.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    assert suspended.apply("--allow", "gains=2").code == 4
    assert ("Tenant Adherence", "ACME-CA") in suspended.grants("acme-adherence")
    assert all(suspended.grants(name) == set() for name in CLIENTS)


def test_the_manifest_confirms_it_and_brings_it_back_without_a_number(suspended: World) -> None:
    suspended.change(GLOBEX, "spec:\n", "spec:\n  state: suspended\n")
    suspended.settle()
    assert _flagged(suspended) == set()
    again, writes = suspended.wrote(*APPLY)
    assert again.code == 0 and writes == []
    suspended.change(GLOBEX, "  state: suspended\n", "")
    suspended.settle()
    assert all(suspended.grants(name) for name in CLIENTS)


def test_a_client_that_left_git_is_suspended_too(settled: World) -> None:
    (settled.root / GLOBEX).unlink()
    assert settled.run(*SUSPEND).code == 0
    assert _flagged(settled) == set(CLIENTS)
    assert all(settled.grants(name) == set() for name in CLIENTS)
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 0 and writes == []


def test_two_objects_with_one_marker_need_two_runs_and_it_says_so(settled: World) -> None:
    row = settled.row("clients", "globex-archive")
    known = ("name", "description", "authorizedGrantType", "roleDivisions")
    settled.drift("POST", "oauth/clients", {name: row[name] for name in known})
    ran = settled.run(*SUSPEND)
    assert ran.code == 5 and "run `suspend` again" in ran.out
    assert settled.run(*SUSPEND).code == 0
    assert not [cell for cell in settled.access() if cell[0] in CLIENTS]


def test_a_pair_that_only_the_second_view_shows_goes_too(settled: World) -> None:
    assert settled.run(*SUSPEND).code == 0
    client = settled.row("clients", "globex-bank-metrics")["id"]
    role, wall = settled.row("roles", "Tenant Recordings")["id"], settled.row("divisions", "GLOBEX")["id"]
    path = f"authorization/subjects/{client}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    settled.drift("POST", path, {"grants": [{"roleId": role, "divisionId": wall}]})
    assert settled.run(*SUSPEND).code == 0
    assert settled.grants("globex-bank-metrics") == set()


def test_what_is_protected_is_not_stripped(settled: World) -> None:
    settled.change("org.yaml", "  protect:\n", "  protect:\n    - globex-bank/client/archive\n")
    ran = settled.run(*SUSPEND)
    assert ran.code == 4 and "withheld by protected" in ran.out
    assert settled.grants("globex-archive") and not settled.grants("globex-bank-metrics")


def test_a_tenant_that_nobody_knows_is_a_slip_of_the_pen(settled: World) -> None:
    ran, writes = settled.wrote("suspend", "globex-bnk", "--auto-approve")
    assert ran.code == 1 and writes == [] and "did you mean `globex-bank`?" in ran.err
    for name in ("org", "Globex Bank"):
        assert settled.run("suspend", name, "--auto-approve").code == 1


def test_nobody_there_to_ask_is_told_what_to_type(settled: World) -> None:
    ran, writes = settled.wrote("suspend", "globex-bank")
    assert ran.code == 1 and writes == [] and "suspend globex-bank manifests --auto-approve" in ran.err


def test_a_restored_tenant_is_reviewed_in_a_file_like_anything_else(suspended: World) -> None:
    planned = suspended.run("plan").out.partition("--allow gains=")[2].split()[0]
    allow = ("--allow", f"gains={planned}")
    plan = suspended.run("plan", "--out", "plan.json", *allow)
    assert plan.code == 0, plan.out
    without, writes = suspended.wrote("apply", "--plan", "plan.json")
    assert without.code in (4, 6) and writes == []
    ran = suspended.run("apply", "--plan", "plan.json", *allow)
    assert ran.code == 0 and _flagged(suspended) == set()
    assert all(suspended.grants(name) for name in CLIENTS)


def test_a_client_handed_to_another_tenant_in_git_stays_suspended(suspended: World) -> None:
    text = (suspended.root / GLOBEX).read_text("utf-8")
    start = text.index("    - key: archive")
    entry = text[start:].replace("key: archive", "key: archive\n      previously: globex-bank/client/archive")
    suspended.write(GLOBEX, text[:start].replace("  clients:\n", ""))
    suspended.change("tenants/initech-saas.yaml", "  grants:", entry.rstrip() + "\n\n  grants:")
    ran = suspended.apply()
    assert ran.code == 4, ran.out + ran.err
    assert suspended.grants("globex-archive") == set() and "globex-archive" in _flagged(suspended)
    suspended.change(
        "tenants/initech-saas.yaml",
        "{key: main, name: INITECH}",
        "{key: main, name: INITECH}\n    - {key: east, name: INITECH-EAST}",
    )
    assert suspended.apply().code == 4
    assert len(suspended.grants("initech-saas-metrics")) == 2


def test_an_apply_on_its_heels_does_not_write_what_an_old_list_shows(make_world: Any) -> None:
    """The list still has every grant and no flag; a replace would repeat the one and leave out the other."""
    world = make_world(store="kept")
    world.settle()
    world.wait(60)
    world.change(GLOBEX, "tokenSeconds: 900", "tokenSeconds: 700")
    assert world.run(*SUSPEND).code == 0
    none, flagged = world.access(), _flagged(world)
    world.sim.faults([OLD])
    ran = world.apply()
    assert world.access() == none and _flagged(world) == flagged == set(CLIENTS)
    assert ran.code in (0, 4) and "s: a run wrote moments ago" in ran.err, ran


@pytest.mark.full
def test_an_apply_on_the_heels_of_the_release_does_not_suspend_again(make_world: Any) -> None:
    """The list, and who is asked about each client, still have the flags and no grant at all."""
    world = make_world(store="kept", switches=LAX)
    world.settle()
    before = world.access()
    assert world.run(*SUSPEND).code == 0
    world.wait(60)
    planned = world.run("plan").out.partition("--allow gains=")[2].split()[0]
    world.settle("--allow", f"gains={planned}")
    assert world.access() == before and _flagged(world) == set()
    world.change(GLOBEX, "tokenSeconds: 900", "tokenSeconds: 700")
    subjects = [f"/api/v2/authorization/subjects/{world.row('clients', name)['id']}" for name in CLIENTS]
    world.sim.faults([OLD, *({**OLD, "path": path} for path in subjects)])
    ran = world.apply()
    assert world.access() == before and _flagged(world) == set()
    assert ran.code == 0 and "s: a run wrote moments ago" in ran.err, ran
    assert world.row("clients", "globex-archive")["accessTokenValiditySeconds"] == 700
