"""Clients of others that were let in, the scopes there are, and what the organisation has a licence for."""

from __future__ import annotations

from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import open_door

SEED = """
base: bare
organisation: {id: 88888888-8888-8888-8888-888888888888, name: Apps}
users: [{name: Ada, email: ada@own.example}]
authorizations:
  - {name: Desk Panel, scopes: ["users:readonly", routing], owner: ada@own.example, dateCreated: 2024-05-31}
  - {name: Old Panel, grantType: TOKEN, state: Revoked}
  - {name: New Panel, state: Requested}
"""


async def test_authorized_clients_show_to_who_may_authorize_and_are_none_of_the_organisation() -> None:
    guest = await open_door(parse_seed(SEED))
    assert (await guest.call("GET", "oauth/authorizations"))[0] == 403
    await guest.grant("operator", (await guest.role("r", "oauth:client:authorize"), "*"))
    listed = await guest.get("oauth/authorizations")
    desk, old, new = listed["entities"]
    assert listed["total"] == 3
    assert (desk["client"]["name"], desk["client"]["authorizedGrantType"]) == ("Desk Panel", "CODE")
    assert (desk["scope"], desk["state"], desk["pending"]) == (
        ["users:readonly", "routing"],
        "Authorized",
        False,
    )
    assert (desk["resourceOwner"]["name"], desk["createdBy"]["name"]) == ("Ada", "Ada")
    assert desk["dateCreated"] == "2024-05-31T00:00:00.000Z"
    assert (old["client"]["authorizedGrantType"], old["state"], old["scope"]) == ("TOKEN", "Revoked", [])
    assert (new["state"], new["pending"], "resourceOwner" in new) == ("Requested", True, False)
    assert [row["id"] for row in (await guest.get("oauth/clients"))["entities"]] == ["operator"]
    assert (await guest.call("GET", f"oauth/clients/{desk['client']['id']}"))[0] == 404


async def test_scopes_are_areas_to_change_or_to_read_and_anybody_may_ask() -> None:
    guest = await open_door()
    stranger = await guest.as_client(await guest.client("stranger"))
    listed = await stranger.get("oauth/scopes")
    ids = [row["id"] for row in listed["entities"]]
    assert (ids, listed["total"]) == (sorted(set(ids)), len(ids))
    assert {"routing", "routing:readonly", "oauth", "authorization:readonly", "audits:readonly"} <= set(ids)
    assert {"audits", "notifications:readonly", "routing:queue:view"}.isdisjoint(ids)


async def test_products_are_one_list_whatever_page_is_asked_for() -> None:
    guest = await open_door()
    stranger = await guest.as_client(await guest.client("stranger"))
    listed = await stranger.get("authorization/products")
    assert "engage" in [row["id"] for row in listed["entities"]]
    assert listed == await stranger.get("authorization/products?pageSize=1&pageNumber=2")
