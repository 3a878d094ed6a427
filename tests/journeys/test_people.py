"""Groups and users: what is declared they hold, what left git they lose, what is not ours stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from reconciler.simulator import default_seed
from reconciler.simulator.identity import seeded_id
from tests.journeys.world import APPLY, World

named_id = partial(seeded_id, default_seed().organisation["id"])
GROUP = named_id("group", "NW WFM Team")
AGENTS = named_id("group", "NW Agents")
PRIYA = named_id("user", "Priya Nair")
EVERYBODY = named_id("role", "Supervisor")
HOME = named_id("division", "Home")
SHARE = "share: {reason: central planning, owner: wfm@northwind.example, expires: 2099-06-30}"
TEAM = f"""\
apiVersion: reconciler/v1
kind: Shared
spec:
  roles:
    - {{key: central, name: Central Planner, permissions: [wfm:businessUnit:view, wfm:schedule:view]}}
  grants:
    - key: wfm-team
      subject: {{group: NW WFM Team}}
      pairs:
        - {{role: central, divisions: [acme-retail/us, globex-bank/main], {SHARE}}}
"""
PLANNERS = {("Central Planner", "ACME-US"), ("Central Planner", "GLOBEX")}
RECORDINGS = {("Tenant Recordings", "ACME-US"), ("Tenant Recordings", "ACME-CA")}
ACME, INITECH = "tenants/acme-retail.yaml", "tenants/initech-saas.yaml"
TWIN = "aaaaaaaa-0000-4000-8000-000000000001"
TENANT = """\
apiVersion: reconciler/v1
kind: Tenant
metadata: {name: people}
spec:
  divisions: [{key: main, name: PEOPLE}]
  grants:
