"""Who gets a token, how long it lives, and what ends it."""

from __future__ import annotations

import pytest

from tests.simulator.guest import client_body, open_door


async def test_a_token_is_issued_for_the_life_its_client_says() -> None:
    guest = await open_door()
    client = await guest.client("short", accessTokenValiditySeconds=300)
    answer = await guest.ask_token(client["id"], client["secret"])
    assert answer.status_code == 200
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("bearer", 300)


async def test_a_token_ends_when_its_life_is_over() -> None:
    guest = await open_door()
    other = await guest.as_client(await guest.client("short", accessTokenValiditySeconds=300))
    guest.time.now = 299
    assert (await other.call("GET", "tokens/me"))[0] == 200
    guest.time.now = 300
    status, error = await other.call("GET", "tokens/me")
    assert (status, error["code"]) == (401, "credentials.expired")


@pytest.mark.parametrize(
    ("client", "secret", "grant", "error"),
    [
        ("operator", "wrong", "client_credentials", "invalid_client"),
        ("nobody", "operator-secret", "client_credentials", "invalid_client"),
        ("operator", "operator-secret", "password", "unsupported_grant_type"),
    ],
)
async def test_a_wrong_request_gets_no_token(client: str, secret: str, grant: str, error: str) -> None:
    answer = await (await open_door()).ask_token(client, secret, grant)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["description"] == answer.json()["error_description"]


async def test_no_credentials_get_no_token() -> None:
    guest = await open_door()
    for headers in ({}, {"authorization": "Basic !"}, {"authorization": "Basic b3BlcmF0b3I="}):
        answer = await guest.http.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"authorization": "", **headers},
        )
        assert answer.json()["error"] == "invalid_client"


@pytest.mark.parametrize("state", ["inactive", "disabled"])
async def test_only_an_active_client_gets_a_token(state: str) -> None:
    guest = await open_door()
    client = await guest.client("c", state=state)
    assert (await guest.ask_token(client["id"], client["secret"])).status_code == 400


@pytest.mark.parametrize(("state", "status"), [("inactive", 200), ("disabled", 401)])
async def test_tokens_outlive_inactive_but_not_disabled(state: str, status: int) -> None:
    guest = await open_door()
    client = await guest.client("c")
    other = await guest.as_client(client)
    await guest.call("PUT", f"oauth/clients/{client['id']}", client_body("c", state=state))
    assert (await other.call("GET", "tokens/me"))[0] == status


async def test_a_code_client_gets_no_token_by_credentials() -> None:
    guest = await open_door()
    client = await guest.client("c", authorizedGrantType="CODE", registeredRedirectUri=["https://a.example"])
    answer = await guest.ask_token(client["id"], client["secret"])
    assert answer.json()["error"] == "unauthorized_client"


async def test_a_token_says_whose_it_is_and_can_be_given_back() -> None:
    guest = await open_door()
    info = await guest.get("tokens/me")
    assert info["organization"]["name"] == "Northwind Contact Services"
    assert (info["OAuthClient"]["id"], len(info["OAuthClient"]["roleDivisions"])) == ("operator", 1)
    assert await guest.call("HEAD", "tokens/me") == (204, None)
    assert await guest.call("DELETE", "tokens/me") == (204, None)
    status, error = await guest.call("GET", "tokens/me")
    assert (status, error["code"]) == (401, "bad.credentials")


async def test_a_deleted_client_has_no_token_any_more() -> None:
    guest = await open_door(switches={"tombstones": "listed"})
    client = await guest.client("c")
    other = await guest.as_client(client)
    await guest.call("PUT", f"oauth/clients/{client['id']}", client_body("c", state="inactive"))
    await guest.call("DELETE", f"oauth/clients/{client['id']}")
    assert (await other.call("GET", "tokens/me"))[0] == 401


async def test_without_a_token_nothing_is_answered() -> None:
    guest = await open_door()
    del guest.http.headers["authorization"]
    status, error = await guest.call("GET", "users")
    assert (status, error["code"]) == (401, "authentication.required")


async def test_every_answer_names_its_correlation_id() -> None:
    guest = await open_door()
    answer = await guest.send("GET", "no/such/path")
    assert answer.headers["ININ-Correlation-Id"] == answer.json()["contextId"]
