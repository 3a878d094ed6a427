"""Every value of every switch changes what it says it changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from reconciler.simulator import SWITCHES, Settings, default_seed
from reconciler.simulator.settings import parse_switches
from tests.simulator.guest import Guest, client_body, grants, open_door, policies
from tests.simulator.organisation import EVER
from tests.simulator.things import audits, ids, names, tenant, tenants

Case = Callable[[str], Awaitable[None]]
CASES: dict[str, Case] = {}


def case(switch: str) -> Callable[[Case], Case]:
    """Register how one switch is proved."""

    def keep(test: Case) -> Case:
        CASES[switch] = test
        return test

    return keep


def test_every_switch_is_proved() -> None:
    assert set(CASES) == set(SWITCHES)


@pytest.mark.parametrize(
    ("switch", "value"),
    [(name, value) for name, switch in SWITCHES.items() for value in switch.values],
    ids=lambda each: each,
)
async def test_a_switch_does_what_it_says(switch: str, value: str) -> None:
    await CASES[switch](value)


def test_defaults_are_among_the_values() -> None:
    assert [name for name, switch in SWITCHES.items() if switch.default not in switch.values] == []


@pytest.mark.parametrize("text", ["tombstones", "no-such=on", "tombstones=maybe"])
def test_a_wrong_switch_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"NAME=VALUE|switches are:|allowed: gone, listed"):
        parse_switches([text])


def test_settings_check_switches_too() -> None:
    with pytest.raises(ValueError, match="unknown switch"):
        Settings(switches={"no-such": "on"})


async def door(switch: str, value: str) -> Guest:
    return await open_door(switches={switch: value})


@case("analytics-cut")
async def analytics_cut(value: str) -> None:
    guest = await tenants(**{"analytics-cut": value})
    detail, figure = "analytics:conversationDetail:view", "analytics:conversationAggregate:view"
    confined = await tenant(guest, detail, figure)
    told = await confined.make("analytics/conversations/details/query", {"interval": EVER})
    asked = {"interval": EVER, "metrics": ["nOffered"]}
    counted = await confined.make("analytics/conversations/aggregates/query", asked)
    stats = counted["results"][0]["data"][0]["metrics"][0]["stats"]
    assert told["totalHits"] == stats["count"] == (2 if value == "cut" else 3)


@case("audited-client")
async def audited_client(value: str) -> None:
    guest = await door("audited-client", value)
    await guest.role("r")
    listed = await audits(guest)
    assert [row.get("client", {}).get("id") for row in listed] == ["operator" if value == "named" else None]


@case("audited-divisions")
async def audited_divisions(value: str) -> None:
    guest = await door("audited-divisions", value)
    await guest.division("d")
    told = [(row["entityType"], row["action"]) for row in await audits(guest)]
    assert told == ([("Division", "Create")] if value == "shown" else [])


@case("bulkadd-visible")
async def _bulkadd_visible(value: str) -> None:
    guest = await door("bulkadd-visible", value)
    role, other, here = await guest.role("r"), await guest.role("s"), await guest.division("d")
    client = await guest.client("c", (role, here))
    await guest.grant("operator", (other, here))
    assert (await guest.grant(client["id"], (other, here)))[0] == 204

    both = {(role, here), (other, here)}
    assert await guest.pairs(client["id"]) == (both if value == "yes" else {(role, here)})
    assert await guest.subject_pairs(client["id"]) == both

    await guest.call("PUT", f"oauth/clients/{client['id']}", client_body("c"))
    assert await guest.subject_pairs(client["id"]) == (set() if value == "yes" else {(other, here)})
    operator = guest.find("roles", "Reconciler Operator")["id"]
    assert (operator, "*") in await guest.pairs("operator")


@case("caches")
async def _caches(value: str) -> None:
    guest = await open_door(lag=5, switches={"caches": value})
    await guest.division("d")
    totals = {(await guest.get("authorization/divisions"))["total"] for _ in range(12)}
    assert totals == ({1} if value == "agree" else {1, 2})


@case("deleted-division-grants")
async def _deleted_division_grants(value: str) -> None:
    guest = await door("deleted-division-grants", value)
    role, here = await guest.role("r"), await guest.division("d")
    client = await guest.client("c", (role, here))
    await guest.call("DELETE", f"authorization/divisions/{here}")
    assert await guest.pairs(client["id"]) == ({(role, here)} if value == "kept" else set())


@case("deleted-division-name")
async def _deleted_division_name(value: str) -> None:
    guest = await door("deleted-division-name", value)
    here = await guest.division("d")
    await guest.call("DELETE", f"authorization/divisions/{here}")
    status, _ = await guest.call("POST", "authorization/divisions", {"name": "D", "description": ""})
    assert status == {"free": 200, "kept": 409}[value]


@case("deleted-in-groups")
async def _deleted_in_groups(value: str) -> None:
    guest = await door("deleted-in-groups", value)
    group = next(row for row in guest.sim.snapshot()["groups"] if row["members"])
    guest.sim.edit("DELETE", f"/api/v2/users/{group['members'][0]}")
    members = guest.find("groups", group["name"])["members"]
    assert members == (group["members"] if value == "kept" else group["members"][1:])


@case("description-limit")
async def _description_limit(value: str) -> None:
    guest = await door("description-limit", value)
    most = 5000 if value == "none" else int(value)
    for length, expected in ((most, 200), (most + 1, 200 if value == "none" else 400)):
        for path, body in (
            ("authorization/divisions", {"name": f"d{length}"}),
            ("authorization/roles", {"name": f"r{length}"}),
            ("oauth/clients", client_body(f"c{length}")),
        ):
            status, _ = await guest.call("POST", path, body | {"description": "x" * length})
            assert (path, status) == (path, expected)


@case("duplicate-names")
async def _duplicate_names(value: str) -> None:
    guest = await door("duplicate-names", value)
    expected = {"conflict409": 409, "bad400": 400, "allow": 200}[value]
    for path in ("authorization/divisions", "authorization/roles"):
        await guest.make(path, {"name": "Same", "description": ""})
        other = await guest.make(path, {"name": "Other", "description": ""})
        body = {"name": "sAME", "description": ""}
        assert (await guest.call("POST", path, body))[0] == expected
        assert (await guest.call("PUT", f"{path}/{other['id']}", body))[0] == expected


@case("editor-must-hold")
async def _editor_must_hold(value: str) -> None:
    guest = await door("editor-must-hold", value)
    role, here = await guest.role("r"), await guest.division("d")
    client = await guest.client("c", (role, here))
    await guest.call("DELETE", f"authorization/subjects/operator/divisions/{here}/roles/{role}")
    expected = {"on": 403, "off": 200}[value]
    assert (await guest.call("PUT", f"oauth/clients/{client['id']}", client_body("c2")))[0] == expected
    if value == "on":
        assert (await guest.call("POST", f"oauth/clients/{client['id']}/secret"))[0] == 403
        assert guest.find("clients", "c")["roleDivisions"] == [{"roleId": role, "divisionId": here}]


@case("empty-success")
async def _empty_success(value: str) -> None:
    guest = await door("empty-success", value)
    assert await guest.call("DELETE", f"authorization/divisions/{await guest.division('d')}") == (
        int(value),
        None,
    )
    assert await guest.call("HEAD", "tokens/me") == (int(value), None)


@case("foreign-object")
async def _foreign_object(value: str) -> None:
    guest = await door("foreign-object", value)
    tenant = await queue_reader(guest)
    queue = guest.find("queues", "NW Overflow")["id"]
    status, error = await tenant.call("GET", f"routing/queues/{queue}")
    assert (status, error["code"]) == {
        "403": (403, "missing.division.permission"),
        "404": (404, "not.found"),
    }[value]


async def queue_reader(guest: Guest) -> Guest:
    """A client that may see queues of a division of its own."""
    role, here = await guest.role("queues", "routing:queue:view"), await guest.division("own")
    return await guest.as_client(await guest.client("reader", (role, here)))


@case("foreign-observation")
async def foreign_observation(value: str) -> None:
    guest = await tenants(**{"foreign-observation": value})
    confined = await tenant(guest, "analytics:queueObservation:view")
    asked = {"type": "and", "predicates": [{"dimension": "queueId", "value": ids(guest)["West Q"]}]}
    body = {"filter": asked, "metrics": ["oWaiting"]}
    status, answer = await confined.call("POST", "analytics/queues/observations/query", body)
    assert (status, answer.get("results")) == ((200, []) if value == "empty" else (403, None))


@case("foreign-units")
async def foreign_units(value: str) -> None:
    guest = await tenants(**{"foreign-units": value})
    confined = await tenant(guest, "wfm:businessUnit:view")
    listed = (await confined.get("workforcemanagement/businessunits"))["entities"]
    told = [(row["name"], row["authorized"]) for row in listed]
    assert told == [("East BU", True)] + ([("West BU", False)] if value == "listed" else [])


@case("grantless-birth")
async def _grantless_birth(value: str) -> None:
    guest = await door("grantless-birth", value)
    status, _ = await guest.call("POST", "oauth/clients", client_body("c"))
    assert status == {"allowed": 200, "refused": 400}[value]


@case("hidden-groups")
async def _hidden_groups(value: str) -> None:
    seed = default_seed()
    quiet = {"name": "Quiet", "visibility": "members", "members": ["mei@northwind.example"]}
    guest = await open_door(replace(seed, groups=[*seed.groups, quiet]), switches={"hidden-groups": value})
    path = f"groups/{guest.find('groups', 'Quiet')['id']}"
    seen = value == "shown"
    listed = [row["name"] for row in (await guest.get("groups"))["entities"]]
    assert ("Quiet" in listed) == seen and "NW Agents" in listed
    for each in (path, f"{path}/members"):
        assert (await guest.call("GET", each))[0] == (200 if seen else 404)
    search = {"query": [{"type": "EXACT", "fields": ["name"], "value": "Quiet"}]}
    assert (await guest.call("POST", "groups/search", search))[1]["total"] == int(seen)
    assert guest.sim.edit("GET", f"/api/v2/{path}")[0] == 200


@case("holding-status")
async def _holding_status(value: str) -> None:
    guest = await door("holding-status", value)
    role, here = await guest.role("r"), await guest.division("d")
    status, error = await guest.call("POST", "oauth/clients", client_body("c", (role, here)))
    assert (status, error["status"]) == (int(value), int(value))


@case("inactive-birth")
async def _inactive_birth(value: str) -> None:
    guest = await door("inactive-birth", value)
    status, _ = await guest.call("POST", "oauth/clients", client_body("c", state="inactive"))
    assert status == {"allowed": 200, "refused": 400}[value]


@case("old-secret")
async def _old_secret(value: str) -> None:
    guest = await door("old-secret", value)
    client = await guest.client("c")
    _, again = await guest.call("POST", f"oauth/clients/{client['id']}/secret")
    assert again["secret"] != client["secret"]
    works = [
        (await guest.ask_token(each["id"], each["secret"])).status_code == 200 for each in (client, again)
    ]
    assert works == [value == "lives", True]


@case("operator-must-hold")
async def _operator_must_hold(value: str) -> None:
    guest = await door("operator-must-hold", value)
    role, here = await guest.role("r"), await guest.division("d")
    expected = {"on": 403, "off": 200}[value]
    assert (await guest.call("POST", "oauth/clients", client_body("c", (role, here))))[0] == expected
    client = await guest.client("bare")
    body = client_body("bare", (role, here))
    assert (await guest.call("PUT", f"oauth/clients/{client['id']}", body))[0] == expected


@case("org-wide-permitted")
async def _org_wide_permitted(value: str) -> None:
    guest = await door("org-wide-permitted", value)
    role, here = (
        await guest.role("both", "oauth:client:view", "routing:queue:view"),
        await guest.division("own"),
    )
    tenant = await guest.as_client(await guest.client("tenant", (role, here)))
    path = "authorization/divisionspermitted/paged/me?permission"
    wide = await tenant.get(f"{path}=oauth:client:view")
    told = (wide["total"], wide["allDivsPermitted"])
    assert told == {"granted": (1, False), "everywhere": (2, True)}[value]
    for permission, total in (("routing:queue:view", 1), ("oauth:client:add", 0)):
        told = await tenant.get(f"{path}={permission}")
        assert (told["total"], told["allDivsPermitted"]) == (total, False)


@case("own-view")
async def _own_view(value: str) -> None:
    guest = await door("own-view", value)
    filled = value == "filled"
    assert ("roleDivisions" in (await guest.get("tokens/me"))["OAuthClient"]) is filled
    assert len((await guest.get("authorization/subjects/me"))["grants"]) == filled
    assert len((await guest.get("authorization/subjects/operator"))["grants"]) == 1


@case("policy-order")
async def _policy_order(value: str) -> None:
    guest = await door("policy-order", value)
    role = await guest.role("r", "routing:queue:view", "wfm:schedule:view")
    shown = [
        each["domain"] for each in (await guest.get(f"authorization/roles/{role}"))["permissionPolicies"]
    ]
    assert shown == {"kept": ["routing", "wfm"], "reversed": ["wfm", "routing"]}[value]


@case("rate-window")
async def _rate_window(value: str) -> None:
    """Two before the minute ends and one after it begins: what each window makes of the third and fourth."""
    guest = await open_door(rate_limit="2/60", switches={"rate-window": value})
    statuses = []
    for guest.time.now in (50, 55, 59, 61, 82):
        statuses.append((await guest.send("GET", "organizations/me")).status_code)
    third, fourth, last = {
        "sliding": (429, 429, 429), "fixed": (429, 200, 200), "bucket": (429, 429, 200),
    }[value]  # fmt: skip
    assert statuses == [200, 200, third, fourth, last]


@case("role-delete-granted")
async def _role_delete_granted(value: str) -> None:
    guest = await door("role-delete-granted", value)
    role, here = await guest.role("r"), await guest.division("d")
    await guest.grant("operator", (role, here))
    status, _ = await guest.call("DELETE", f"authorization/roles/{role}")
    assert status == {"allowed": 204, "refused": 400}[value]
    assert ((role, here) in await guest.subject_pairs("operator")) is (value == "refused")


@case("role-ids-shown")
async def _role_ids_shown(value: str) -> None:
    guest = await door("role-ids-shown", value)
    role, here = await guest.role("r"), await guest.division("d")
    client = await guest.client("c", (role, here))
    assert client.get("roleIds") == {"no": None, "yes": [role]}[value]


@case("role-users-division")
async def _role_users_division(value: str) -> None:
    guest = await door("role-users-division", value)
    role, person = await guest.role("r"), guest.find("users", "Mei Tanaka")["id"]
    path = f"authorization/roles/{role}/users/add"
    assert await guest.call("PUT", path, [person]) == (200, [person])
    home = (await guest.get("authorization/divisions/home"))["id"]
    where = {division for key, division in await guest.subject_pairs(person) if key == role}
    assert where == {{"home": home, "every": "*"}[value]}


@case("roles-disabled-groups")
async def _roles_disabled_groups(value: str) -> None:
    seed = default_seed()
    held = [{"role": "Employee", "divisions": ["Home"]}]
    off = {"name": "Off", "rolesEnabled": False, "grants": held}
    guest = await open_door(
        replace(seed, groups=[*seed.groups, off]), switches={"roles-disabled-groups": value}
    )
    key, role, home = (
        guest.find("groups", "Off")["id"],
        await guest.role("r"),
        guest.find("divisions", "Home")["id"],
    )
    before = await guest.subject_pairs(key)
    assert len(before) == 1
    status = {"kept": 204, "refused": 400}[value]
    assert (await guest.grant(key, (role, home), kind="PC_GROUP"))[0] == status
    path = f"authorization/subjects/{key}/bulkreplace?subjectType=PC_GROUP"
    assert (await guest.call("POST", path, grants(*before, (role, home))))[0] == status
    after = before | ({(role, home)} if value == "kept" else set())
    assert await guest.subject_pairs(key) == after
    assert (await guest.call("POST", path, grants()))[0] == 204
    assert (await guest.grant(guest.find("groups", "NW Agents")["id"], (role, home), kind="PC_GROUP"))[
        0
    ] == 204


@case("unused-permissions")
async def _unused_permissions(value: str) -> None:
    seed, said = default_seed(), ["routing:queue:view", "routing:queue:search"]
    role = {"name": "Reader", "permissions": said, "unusedPermissions": [said[1], "wfm:schedule:view"]}
    guest = await open_door(replace(seed, roles=[*seed.roles, role]), switches={"unused-permissions": value})
    shown = guest.find("roles", "Reader")["id"]
    told = set((await guest.get(f"authorization/roles/{shown}"))["unusedPermissions"])
    if value == "idle":
        assert told == {said[1]}  # what it no longer allows is no longer of interest
    else:
        assert "wfm:schedule:view" in told and told.isdisjoint(said)


@case("secret-on-get")
async def _secret_on_get(value: str) -> None:
    guest = await door("secret-on-get", value)
    client = await guest.client("c")
    assert len(client["secret"]) == 43
    expected = {"absent": None, "empty": "", "shown": client["secret"]}[value]
    assert (await guest.get(f"oauth/clients/{client['id']}")).get("secret") == expected
    _, put = await guest.call("PUT", f"oauth/clients/{client['id']}", client_body("c"))
    assert put.get("secret") == expected


@case("self-grant")
async def _self_grant(value: str) -> None:
    guest = await door("self-grant", value)
    role, here = await guest.role("r"), await guest.division("d")
    assert (await guest.grant("operator", (role, here)))[0] == {"allowed": 204, "refused": 403}[value]
    client = await guest.client("bare")
    assert (await guest.grant(client["id"], (role, here)))[0] == 204


@case("star-in-division-grants")
async def _star_in_division_grants(value: str) -> None:
    guest = await door("star-in-division-grants", value)
    here = await guest.division("d")
    listed = (await guest.get(f"authorization/divisions/{here}/grants"))["entities"]
    assert ("operator" in {grant["subjectId"] for grant in listed}) is (value == "yes")


@case("star-in-path")
async def _star_in_path(value: str) -> None:
    guest = await door("star-in-path", value)
    role = await guest.role("r")
    path = f"authorization/subjects/operator/divisions/*/roles/{role}"
    expected = {"accepted": 204, "refused": 400}[value]
    assert (await guest.call("POST", f"{path}?subjectType=PC_OAUTH_CLIENT"))[0] == expected
    assert (await guest.call("DELETE", path))[0] == expected


@case("starred-filter")
async def starred_filter(value: str) -> None:
    guest = await tenants(**{"starred-filter": value})
    everywhere = await tenant(guest, "routing:wrapupCode:view", division="*")
    found = names(await everywhere.get(f"routing/wrapupcodes?divisionId={ids(guest)['East']}"))
    assert found == (["East Sale", "Resolved"] if value == "listed" else ["East Sale"])


@case("starred-shown")
async def starred_shown(value: str) -> None:
    guest = await tenants(**{"starred-shown": value})
    confined = await tenant(guest, "routing:wrapupCode:view")
    row = await confined.get(f"routing/wrapupcodes/{ids(guest)['Resolved']}")
    assert row.get("division", {}).get("id") == ("*" if value == "star" else None)


@case("subject-must-hold")
async def _subject_must_hold(value: str) -> None:
    guest = await door("subject-must-hold", value)
    role, here = await guest.role("r"), await guest.division("d")
    client = await guest.client("bare")
    assert (await guest.grant(client["id"], (role, here)))[0] == {"on": 403, "off": 204}[value]


@case("thin-clients")
async def _thin_clients(value: str) -> None:
    guest = await door("thin-clients", value)
    listed = (await guest.get("oauth/clients"))["entities"][0]
    assert {"roleDivisions", "description"} & set(listed) == (
        set() if value == "on" else {"roleDivisions", "description"}
    )
    assert len((await guest.get("oauth/clients/operator"))["roleDivisions"]) == 1


@case("thin-roles")
async def _thin_roles(value: str) -> None:
    guest = await door("thin-roles", value)
    listed = (await guest.get("authorization/roles"))["entities"][0]
    assert ("permissionPolicies" in listed) is (value == "off")
    assert (await guest.get(f"authorization/roles/{listed['id']}"))["permissionPolicies"]


@case("token-failure")
async def _token_failure(value: str) -> None:
    guest = await door("token-failure", value)
    answer = await guest.ask_token("operator", "wrong")
    assert (answer.status_code, answer.json()["error"]) == (int(value), "invalid_client")


@case("token-rights")
async def _token_rights(value: str) -> None:
    guest = await door("token-rights", value)
    role, home = (
        await guest.role("q", "routing:queue:view"),
        (await guest.get("authorization/divisions/home")),
    )
    await guest.grant("operator", (role, home["id"]))
    assert (await guest.call("GET", "routing/queues"))[0] == {"live": 200, "issued": 403}[value]
    await guest.log_in()
    assert (await guest.call("GET", "routing/queues"))[0] == 200


@case("tombstones")
async def _tombstones(value: str) -> None:
    guest = await door("tombstones", value)
    client = await guest.client("c", state="inactive")
    assert (await guest.call("DELETE", f"oauth/clients/{client['id']}"))[0] == 204
    listed = {row["id"]: row for row in (await guest.get("oauth/clients"))["entities"]}
    if value == "gone":
        assert client["id"] not in listed
        assert (await guest.call("GET", f"oauth/clients/{client['id']}"))[0] == 404
        return
    assert listed[client["id"]]["state"] == "deleted"
    assert listed[client["id"]]["dateToDelete"] > client["dateCreated"]
    assert (await guest.call("PUT", f"oauth/clients/{client['id']}", client_body("c")))[0] == 404


@case("unknown-fields")
async def _unknown_fields(value: str) -> None:
    guest = await door("unknown-fields", value)
    expected = {"ignore": 200, "reject": 400}[value]
    body = client_body("c", divisionIds=["x"])
    assert (await guest.call("POST", "oauth/clients", body))[0] == expected
    odd = [policies("routing:queue:view")[0] | {"division": "x"}]
    body = {"name": "r", "permissionPolicies": odd}
    assert (await guest.call("POST", "authorization/roles", body))[0] == expected
    path = "authorization/subjects/operator/bulkadd?subjectType=PC_OAUTH_CLIENT"
    assert (await guest.call("POST", path, grants() | {"x": 1}))[0] == {"ignore": 204, "reject": 400}[value]
