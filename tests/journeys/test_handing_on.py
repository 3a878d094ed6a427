"""Whoever hands on must hold: what our client borrows for a run is returned, whatever becomes of the run."""

from __future__ import annotations

from typing import Any

from tests.journeys.world import APPLY, World, is_lending

OPERATOR = "nw-reconciler"
SUBJECT = "/api/v2/authorization/subjects/operator"
CANADA = ("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
ADHERENCE = {("Tenant Adherence", "ACME-US"), ("Tenant Adherence", "ACME-CA")}
CLIENTS_REFUSE = {"kind": "status", "status": 400, "method": "PUT", "path": "/api/v2/oauth/clients/*"}
RETURNS_REFUSED = {"kind": "status", "status": 400, "method": "DELETE", "path": f"{SUBJECT}/*"}


def is_quiet(world: World) -> None:
    assert world.run("plan", "--detailed-exitcode").code == 0
    before = len(world.sim.writes())
    assert world.apply().last.startswith("nothing to do")
    assert len(world.sim.writes()) == before


def lend(world: World, *pairs: tuple[str, str]) -> None:
    body = {"grants": [{"roleId": role, "divisionId": division} for role, division in pairs]}
    world.drift("POST", "authorization/subjects/operator/bulkadd?subjectType=PC_OAUTH_CLIENT", body)


def test_what_a_failed_run_left_is_returned_first_by_the_next(settled: World) -> None:
    base = settled.grants(OPERATOR)
    settled.change(*CANADA)
    settled.sim.faults([{**CLIENTS_REFUSE}, {**RETURNS_REFUSED, "times": None}])
    assert settled.apply().code == 5
    assert settled.borrowed() == ADHERENCE
    settled.sim.faults([])
    assert settled.run("plan").last.startswith("plan: 0 to create, 1 to update, 0 to adopt, 1 to revoke")
    before = len(settled.sim.writes())
    settled.settle()
    wrote = [each.method for each in settled.sim.writes()[before:]]
    assert wrote == ["DELETE", "DELETE", "POST", "PUT", "DELETE", "DELETE"]
    assert settled.grants(OPERATOR) == base and settled.grants("acme-adherence") == ADHERENCE


def test_leftovers_alone_are_one_revocation(settled: World) -> None:
    base = settled.grants(OPERATOR)
    role = settled.row("roles", "Tenant Adherence")["id"]
    lend(settled, (role, settled.row("divisions", "ACME-US")["id"]), (role, "*"))
    plan = settled.run("plan", "--detailed-exitcode")
    assert plan.code == 2 and "0 to update, 0 to adopt, 1 to revoke" in plan.last
    assert "- org/grant/operator" in plan.out and "access +0 -0" in plan.last
    ran = settled.apply()
    assert ran.code == 0 and "1 revoked" in ran.last
    assert settled.grants(OPERATOR) == base
    is_quiet(settled)


def test_what_is_borrowed_is_returned_though_the_client_refused_it(settled: World) -> None:
    base = settled.grants(OPERATOR)
    settled.change(*CANADA)
    settled.sim.faults([CLIENTS_REFUSE])
    assert settled.apply().code == 5
    assert settled.grants(OPERATOR) == base


def test_a_tenant_that_fails_keeps_nobody_else_from_being_lent_to(world: World) -> None:
    world.sim.faults(
        [{"kind": "status", "status": 400, "method": "POST", "path": "/api/v2/authorization/divisions"}]
    )
    assert world.apply().code == 5
    active = [row["name"] for row in world.live_clients() if row["state"] == "active"]
    assert len(active) >= 4 and world.borrowed() == set()
    world.settle()
    is_quiet(world)


def test_no_more_than_a_hundred_pairs_are_borrowed_at_a_time(world: World) -> None:
    world.write("tenants/large.yaml", large(divisions=30, clients=5))
    held = watched(world)
    asked = len(world.sim.requests)
    world.settle()
    lending = [each for each in world.sim.requests[asked:] if is_lending(each.path)]
    assert max(held) <= 100 and held[-1] == 0
    assert sum("bulkadd" in each.path for each in lending) == 2
    assert sum(each.method == "DELETE" for each in lending) + 1 == 8 + 150  # one pair is everywhere
    clients = 6 + 5
    tokens = [each for each in world.sim.requests[asked:] if each.path == "/oauth/token"]
    assert len(tokens) == 1 + clients + 2
    is_quiet(world)


def large(divisions: int, clients: int) -> str:
    """A tenant whose clients each hold one role in every division, a role of its own each."""
    walls = "\n".join(f"    - {{key: d{number}, name: LARGE-{number}}}" for number in range(divisions))
    roles = "\n".join(
        f"    - {{key: r{number}, name: Large {number}, permissions: [routing:queue:view]}}"
        for number in range(clients)
    )
    entries = "\n".join(
        f"    - {{key: c{number}, grants: [{{role: r{number}, divisions: own}}], secret: {{sink: local}}}}"
        for number in range(clients)
    )
    head = "apiVersion: reconciler/v1\nkind: Tenant\nmetadata: {name: large}\nspec:\n"
    return f"{head}  divisions:\n{walls}\n  roles:\n{roles}\n  clients:\n{entries}\n"


def watched(world: World) -> list[int]:
    """How many pairs our client has on roles of ours, after each write of its own grants."""
    counts: list[int] = []
    answer = world.sim.exchange.answer

    def counting(request: Any) -> Any:
        answered = answer(request)
        if is_lending(request.path) and request.method != "GET":
            counts.append(len(world.borrowed()))
        return answered

    world.patch.setattr(world.sim.exchange, "answer", counting)
    return counts


def test_a_pair_on_somebody_elses_role_must_be_held(world: World) -> None:
    theirs = "    - {key: theirs, existing: {name: Supervisor}}\n"
    world.change("shared.yaml", "  roles:\n", f"  roles:\n{theirs}")
    grant = "        - {role: wfm-adherence, divisions: [us]}"
    world.change("tenants/acme-retail.yaml", grant, grant.replace("wfm-adherence", "theirs"))
    ran = world.apply()
    assert (
        ran.code == 4
        and "withheld by held" in ran.out
        and "Supervisor in acme-retail/division/us" in flat(ran.out)
    )
    assert world.names("clients").count("acme-adherence") == 0
    role, division = world.row("roles", "Supervisor")["id"], world.row("divisions", "ACME-US")["id"]
    lend(world, (role, division))
    world.settle()
    assert world.grants("acme-adherence") == {("Supervisor", "ACME-US")}
    assert ("Supervisor", "ACME-US") in world.grants(OPERATOR)


def test_a_role_that_our_client_works_by_is_not_taken_over(world: World) -> None:
    """Ours by a marker, it would be taken for borrowed, and returned: nobody could write any more."""
    policy = {"domain": "routing", "entityName": "queue", "actionSet": ["view"]}
    role = world.drift("POST", "authorization/roles", {"name": "Automation", "permissionPolicies": [policy]})
    lend(world, (role["id"], "*"))
    base = world.grants(OPERATOR)
    entry = "    - {key: automation, name: Automation, adopt: true, permissions: [routing:queue:view]}\n"
    world.change("shared.yaml", "  roles:\n", f"  roles:\n{entry}")
    ran = world.apply()
    assert ran.code == 4 and "withheld by operator" in ran.out and "`Automation`" in ran.out
    assert world.apply().code == 4 and world.grants(OPERATOR) == base
    world.change("shared.yaml", entry, "    - {key: automation, existing: {name: Automation}}\n")
    is_quiet(world)


def flat(text: str) -> str:
    """Without the line breaks of a terminal."""
    return " ".join(text.split())


def test_every_reader_sees_what_will_be_borrowed(world: World) -> None:
    plan = world.run("plan")
    text = " ".join(plan.out.split())
    assert "~ org/grant/operator borrows" in text and "to hand it on, returns it at the end" in text
    assert "18 to create, 0 to update" in plan.last


def test_apply_counts_no_loan(settled: World) -> None:
    settled.change(*CANADA)
    ran = settled.run(*APPLY)
    assert "1 updated" in ran.last
