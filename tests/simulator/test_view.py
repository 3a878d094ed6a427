"""The simulator's page says what the organisation holds, and nothing that is a secret."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

from reconciler.simulator import SWITCHES, bundled, find_seed, limits_text
from reconciler.simulator.seed import parse_seed
from tests.architecture.source import ROOT
from tests.simulator.guest import open_door
from tests.simulator.looked import look
from tests.simulator.own import OWN

Row = dict[str, Any]
TYPES = {
    "Queues": "queues", "Wrap-up codes": "wrapupCodes", "Flows": "flows", "Data tables": "dataTables",
    "Business units": "businessUnits", "Management units": "managementUnits",
    "External contacts": "contacts", "Conversations": "conversations", "Users": "users",
}  # fmt: skip


async def test_the_organisation_its_clock_and_its_limits_stand_first() -> None:
    guest = await open_door(lag=5, rate_limit="120/30", switches={"rate-window": "bucket"})
    await guest.http.post("/_simulator/clock", json={"advance": 3600})
    await guest.division("late")
    page = await look(guest)
    organisation = guest.sim.snapshot()["organization"]
    for said in (
        organisation["name"], organisation["id"], "defaultCountryCode US", "2026-01-01T01:00:00.000Z",
        "moved forward by 3600 s", "5 s; 1 changes not seen by every reader yet",
        "120 requests in 30 s per client, bucket", "grantsPerSubject 50000", "backfillEnabled no",
    ):  # fmt: skip
        assert said in page.text


@pytest.mark.parametrize("seed", bundled())
async def test_every_division_is_counted_type_by_type(seed: str) -> None:
    guest = await open_door(find_seed(seed))
    state, page = guest.sim.snapshot(), await look(guest)
    rows = page.rows("divisions", "Divisions, and how much is in each")
    listed = {row["id"]: row["name"] for row in state["divisions"]}
    starred = any(row.get("division") == "*" for section in TYPES.values() for row in state[section])
    assert len(rows) == len(listed) + starred
    for key, name in [*listed.items(), *([("*", "every division (*)")] if starred else [])]:
        told = next(row for row in rows if row[0].startswith(name) and (key in row[0] or key == "*"))
        counts = [sum(key in _places(row) for row in state[section]) for section in TYPES.values()]
        assert told[1:] == [str(count) for count in counts]
    home = next(row["name"] for row in state["divisions"] if row["homeDivision"])
    assert [row[0].split(" home ")[0] for row in rows if " home " in row[0]] == [home]


def _places(row: Row) -> list[str]:
    return row["divisions"] if "divisions" in row else [row["division"]]


@pytest.mark.parametrize("seed", bundled())
async def test_every_object_role_person_and_client_is_there_by_name(seed: str) -> None:
    guest = await open_door(find_seed(seed))
    state, page = guest.sim.snapshot(), await look(guest)
    names = {
        row["id"]: row["name"] for row in [*state["divisions"], {"id": "*", "name": "every division (*)"}]
    }
    for title, section in [*TYPES.items()][:-2]:
        told = [(row[0], row[1].removesuffix(" home")) for row in page.rows("objects", title)]
        held = [(f"{row['name']} {row['id']}", names[row["division"]]) for row in state[section]]
        assert sorted(told) == sorted(held)
    for section in ("roles", "clients", "users", "groups", "trustees", "policies", "authorizations"):
        assert [row["name"] for row in state[section] if row["name"] not in page.text] == []


async def test_agents_members_and_particulars_stand_beside_objects() -> None:
    guest = await open_door(find_seed("northwind"))
    page, state = await look(guest), guest.sim.snapshot()
    people = {row["id"]: row["name"] for row in state["users"]}
    unit = next(row for row in state["managementUnits"] if row["name"] == "ACME US Floor")
    told = next(row for row in page.rows("objects", "Management units") if row[0].startswith("ACME US Floor"))
    assert "business unit Northwind" in told[2]
    assert [each for each in unit["agents"] if people[each] not in told[2]] == []
    desk = next(row for row in page.rows("objects", "Queues") if row[0].startswith("NW Service Desk"))
    assert desk[2].startswith("members 2 · wrap-up codes ")
    assert (
        next(row for row in page.rows("objects", "Flows") if row[0].startswith("NW Main Line"))[2]
        == "type INBOUNDCALL"
    )


@pytest.mark.parametrize("visible", ["yes", "no"])
async def test_a_clients_grants_are_told_through_both_views(visible: str) -> None:
    guest = await open_door(parse_seed("base: bare\n" + OWN, "own"),
                            switches={"bulkadd-visible": visible})  # fmt: skip
    page = await look(guest)
    at = "2026-01-01 00:00:00"
    assert page.rows("clients", "Grants", "client-viewer") == [
        ["Evaluator", "West", "2024-05-31 00:00:00", "shown" if visible == "yes" else "not shown", "shown"],
        ["Viewer", "every division (*)", at, "shown", "shown"],
        ["Viewer", "West", at, "shown", "shown"],
    ]
    assert page.rows("clients", "What it called", "client-viewer") == [
        ["GET /api/v2/routing/queues", "200", "2025-12-31", "40"],
        ["GET /api/v2/users", "200", "2025-12-02", "1"],
    ]


async def test_a_client_is_told_with_its_state_its_makers_and_its_scopes() -> None:
    guest = await open_door(parse_seed("base: bare\n" + OWN, "own"))
    text = (await look(guest)).text
    card = text[text.index("old inactive CODE ", text.index("One by one")) :]
    for said in (
        "a token none of its own: people sign in, and lend it what they hold", "scopes routing",
        "token lifetime 86400 s", "created 2023-01-02 06:00:00 by Ada", "to be deleted 2025-12-20 00:00:00",
        "redirect URIs https://old.example",
    ):  # fmt: skip
        assert said in card


async def test_a_role_tells_what_it_allows_and_who_holds_it_where() -> None:
    guest = await open_door(parse_seed("base: bare\n" + OWN, "own"))
    page = await look(guest)
    text = page.text[page.text.index(" Evaluator custom 2 policies, 1 holder ") :]
    assert "routing queue search" in text and "Conversation.queues" in text
    held = {tuple(row) for table in page.tables if table.caption == "Held by" for row in table.rows}
    assert held >= {
        ("view-only viewer", "client", "every division (*), West"),
        (f"Eve {guest.find('users', 'Eve')['id']}", "user", "Home home"),
        (f"Team {guest.find('groups', 'Team')['id']}", "group", "West"),
        (f"Partner {guest.find('trustees', 'Partner')['id']}", "trusted group", "Home home, West"),
    }


async def test_groups_and_users_are_told_with_members_and_grants() -> None:
    guest = await open_door(parse_seed("base: bare\n" + OWN, "own"))
    page = await look(guest)
    groups = {row[0].split()[0]: row[1:] for row in page.rows("people", "Groups")}
    assert groups == {
        "Quiet": ["inactive, social, owners roles disabled", "", "Ada", "nothing"],
        "Team": ["active, official, public", "Ada", "", "Viewer in West"],
    }
    assert page.rows("people", "Users") == [
        ["Eve eve@own.example", "inactive", "Home home", "", "Viewer in Home home"],
        ["Ada ada@own.example", "active", "West", "Team", "nothing"],
    ]


async def test_conversations_of_several_divisions_and_only_they_are_listed() -> None:
    guest = await open_door(find_seed("northwind"))
    page, state = await look(guest), guest.sim.snapshot()
    names = {row["id"]: row["name"] for row in state["divisions"]}
    crossed = {row["id"]: row for row in state["conversations"] if len(row["divisions"]) > 1}
    rows = page.rows("conversations", "Conversations of several divisions")
    assert len(rows) == len(crossed) == 8
    for row in rows:
        found = next(crossed[key] for key in crossed if key in row[0])
        assert {each.removesuffix(" home") for each in row[2].split(", ")} == {
            names[key] for key in found["divisions"]
        }


async def test_what_was_deleted_is_told_with_what_is_left_of_it() -> None:
    guest = await open_door(parse_seed("base: bare\n" + OWN, "own"), switches={"tombstones": "listed"})
    for path in (
        "oauth/clients/" + guest.find("clients", "old")["id"],
        "users/" + guest.find("users", "Ada")["id"],
    ):
        assert guest.sim.edit("DELETE", f"/api/v2/{path}")[0] == 204
    rows = (await look(guest)).rows("deleted", "Deleted, and what is left")
    assert [(row[1], row[0].split()[0]) for row in rows] == [
        ("division", "Gone"), ("client", "old"), ("user", "Ada"),
    ]  # fmt: skip


async def test_the_last_requests_are_told_and_looking_is_none() -> None:
    guest = await open_door(rate_limit="0")
    guest.sim.faults([{"kind": "refuse", "path": "/api/v2/groups"}])
    for number in range(120):
        await guest.call("GET", f"users?pageNumber={number + 1}")
    with pytest.raises(ConnectionResetError):
        await guest.call("GET", "groups")
    await guest.http.get("/api/v2/users", headers={"authorization": "Bearer nobody"})
    page = await look(guest)
    rows = page.rows("requests", "Requests")
    at, operator = "2026-01-01 00:00:00", guest.find("clients", "nw-reconciler")["name"]
    assert len(rows) == 100 and "The last 100 of 123 requests" in page.text
    assert rows[:3] == [
        [at, "GET", "/api/v2/users", "401", "nobody known"],
        [at, "GET", "/api/v2/groups", "no answer", "nobody known"],
        [at, "GET", "/api/v2/users?pageNumber=120", "200", operator],
    ]
    assert (await guest.http.get("/_simulator/requests")).json()["total"] == 123


async def test_changes_name_who_made_them() -> None:
    guest = await open_door()
    role = await guest.role("watch", "routing:queue:view")
    await guest.client("by-token", (role, "*"))
    guest.sim.edit("POST", "/api/v2/authorization/subjects/operator/bulkadd?subjectType=PC_OAUTH_CLIENT",
                   {"grants": [{"roleId": role, "divisionId": guest.sim.org.live.home()["id"]}]})  # fmt: skip
    rows = (await look(guest)).rows("changes", "Who changed what")
    assert [(row[1], row[2], row[4].removesuffix(f" {role}")) for row in rows[:2]] == [
        ("Dana Keller", "MemberUpdate", "watch: nw-reconciler"),
        ("nw-reconciler", "MemberAdd", "watch: by-token"),
    ]


async def test_every_switch_stands_there_and_what_was_changed_first() -> None:
    guest = await open_door(switches={"tombstones": "listed", "own-view": "filled"})
    page = await look(guest)
    rows = page.rows("switches", "Switches")
    assert rows[0] == [
        "tombstones",
        "listed changed",
        "gone",
        "do deleted clients stay listed with state deleted?",
    ]
    assert {row[0]: row[1] for row in rows[1:]} == {
        name: switch.default for name, switch in SWITCHES.items() if name != "tombstones"
    }
    assert f"1 of {len(SWITCHES)} do not stand at their default" in page.text and "§" not in page.text


async def test_the_faults_in_force_stand_there_with_what_they_met() -> None:
    guest = await open_door()
    guest.sim.faults([
        {"kind": "status", "path": "/api/v2/users", "nth": 2, "times": None, "retryAfter": 7},
        {"kind": "edit", "method": "GET", "edits": [{"method": "GET", "path": "/api/v2/users"}]},
    ])  # fmt: skip
    await guest.call("GET", "users")
    assert (await look(guest)).rows("faults", "Faults in force") == [
        ["status", "* /api/v2/users", "match 2 for ever", "retryAfter 7", "1"],
        ["edit", "GET *", "match 1 to 1", "edits 1", "1"],
    ]
    guest.sim.faults([])
    assert (await look(guest)).rows("faults", "Faults in force") == []


async def test_what_it_does_not_imitate_is_told_in_the_words_of_help() -> None:
    page = await look(await open_door())
    assert " ".join(limits_text().split()) in page.text


async def test_no_secret_and_no_token_is_on_it() -> None:
    guest = await open_door(switches={"secret-on-get": "shown"})
    client = await guest.client("c", (await guest.role("r", "routing:queue:view"), "*"))
    other = await guest.as_client(client)
    tokens = [each.http.headers["authorization"].split()[1] for each in (guest, other)]
    secrets = [each for each in guest.sim.org.secrets.values() if each]
    assert {client["secret"], "operator-secret"} <= {*secrets}
    for each in (*tokens, *secrets):
        await guest.call("GET", f"users/{each}?access_token={each}&client_secret={each}")
        await guest.ask_token(each, "swapped")
    page = await look(guest)
    assert "/api/v2/users/[struck out]?access_token=[struck out]&client_secret=[struck out]" in page.text
    assert [each for each in (*tokens, *secrets) if each in page.html] == []


async def test_looking_changes_nothing() -> None:
    """Not even by whose turn it is among caches that disagree."""
    told = []
    for looks in (0, 1):
        guest = await open_door(lag=5, switches={"caches": "disagree"})
        answers = []
        for number in range(12):
            await guest.division(f"d{number}")
            for _ in range(looks):
                await look(guest)
            answers.append((await guest.get("authorization/divisions?pageSize=100"))["total"])
        told.append((answers, guest.sim.state(), guest.sim.total))
    assert told[0] == told[1]


async def test_a_browser_may_load_nothing_but_the_page() -> None:
    guest = await open_door()
    answer = await guest.http.get("/_simulator/")
    policy = dict(each.split(" ", 1) for each in answer.headers["content-security-policy"].split("; "))
    style = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert policy == {
        "default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'",
        "frame-ancestors": "'none'",
        "style-src": f"'sha256-{b64encode(sha256(style[0].encode()).digest()).decode()}'",
    }  # fmt: skip
    assert (
        len(style) == 1
        and "@import" not in style[0]
        and "url(" not in style[0]
        and " style=" not in answer.text
    )
    assert {"script", "img", "iframe", "form", "object"}.isdisjoint((await look(guest)).tags)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == (
        "no-store",
        "nosniff",
    )


async def test_a_browser_loads_it_anew_only_when_asked_to() -> None:
    guest = await open_door()
    refreshed = [each for each in (await look(guest)).meta if "http-equiv" in each]
    asked = [each for each in (await look(guest, "?refresh=10")).meta if "http-equiv" in each]
    assert (refreshed, asked) == ([], [{"http-equiv": "refresh", "content": "10"}])
    for wrong in ("-1", "x", "3601", "", "1e3", "²"):
        answer = await guest.http.get("/_simulator/", params={"refresh": wrong})
        assert answer.status_code == 400 and "refresh is a whole number of seconds" in answer.json()["error"]


async def test_names_are_text_whatever_they_hold() -> None:
    guest = await open_door()
    evil = "<script>alert(1)</script>\"'></bdi>&amp;\u202egnp.exe\x00\u200b"
    await guest.division(evil)
    await guest.role(evil, "routing:queue:view")
    await guest.make("oauth/clients", {"name": evil, "authorizedGrantType": "CODE", "scope": [evil],
                                       "registeredRedirectUri": [f"javascript:{evil}"]})  # fmt: skip
    await guest.http.get("/api/v2/users", params={"name": evil})
    page = await look(guest)
    seen = "<script>alert(1)</script>\"'></bdi>&amp;[U+202E]gnp.exe[U+0000][U+200B]"
    assert page.text.count(seen) >= 5 and "script" not in page.tags
    assert "<script" not in page.html and "\u202e" not in page.html and "\x00" not in page.html


async def test_it_stands_beside_the_controls_and_hides_none_of_them() -> None:
    guest = await open_door()
    for name in ("health", "requests", "state"):
        answer = await guest.http.get(f"/_simulator/{name}", headers={"accept": "text/html"})
        assert answer.headers["content-type"] == "application/json"
    moved = await guest.http.get("/_simulator")
    assert (moved.status_code, moved.headers["location"]) == (307, "http://127.0.0.1/_simulator/")
    assert (await guest.http.post("/_simulator/")).status_code == 405
    assert (await guest.http.get("/_simulator/", headers={"accept": "application/json"})).text.startswith(
        "<!doctype"
    )


def test_a_wheel_brings_its_templates_along() -> None:
    packed = {each.distribution_path for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    found = {
        f"{path.relative_to(ROOT)}" for path in (ROOT / "reconciler/simulator/view/templates").rglob("*.*")
    }
    assert len(found) == 16 and found <= packed