"""

MakeWorld = Callable[..., World]


@pytest.fixture
def make_world(make_world: MakeWorld) -> MakeWorld:
    """Northwind without the group that its manifests name already."""

    def make(**given: Any) -> World:
        world = make_world(**given)
        text = (world.root / INITECH).read_text("utf-8")
        world.write(INITECH, text.partition("  grants:")[0])
        return world

    return make


@pytest.fixture
def team(world: World) -> World:
    """Northwind with a group that plans for two tenants, applied."""
    world.settle()
    world.write("team.yaml", TEAM)
    world.settle()
    return world


def held(world: World, subject: str = GROUP) -> set[tuple[str, str]]:
    """What a group or a user holds itself, by name."""
    return {(role, where) for who, role, where in world._named_grants() if who == subject}


def marker(world: World, role: str) -> str:
    return str(world.row("roles", role)["description"])


def is_quiet(world: World, *arguments: str) -> None:
    ran, writes = world.wrote(*APPLY, *arguments)
    assert ran.code == 0 and writes == [], ran.out + ran.err
    assert world.run("drift").code == 0


def test_a_group_gets_what_is_declared_and_the_second_apply_writes_nothing(team: World) -> None:
    assert held(team) == PLANNERS
    assert team.borrowed() == set()
    is_quiet(team)


def test_removing_the_last_line_takes_the_access_and_the_flag(team: World) -> None:
    """The role stays in the manifests, nobody is named any more: its marker says where to look."""
    assert marker(team, "Central Planner").endswith("+]")
    (team.root / "team.yaml").write_text(TEAM.partition("  grants:")[0], "utf-8")
    team.settle()
    assert held(team) == set() and marker(team, "Central Planner").endswith("]")
    assert not marker(team, "Central Planner").endswith("+]")
    is_quiet(team)


def test_a_role_that_leaves_with_its_group_loses_it_all_the_same(team: World) -> None:
    (team.root / "team.yaml").unlink()
    team.settle()
    assert held(team) == set()
    is_quiet(team)


def test_removing_one_division_takes_that_pair_only(team: World) -> None:
    team.change("team.yaml", "acme-retail/us, ", "")
    team.settle()
    assert held(team) == {("Central Planner", "GLOBEX")}
    is_quiet(team)


def test_pairs_made_by_hand_on_other_roles_stay(team: World) -> None:
    before = held(team, AGENTS)
    body = {"grants": [{"roleId": EVERYBODY, "divisionId": HOME}, {"roleId": EVERYBODY, "divisionId": "*"}]}
    team.drift("POST", f"authorization/subjects/{GROUP}/bulkadd?subjectType=PC_GROUP", body)
    assert held(team) == PLANNERS | {("Supervisor", "Home"), ("Supervisor", "*")}
    is_quiet(team, "--deep")
    (team.root / "team.yaml").unlink()
    team.settle("--deep")
    assert held(team) == {("Supervisor", "Home"), ("Supervisor", "*")} and held(team, AGENTS) == before


def test_a_pair_made_by_hand_on_a_role_of_ours_is_drift_and_goes(team: World) -> None:
    """The group is declared, so its own reading shows the pair; that of a stranger only a deep one."""
    role = team.row("roles", "Tenant Adherence")["id"]
    acme = team.row("divisions", "ACME-CA")["id"]
    body = {"grants": [{"roleId": role, "divisionId": acme}]}
    for subject in (GROUP, AGENTS):
        team.drift("POST", f"authorization/subjects/{subject}/bulkadd?subjectType=PC_GROUP", body)
    ran = team.run("drift", "-o", "json")
    assert ran.code == 2
    assert {item["address"] for item in ran.json["objects"]} == {
        f"acme-retail/grant/{GROUP}", f"acme-retail/grant/{AGENTS}"
    }  # fmt: skip
    team.settle("--deep")
    assert held(team) == PLANNERS and held(team, AGENTS) == {("Employee", "Home")}
    is_quiet(team)


def entry(key: str, subject: str, pairs: str = "[{role: recordings, divisions: own}]") -> str:
    return f"    - {{key: {key}, subject: {{{subject}}}, pairs: {pairs}}}\n"


def grant(world: World, *entries: str, file: str = ACME) -> None:
    """Give a tenant entries of people."""
    world.write(file, (world.root / file).read_text("utf-8") + "\n  grants:\n" + "".join(entries))


def may_search(world: World) -> None:
    """Our client may find users by e-mail address."""
    role = world.row("roles", "Reconciler Operator")
    policy = {"domain": "directory", "entityName": "user", "actionSet": ["view"]}
    body = {"name": role["name"], "permissionPolicies": [*role["permissionPolicies"], policy]}
    world.drift("PUT", f"authorization/roles/{role['id']}", body)


def test_a_user_is_found_by_e_mail_address_in_any_case(world: World) -> None:
    may_search(world)
    grant(world, entry("priya", "user: Priya@Northwind.example"))
    world.settle()
    assert held(world, PRIYA) == RECORDINGS
    is_quiet(world)


def test_who_may_not_search_users_is_told_so_and_may_pin_them(world: World) -> None:
    grant(world, entry("priya", "user: priya@northwind.example"))
    ran = world.apply()
    assert ran.code == 4 and held(world, PRIYA) == set()
    assert "directory:user:view" in " ".join(ran.out.split())
    world.change(ACME, "key: priya,", f"key: priya, id: {PRIYA},")
    world.settle()
    assert held(world, PRIYA) == RECORDINGS
    is_quiet(world)


def test_a_name_must_be_exact(world: World) -> None:
    grant(world, entry("team", "group: nw wfm team"))
    ran = world.apply()
    assert ran.code == 4 and held(world) == set()
    assert "no group is called exactly `nw wfm team`" in " ".join(ran.out.split())


def two_of_a_name(make_world: MakeWorld) -> World:
    seed = default_seed()
    seed.groups.append({"name": "NW WFM Team", "id": TWIN})
    return make_world(seed=seed)


def test_of_two_with_one_name_none_is_taken_until_an_id_says_which(make_world: MakeWorld) -> None:
    world = two_of_a_name(make_world)
    grant(world, entry("team", "group: NW WFM Team"))
    ran = world.apply()
    assert ran.code == 4 and held(world) == held(world, TWIN) == set()
    assert GROUP in ran.out and TWIN in ran.out
    world.change(ACME, "key: team,", f"key: team, id: {TWIN},")
    world.settle()
    assert held(world, TWIN) == RECORDINGS and held(world) == set()


def test_who_cannot_be_told_any_more_keeps_what_is_declared(make_world: MakeWorld) -> None:
    """Two are called so and no id says which: whoever holds the pairs may be the one who is meant."""
    world = two_of_a_name(make_world)
    grant(world, entry("team", "group: NW WFM Team").replace("key: team", f"key: team, id: {TWIN}"))
    world.settle()
    world.change(ACME, f", id: {TWIN}", "")
    ran = world.apply("--deep")
    assert ran.code == 4 and held(world, TWIN) == RECORDINGS


def test_several_entries_of_one_group_are_one_set(world: World) -> None:
    """A pair in two of them is granted once; it stays while one of them declares it."""
    one = "[{role: recordings, divisions: [us]}]"
    grant(world, entry("a", "group: NW WFM Team"), entry("b", "group: NW WFM Team", one))
    grant(world, entry("c", "group: NW WFM Team"), file="tenants/globex-bank.yaml")
    world.settle()
    assert held(world) == RECORDINGS | {("Tenant Recordings", "GLOBEX")}
    is_quiet(world)
    world.change(ACME, entry("a", "group: NW WFM Team"), "")
    world.settle()
    assert held(world) == {("Tenant Recordings", "ACME-US"), ("Tenant Recordings", "GLOBEX")}
    is_quiet(world)


@pytest.mark.full
def test_a_role_that_waits_is_given_to_nobody_who_would_not_be_found_again(make_world: MakeWorld) -> None:
    """It cannot grow while the archive keeps it, so its marker, which would tell of them, is not written."""
    world = make_world()
    world.change(
        "org.yaml", "- org/division/shared", "- org/division/shared\n    - globex-bank/client/archive"
    )
    world.settle()
    world.change("tenants/globex-bank.yaml", "- {role: recordings, divisions: own}", "[]")
    world.change(
        "shared.yaml",
        "- recording:recordingSegment:view",
        "- recording:recordingSegment:view\n        - routing:queue:view",
    )
    before = (world.root / ACME).read_text("utf-8")
    grant(world, entry("team", "group: NW WFM Team"))
    ran = world.apply()
    assert ran.code == 4 and held(world) == set() and "acme-retail/grant/team" in ran.out
    world.write(ACME, before)
    assert world.apply().code == 4 and held(world) == set()
    grant(world, entry("team", "group: NW WFM Team"))
    world.change("org.yaml", "\n    - globex-bank/client/archive", "")
    world.settle()
    assert held(world) == RECORDINGS
    world.write(ACME, before)
    world.settle()
    assert held(world) == set()


def test_a_profile_grants_each_tenant_its_own_group(make_world: MakeWorld) -> None:
    seed = default_seed()
    seed.groups.extend({"name": f"{tenant} supervisors"} for tenant in ("acme-retail", "globex-bank"))
    world = make_world(seed=seed)
    profile = entry("supervisors", "group: '{tenant} supervisors'")
    world.change("profiles.yaml", "spec:\n", "spec:\n  grants:\n" + profile)
    world.change("tenants/initech-saas.yaml", "profiles:", "without: [grant/supervisors]\n  profiles:")
    world.settle()
    assert held(world, named_id("group", "acme-retail supervisors")) == RECORDINGS
    assert held(world, named_id("group", "globex-bank supervisors")) == {("Tenant Recordings", "GLOBEX")}
    is_quiet(world)


def test_a_tenants_group_gets_no_permission_that_acts_org_wide(world: World) -> None:
    wide = "    - {key: wide, name: Wide, permissions: [oauth:client:edit]}\n\n  clients:"
    world.change("shared.yaml", "  clients:", wide)
    grant(world, entry("team", "group: NW WFM Team", "[{role: wide, divisions: own}]"))
    ran = world.apply()
    assert ran.code == 8 and held(world) == set()


def test_a_suspended_tenants_groups_lose_its_pairs_and_no_others(team: World) -> None:
    grant(team, entry("team", "group: NW WFM Team"))
    team.settle()
    assert held(team) == PLANNERS | RECORDINGS
    team.change(ACME, "spec:\n", "spec:\n  state: suspended\n")
    team.settle("--allow", "removals=3")
    assert held(team) == PLANNERS
    is_quiet(team)


def test_a_suspension_by_command_reaches_its_groups_and_holds(team: World) -> None:
    grant(team, entry("team", "group: NW WFM Team"))
    team.settle()
    ran = team.run("suspend", "acme-retail", "--auto-approve")
    assert ran.code == 0 and held(team) == PLANNERS, ran.out
    assert team.apply().code == 4 and held(team) == PLANNERS


def test_a_tenant_of_people_alone_is_suspended_all_the_same(world: World) -> None:
    world.write("tenants/people.yaml", TENANT + entry("team", "group: NW WFM Team"))
    world.settle()
    pairs = {("Tenant Recordings", "PEOPLE")}
    assert held(world) == pairs
    assert world.run("suspend", "people", "--auto-approve").code == 0 and held(world) == set()
    ran = world.apply()
    assert ran.code == 4 and held(world) == set()
    allowed = " ".join(ran.out.split()).partition("--allow gains=")[2].partition(" ")[0]
    world.settle("--allow", f"gains={allowed}")
    assert held(world) == pairs
    is_quiet(world)


def test_a_retired_tenants_pairs_go_whoever_holds_them(team: World) -> None:
    team.change(ACME, "spec:\n", "spec:\n  state: retired\n")
    team.change("team.yaml", "acme-retail/us, ", "")
    team.settle("--allow", "removals=3")
    assert held(team) == {("Central Planner", "GLOBEX")}


def test_only_a_tenants_pairs_go_on_with_the_mark_that_finds_them_again(world: World) -> None:
    world.settle()
    grant(world, entry("team", "group: NW WFM Team"))
    grant(world, entry("team", "group: NW WFM Team"), file="tenants/globex-bank.yaml")
    world.settle("--only", "acme-retail")
    assert held(world) == RECORDINGS and marker(world, "Tenant Recordings").endswith("+]")
    world.settle()
    assert held(world) == RECORDINGS | {("Tenant Recordings", "GLOBEX")}
    is_quiet(world)


def test_revoke_only_takes_and_gives_nothing(team: World) -> None:
    team.change("team.yaml", "acme-retail/us, ", "acme-retail/ca, ")
    team.settle("--revoke-only")
    assert held(team) == {("Central Planner", "GLOBEX")}
    assert marker(team, "Central Planner").endswith("+]")
    team.settle()
    assert held(team) == {("Central Planner", "ACME-CA"), ("Central Planner", "GLOBEX")}


def test_a_role_that_is_not_ours_is_taken_in_our_divisions_only(world: World) -> None:
    """The role is referred to: pairs in Home and `*` are somebody else's, undeclared ones in ours go."""
    boss = "    - {key: boss, existing: {name: Supervisor}}\n\n  clients:"
    world.change("shared.yaml", "  clients:", boss)
    world.settle()
    us = world.row("divisions", "ACME-US")["id"]
    pairs = [{"roleId": EVERYBODY, "divisionId": where} for where in (us, "*")]
    world.drift("POST", f"authorization/subjects/{GROUP}/bulkadd?subjectType=PC_GROUP", {"grants": pairs})
    world.settle()
    assert held(world) == {("Supervisor", "*")}
    assert held(world, named_id("user", "Tom Becker")) == {("Supervisor", "Home")}
    is_quiet(world)


