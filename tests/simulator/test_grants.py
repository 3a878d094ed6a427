"""Granting and revoking through the subjects API, and what is seen of it."""

from __future__ import annotations

from dataclasses import replace

from reconciler.simulator import default_seed
from tests.simulator.guest import client_body, grants, open_door

SUBJECTS = "authorization/subjects"
CLIENT = "subjectType=PC_OAUTH_CLIENT"


async def test_one_grant_is_made_and_revoked() -> None:
    guest = await open_door()
    role, here = await guest.role("r"), await guest.division("d")
    client = (await guest.client("c"))["id"]
    path = f"{SUBJECTS}/{client}/divisions/{here}/roles/{role}"
    assert await guest.call("POST", f"{path}?{CLIENT}") == (204, None)
    assert await guest.call("POST", f"{path}?{CLIENT}") == (204, None)
    assert await guest.subject_pairs(client) == await guest.pairs(client) == {(role, here)}
    assert await guest.call("DELETE", path) == (204, None)
    assert (await guest.call("DELETE", path))[0] == 404
    assert await guest.subject_pairs(client) == set()


async def test_revoking_needs_no_holding() -> None:
    guest = await open_door()
    role, here = await guest.role("r"), await guest.division("d")
    client = await guest.client("c", (role, here))
    await guest.call("DELETE", f"{SUBJECTS}/operator/divisions/{here}/roles/{role}")
    path = f"{SUBJECTS}/{client['id']}/divisions/{here}/roles/{role}"
    assert await guest.call("DELETE", path) == (204, None)


async def test_the_subject_type_is_a_person_unless_said() -> None:
    guest = await open_door()
    role, here, mei = (
        await guest.role("r"),
        await guest.division("d"),
        guest.find("users", "Mei Tanaka")["id"],
    )
    path = f"divisions/{here}/roles/{role}"
    assert (await guest.call("POST", f"{SUBJECTS}/operator/{path}"))[0] == 404
    assert (await guest.call("POST", f"{SUBJECTS}/{mei}/{path}"))[0] == 204
    assert (await guest.call("POST", f"{SUBJECTS}/{mei}/{path}?subjectType=PC_ROBOT"))[0] == 400


async def test_many_grants_are_added_removed_and_replaced() -> None:
    guest = await open_door()
    role, divisions = await guest.role("r"), [await guest.division(name) for name in "abc"]
    client = (await guest.client("c"))["id"]
    first, second, third = ((role, each) for each in divisions)
    bulk = f"{SUBJECTS}/{client}/bulk"

    assert (await guest.call("POST", f"{bulk}add?{CLIENT}", grants(first, second)))[0] == 204
    assert await guest.subject_pairs(client) == {first, second}
    assert (await guest.call("POST", f"{bulk}remove", grants(second, third)))[0] == 204
    assert await guest.subject_pairs(client) == {first}
    assert (await guest.call("POST", f"{bulk}replace?{CLIENT}", grants(third)))[0] == 204
    assert await guest.subject_pairs(client) == {third}


async def test_removing_fails_whole_when_one_name_is_gone() -> None:
    guest = await open_door()
    role, here = await guest.role("r"), await guest.division("d")
    client = (await guest.client("c"))["id"]
    await guest.grant(client, (role, here))
    body = grants((role, here), ("gone", here))
    assert (await guest.call("POST", f"{SUBJECTS}/{client}/bulkremove", body))[0] == 404
    assert await guest.subject_pairs(client) == {(role, here)}
    assert (await guest.call("POST", f"{SUBJECTS}/nobody/bulkremove", grants()))[0] == 404


async def test_a_star_goes_by_bulkremove() -> None:
    guest = await open_door()
    role = await guest.role("r")
    client = (await guest.client("c"))["id"]
    assert (await guest.grant(client, (role, "*")))[0] == 204
    assert (await guest.call("POST", f"{SUBJECTS}/{client}/bulkremove", grants((role, "*"))))[0] == 204
    assert await guest.subject_pairs(client) == set()


async def test_a_subject_may_hold_only_so_many() -> None:
    guest = await open_door(replace(default_seed(), limits={"grantsPerSubject": 2}))
    role, divisions = await guest.role("r"), [await guest.division(name) for name in "abc"]
    client = (await guest.client("c"))["id"]
    pairs = [(role, each) for each in divisions]
    assert (await guest.grant(client, *pairs[:2]))[0] == 204
    status, error = await guest.grant(client, pairs[2])
    assert (status, error["code"]) == (400, "max.role.assignments.exceeded")
    body = client_body("c", *pairs)
    status, error = guest.sim.edit("PUT", f"/api/v2/oauth/clients/{client}", body)
    assert (status, error["code"]) == (400, "max.role.assignments.exceeded")


