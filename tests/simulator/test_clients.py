"""OAuth clients: full replace, one unpaged list, secrets told once, inactive before deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.guest import client_body, open_door

CLIENTS = "oauth/clients"


async def test_a_client_is_born_with_its_fields_and_dates() -> None:
    guest = await open_door()
    role, here = await guest.role("r"), await guest.division("d")
    made = await guest.client("c", (role, here), description="text", accessTokenValiditySeconds=3600)
    secret = made.pop("secret")
    assert len(secret) == 43
    assert await guest.get(f"{CLIENTS}/{made['id']}") == made
    assert made["roleDivisions"] == [{"roleId": role, "divisionId": here}]
    assert (made["state"], made["accessTokenValiditySeconds"], made["description"]) == (
        "active",
        3600,
        "text",
    )
    assert made["createdBy"]["id"] == made["modifiedBy"]["id"] == "operator"
    assert made["dateCreated"] == made["dateModified"] == "2026-01-01T00:00:00.000Z"


async def test_put_replaces_every_field() -> None:
    guest = await open_door()
    role, here = await guest.role("r"), await guest.division("d")
    client = await guest.client("c", (role, here), description="text", state="inactive", scope=["routing"])
    guest.time.now = 60
    status, put = await guest.call("PUT", f"{CLIENTS}/{client['id']}", client_body("c2"))
    assert status == 200
    assert (put["name"], put["description"], put["state"], put["scope"]) == ("c2", "", "active", [])
    assert (put["roleDivisions"], put["accessTokenValiditySeconds"]) == ([], 86400)
    assert (put["dateCreated"], put["dateModified"]) == (client["dateCreated"], "2026-01-01T00:01:00.000Z")


async def test_the_hand_of_an_administrator_shows_in_modified_by() -> None:
    guest = await open_door()
    client = await guest.client("c")
    path = f"/api/v2/{CLIENTS}/{client['id']}"
    assert guest.sim.edit("PUT", path, client_body("by hand"))[0] == 200
    row = await guest.get(f"{CLIENTS}/{client['id']}")
    assert (row["modifiedBy"]["name"], row["createdBy"]["id"]) == ("Dana Keller", "operator")


async def test_the_list_is_one_body_whatever_is_asked() -> None:
    guest = await open_door()
    for number in range(30):
        await guest.client(f"c{number}")
    listed = await guest.get(f"{CLIENTS}?pageSize=5&pageNumber=2")
    assert (len(listed["entities"]), listed["total"], listed["pageCount"]) == (31, 31, 1)


async def test_names_need_not_be_unique() -> None:
    guest = await open_door()
    assert (await guest.client("same"))["id"] != (await guest.client("same"))["id"]


async def test_a_secret_is_told_on_birth_and_on_reset_and_nowhere_else() -> None:
    guest = await open_door()
    client = await guest.client("c")
    told = await guest.make(f"{CLIENTS}/{client['id']}/secret", None)
    assert told["secret"] != client["secret"]
    assert (await guest.ask_token(client["id"], client["secret"])).status_code == 400
    assert (await guest.ask_token(client["id"], told["secret"])).status_code == 200

    everything = json.dumps(
        [
            await guest.get(CLIENTS),
            await guest.get(f"{CLIENTS}/{client['id']}"),
            (await guest.call("PUT", f"{CLIENTS}/{client['id']}", client_body("c")))[1],
            guest.sim.snapshot(),
            (await guest.http.get("/_simulator/state")).json(),
            (await guest.http.get("/_simulator/requests")).json(),
        ]
    )
    assert told["secret"] not in everything
    assert "operator-secret" not in everything


async def test_only_an_inactive_client_is_deleted() -> None:
    guest = await open_door()
    disabled = await guest.client("disabled", state="disabled")
    assert (await guest.call("DELETE", f"{CLIENTS}/{disabled['id']}"))[0] == 400
    role, here = await guest.role("r"), await guest.division("d")
    client = await guest.client("c", (role, here))
    status, error = await guest.call("DELETE", f"{CLIENTS}/{client['id']}")
    assert (status, error["code"]) == (400, "cannot.delete.client")

    body = client_body("c", (role, here), state="inactive")
    assert (await guest.call("PUT", f"{CLIENTS}/{client['id']}", body))[0] == 200
    assert await guest.call("DELETE", f"{CLIENTS}/{client['id']}") == (204, None)
    assert (await guest.call("GET", f"{CLIENTS}/{client['id']}"))[0] == 404
    assert client["id"] not in {grant["subjectId"] for grant in guest.sim.snapshot()["grants"]}
    assert set(guest.sim.org.secrets) == {"operator", disabled["id"]}


async def test_an_inactive_client_comes_back_by_put() -> None:
    guest = await open_door()
    client = await guest.client("c", state="inactive")
    await guest.call("PUT", f"{CLIENTS}/{client['id']}", client_body("c"))
    assert (await guest.ask_token(client["id"], client["secret"])).status_code == 200


async def test_deprecated_role_ids_fall_to_home() -> None:
    guest = await open_door()
    role, home = await guest.role("r"), (await guest.get("authorization/divisions/home"))["id"]
    await guest.grant("operator", (role, home))
    made = await guest.make(CLIENTS, client_body("c", roleIds=[role]))
    assert made["roleDivisions"] == [{"roleId": role, "divisionId": home}]


async def test_pairs_are_for_client_credentials_only() -> None:
    guest = await open_door()
    role, here = await guest.role("r"), await guest.division("d")
    client = await guest.client("c", (role, here))
    body = client_body("c", (role, here), authorizedGrantType="CODE")
    assert (await guest.call("PUT", f"{CLIENTS}/{client['id']}", body))[1]["roleDivisions"] == []
    assert await guest.subject_pairs(client["id"]) == set()


async def test_a_pair_counts_once_and_every_division_is_a_star() -> None:
    guest = await open_door()
    role = await guest.role("r")
    client = await guest.client("c", (role, "*"), (role, "*"))
    assert client["roleDivisions"] == [{"roleId": role, "divisionId": "*"}]


@pytest.mark.parametrize(
    "fields",
    [
        {"accessTokenValiditySeconds": 299},
        {"accessTokenValiditySeconds": 172_801},
        {"accessTokenValiditySeconds": True},
        {"authorizedGrantType": "IMPLICIT"},
        {"state": "deleted"},
        {"roleDivisions": [{"roleId": "r"}]},
        {"name": None},
        {"name": ""},
        {"dateToDelete": "soon"},
        {"dateToDelete": "2024-01-01"},
        {"dateToDelete": "2024-01-01T12:99:00Z"},
        {"dateToDelete": "2024-01-01T12:00:00"},
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused(fields: dict[str, Any]) -> None:
    guest = await open_door()
    status, error = await guest.call("POST", CLIENTS, client_body("c") | fields)
    assert (status, error["details"][0]["fieldName"] in error["message"]) == (400, True)
    assert len(guest.sim.snapshot()["clients"]) == 1


@pytest.mark.parametrize(
    "moment", ["2031-01-01T12:00:00Z", "2031-01-01T12:00:00.123Z", "2031-01-01T12:00:00+02:00"]
)
async def test_a_date_is_taken_with_an_offset_too(moment: str) -> None:
    assert (await (await open_door()).client("c", dateToDelete=moment))["dateToDelete"] == moment


@pytest.mark.parametrize("pair", [("nothing", "*"), (None, "nowhere")], ids=["role", "division"])
async def test_a_pair_on_nothing_is_not_found(pair: tuple[str | None, str]) -> None:
    guest = await open_door()
    role = pair[0] or await guest.role("r")
    assert (await guest.call("POST", CLIENTS, client_body("c", (role, pair[1]))))[0] == 404


async def test_nobody_finds_a_client_that_is_not_there() -> None:
    guest = await open_door()
    for method, path, body in (
        ("GET", "", None), ("PUT", "", client_body("c")), ("DELETE", "", None), ("POST", "/secret", None),
    ):  # fmt: skip
        assert (await guest.call(method, f"{CLIENTS}/nothing{path}", body))[0] == 404