def test_where_the_subjects_api_asks_to_hold_it_is_held(make_world: MakeWorld) -> None:
    world = make_world(switches={"subject-must-hold": "on"})
    world.change("org.yaml", "handOn: borrow", "handOn: held")
    world.write("team.yaml", TEAM)
    ran = world.apply()
    assert (
        ran.code == 4
        and held(world) == set()
        and "org/role/central in acme-retail/division/us" in " ".join(ran.out.split())
    )
    roles = [row["id"] for row in world.sim.snapshot()["roles"] if world.marker in row["description"]]
    pairs = [{"roleId": role, "divisionId": "*"} for role in roles]
    path = "authorization/subjects/operator/bulkadd?subjectType=PC_OAUTH_CLIENT"
    world.drift("POST", path, {"grants": pairs})
    world.settle()
    assert held(world) == PLANNERS
    is_quiet(world)


def test_what_is_not_held_is_withheld_where_nothing_is_borrowed(world: World) -> None:
    """Under `held` what must be handed on is listed; what goes goes."""
    world.settle()
    grant(world, entry("team", "group: NW WFM Team"))
    world.settle()
    world.change("org.yaml", "handOn: borrow", "handOn: held")
    world.change(ACME, "{role: recordings, divisions: own}", "{role: queue-metrics, divisions: [us]}")
    missing = "Tenant Queue Metrics in ACME-US"
    plan = world.run("plan")
    assert missing in " ".join(plan.out.split())
    assert world.apply().code == 0 and held(world) == set()
    ran = world.apply()
    assert ran.code == 4 and missing in " ".join(ran.out.split()) and held(world) == set()