async def test_what_both_views_hold_counts_together() -> None:
    switches = {"bulkadd-visible": "no"}
    guest = await open_door(replace(default_seed(), limits={"grantsPerSubject": 2}), switches=switches)
    role, divisions = await guest.role("r"), [await guest.division(name) for name in "abc"]
    client = (await guest.client("c"))["id"]
    pairs = [(role, each) for each in divisions]
    assert (await guest.grant(client, pairs[0]))[0] == 204
    path = f"/api/v2/oauth/clients/{client}"
    status, error = guest.sim.edit("PUT", path, client_body("c", *pairs[1:]))
    assert (status, error["code"]) == (400, "max.role.assignments.exceeded")
    assert guest.sim.edit("PUT", path, client_body("c", pairs[0], pairs[1]))[0] == 200
    assert await guest.subject_pairs(client) == set(pairs[:2])


async def test_inherited_grants_carry_the_group() -> None:
    guest = await open_door()
    role, here = await guest.role("r"), await guest.division("d")
    group, mei = guest.find("groups", "NW Agents")["id"], guest.find("users", "Mei Tanaka")["id"]
    await guest.grant(group, (role, here), kind="PC_GROUP")
    await guest.grant(mei, (role, here), kind="PC_USER")

    async def holders(query: str) -> list[str]:
        shown = (await guest.get(f"{SUBJECTS}/{mei}{query}"))["grants"]
        return [grant["subjectId"] for grant in shown if grant["role"]["id"] == role]

    assert await holders("") == [mei]
    assert await holders("?includeDuplicates=true") == [mei, group]


async def test_replacing_leaves_inherited_grants_alone() -> None:
    guest = await open_door()
    mei, group = guest.find("users", "Mei Tanaka")["id"], guest.find("groups", "NW Agents")["id"]
    before = await guest.subject_pairs(group)
    assert (await guest.call("POST", f"{SUBJECTS}/{mei}/bulkreplace", grants()))[0] == 204
    assert before
    assert before <= await guest.subject_pairs(mei)


async def test_full_roles_come_when_asked_for() -> None:
    guest = await open_door()
    bare = (await guest.get(f"{SUBJECTS}/me"))["grants"][0]["role"]
    full = (await guest.get(f"{SUBJECTS}/me?includeFullRoles=true"))["grants"][0]["role"]
    assert "policies" not in bare
    assert {"domain": "oauth", "entityName": "client"}.items() <= full["policies"][-1].items()


async def test_nobody_is_a_subject_that_does_not_exist() -> None:
    assert (await (await open_door()).call("GET", f"{SUBJECTS}/nobody"))[0] == 404


async def test_granting_may_be_bound_to_the_divisions_of_the_caller() -> None:
    """With the role setting `authorizationGrantDivisionAware`, a local granter grants locally."""
    guest = await open_door()
    granter = await guest.role("granter", "authorization:grant:add", "authorization:grant:delete")
    here, there = await guest.division("here"), await guest.division("there")
    local = await guest.as_client(await guest.client("local", (granter, here)))
    role, mei = await guest.role("r"), guest.find("users", "Mei Tanaka")["id"]
    settings = {"authorizationGrantDivisionAware": True}
    guest.sim.edit("PUT", "/api/v2/authorization/roles/settings", settings)

    assert (await local.grant(mei, (role, here), kind="PC_USER"))[0] == 204
    status, error = await local.grant(mei, (role, there), kind="PC_USER")
    assert (status, error["code"]) == (403, "missing.permissions")
    await guest.grant(mei, (role, there), kind="PC_USER")
    path = f"{SUBJECTS}/{mei}/divisions"
    assert (await local.call("DELETE", f"{path}/{there}/roles/{role}"))[0] == 403
    bulk = f"{SUBJECTS}/{mei}/bulkremove"
    assert (await local.call("POST", bulk, grants((role, here), (role, there))))[0] == 403
    assert {(role, here), (role, there)} <= await guest.subject_pairs(mei)
    assert (await local.call("DELETE", f"{path}/{here}/roles/{role}"))[0] == 204
