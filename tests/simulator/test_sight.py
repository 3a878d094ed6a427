"""What the page says a token sees is what the token is answered, client by client."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.simulator import bundled, find_seed
from reconciler.simulator.organization import aware, permissions
from tests.simulator.guest import Guest, open_door
from tests.simulator.looked import Page, look

SPAN = {"interval": "2020-01-01T00:00:00Z/2030-01-01T00:00:00Z", "paging": {"pageSize": 1, "pageNumber": 1}}
WFM = "workforcemanagement"


async def _total(guest: Guest, path: str, body: Any = None) -> int:
    """How many a list says there are; none for a list that is refused."""
    status, answer = await guest.call("POST" if body else "GET", path, body)
    if status == 403:
        return 0
    assert status == 200, answer
    return int(answer.get("total", answer.get("totalHits", len(answer.get("entities", ())))))


async def _listed(guest: Guest) -> list[int]:
    """In the order of the page; flows that are deleted are listed to whoever asks for them."""
    return [
        await _total(guest, "routing/queues"),
        await _total(guest, "routing/wrapupcodes"),
        await _total(guest, "flows") + await _total(guest, "flows?deleted=true"),
        await _total(guest, "flows/datatables"),
        await _total(guest, f"{WFM}/businessunits"),
        await _total(guest, f"{WFM}/managementunits"),
        await _total(guest, "externalcontacts/contacts"),
        await _total(guest, "analytics/conversations/details/query", SPAN),
    ]


def _card(page: Page, client: str) -> str:
    start = page.html.index(f'id="client-{client}"')
    return page.html[start : page.html.find('id="client-', start + 1)]


@pytest.mark.parametrize("seed", bundled())
async def test_each_token_lists_as_much_as_the_page_says(seed: str) -> None:
    guest = await open_door(find_seed(seed), rate_limit="0")
    page, clients = await look(guest), guest.sim.snapshot()["clients"]
    rows = page.rows("clients", "What each token opens")
    order = sorted(clients, key=lambda row: (row["name"].casefold(), row["id"]))
    told = {client["id"]: row for client, row in zip(order, rows, strict=True)}
    asked = 0
    for client in clients:
        answer = await guest.ask_token(client["id"], guest.sim.org.secrets.get(client["id"], ""))
        assert (answer.status_code == 200) == ("<dd>any time</dd>" in _card(page, client["id"]))
        if answer.status_code == 200:
            guest.http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
            assert told[client["id"]][4:] == [str(count) for count in await _listed(guest)], client["name"]
            asked += 1
    assert asked


@pytest.mark.parametrize("seed", ["tinydesk", "northwind-broken", "harbor-health"])
async def test_each_permission_holds_where_the_page_says(seed: str) -> None:
    """Of every permission on a client's card, and of one of each domain that is not there."""
    guest = await open_door(find_seed(seed), rate_limit="0")
    page, names = await look(guest), {row["id"]: row["name"] for row in guest.sim.snapshot()["divisions"]}
    for client in guest.sim.snapshot()["clients"]:
        told = dict(_told(page, client["id"]))
        spared = [
            next((each for each in domain if each not in told), "") for domain in permissions().values()
        ]
        for permission in [*told, *filter(None, spared)]:
            path = (
                f"authorization/divisionspermitted/paged/{client['id']}?pageSize=100&permission={permission}"
            )
            answer = await guest.get(path)
            where = {names[row["id"]] for row in answer["entities"]}
            held = told.get(permission, frozenset())
            if not aware(permission) and held:
                assert where and held == {"org-wide no division confines it"}
            elif answer["allDivsPermitted"]:
                assert held == {"every division (*)"}
            else:
                assert held == where, permission


def _told(page: Page, client: str) -> Any:
    for where, several in page.rows("clients", "What its token may do", f"client-{client}"):
        for permission in several.rpartition(" permissions")[2].split():
            yield permission, {each.removesuffix(" home") for each in where.split(", ")}


async def test_a_grant_by_hand_is_on_the_page_and_in_the_sight_of_the_token() -> None:
    guest = await open_door(find_seed("northwind"))
    before = _row(await look(guest), "acme-retail-metrics")
    client, role = (
        guest.find("clients", "acme-retail-metrics")["id"],
        guest.find("roles", "Tenant Queue Metrics")["id"],
    )
    path = f"/api/v2/authorization/subjects/{client}/bulkadd?subjectType=PC_OAUTH_CLIENT"
    assert guest.sim.edit("POST", path, {"grants": [{"roleId": role, "divisionId": "*"}]})[0] == 204
    page = await look(guest)
    after = _row(page, "acme-retail-metrics")
    assert (before[3:5], after[3:5]) == (
        ["ACME-CA, ACME-US", "8"], ["every division (*), ACME-CA, ACME-US", "24"],
    )  # fmt: skip
    reaches = page.rows("clients", "What its token may do", f"client-{client}")
    assert [row[0] for row in reaches if "routing:queue:view" in row[1]] == ["every division (*)"]


async def test_a_permission_that_nothing_confines_is_org_wide_wherever_it_was_granted() -> None:
    guest = await open_door()
    one = await guest.role("programs", "oauth:client:view"), await guest.division("d")
    other = await guest.role("catalogue", "authorization:role:view"), await guest.division("e")
    client = await guest.client("c", one, other)
    page = await look(guest)
    assert page.rows("clients", "What its token may do", f"client-{client['id']}") == [
        ["org-wide no division confines it", "authorization:role:view oauth:client:view"]
    ]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("inactive", "no new one: it is inactive; one it has works until it ends"),
        ("disabled", "none: it is disabled"),
    ],
)
async def test_a_client_that_gets_no_token_says_why(state: str, said: str) -> None:
    guest = await open_door()
    client = await guest.client("c", state=state)
    assert (await guest.ask_token(client["id"], client["secret"])).status_code == 400
    assert f"<dd>{said}</dd>" in _card(await look(guest), client["id"])


def _row(page: Page, client: str) -> list[str]:
    return next(row for row in page.rows("clients", "What each token opens") if row[0] == client)