def test_a_write_whose_answer_is_lost_is_found_by_the_next_run(team: World) -> None:
    team.change("team.yaml", "acme-retail/us, ", "acme-retail/ca, ")
    path = f"/api/v2/authorization/subjects/{GROUP}/bulkadd*"
    team.sim.faults([{"kind": "timeout-after", "method": "POST", "path": path, "times": 9}])
    assert team.apply().code == 5
    team.sim.faults([])
    team.settle()
    assert (
        held(team) == {("Central Planner", "ACME-CA"), ("Central Planner", "GLOBEX")}
        and team.borrowed() == set()
    )
    is_quiet(team)


@pytest.mark.parametrize("lag", ["5", "30"])
def test_a_lagging_organisation_converges(make_world: MakeWorld, lag: str) -> None:
    world = make_world(lag=float(lag))
    world.write("team.yaml", TEAM)
    assert world.apply().code in (0, 5)
    world.let_settle()
    world.settle()
    world.let_settle()
    assert held(world) == PLANNERS
    is_quiet(world)


def test_people_cost_a_look_up_a_read_and_a_view_of_each_role_given_to_them(team: World) -> None:
    _, asked = team.counted("plan")
    paths = [each.path.partition("?")[0] for each in asked]
    role = team.row("roles", "Central Planner")["id"]
    people = {
        "/api/v2/groups/search",
        f"/api/v2/authorization/subjects/{GROUP}",
        f"/api/v2/authorization/roles/{role}/subjectgrants",
    }
    assert people <= set(paths) and len(paths) == 8 + len(people)
    _, applied = team.counted(*APPLY)
    assert len(applied) == len(asked)
    team.change("team.yaml", "acme-retail/us, ", "")
    ran, writes = team.wrote(*APPLY)
    assert ran.code == 0 and [each.method for each in writes] == ["DELETE"]


def test_drift_and_deep_plans_add_a_view_of_each_of_our_roles(team: World) -> None:
    ours = {row["id"] for row in team.sim.snapshot()["roles"] if team.marker in row["description"]}
    views = {f"/api/v2/authorization/roles/{role}/subjectgrants" for role in ours}
    clients = len(team.names("clients"))
    for command in (("drift",), ("plan", "--deep")):
        _, asked = team.counted(*command)
        assert views == {path for each in asked if "subjectgrants" in (path := each.path.partition("?")[0])}
        assert len(asked) == 8 + clients + 2 + len(views)
