"""A read-only run cannot write, whatever the code above believes it is doing."""

from __future__ import annotations

import httpx
import pytest

from reconciler.genesys.readonly import ReadOnlyTransport, WriteRefused
from reconciler.model.secret import Secret
from tests.genesys.script import Script
from tests.support.org import connect, simulated

READS = [
    "/api/v2/organizations/me",
    "/api/v2/tokens/me",
    "/api/v2/authorization/divisions",
    "/api/v2/authorization/divisions/limit",
    "/api/v2/authorization/divisionspermitted/paged/me?permission=oauth:client:view",
    "/api/v2/authorization/roles/settings",
    "/api/v2/authorization/subjects/operator",
    "/api/v2/oauth/clients",
    "/api/v2/oauth/clients/operator",
    "/api/v2/groups",
    "/api/v2/users",
]


@pytest.mark.parametrize("path", READS)
async def test_what_a_plan_needs_is_readable(path: str) -> None:
    sim = simulated()
    async with connect(sim, read_only=True) as api:
        await api.read(path)

    assert sim.requests[-1].status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/api/v2/oauth/clients", "/api/v2/authorization/divisions"])
async def test_no_write_leaves(method: str, path: str) -> None:
    sim = simulated()
    before = sim.snapshot()
    async with connect(sim, read_only=True) as api:
        with pytest.raises(WriteRefused, match=method):
            await api.write(method, path, {"name": "a"})

    assert [each.path for each in sim.requests] == ["/oauth/token"]
    assert sim.snapshot() == before


@pytest.mark.parametrize(
    "path",
    [
        "/api/v2/recordings",
        "/api/v2/oauth/clientsx",
        "/oauth/token",
        "/api/v2/oauth/scopes",
        "/api/v2/tokens/me/x",
    ],
)
async def test_no_other_read_leaves(path: str) -> None:
    script = Script()
    async with script.api(read_only=True) as api:
        with pytest.raises(WriteRefused):
            await api.read(path)

    assert script.seen == []


@pytest.mark.parametrize(("below", "leaves"), [("", True), ("/1", True), ("/1/2", False), ("x", False)])
async def test_the_collections_of_a_new_kind_are_readable_and_nothing_beside_them(
    below: str, leaves: bool
) -> None:
    wall = ReadOnlyTransport(httpx.MockTransport(lambda request: httpx.Response(200)), ["/api/v2/skills"])
    async with httpx.AsyncClient(transport=wall, base_url="http://127.0.0.1") as http:
        if leaves:
            assert (await http.get(f"/api/v2/skills{below}")).status_code == 200
            return
        with pytest.raises(WriteRefused):
            await http.get(f"/api/v2/skills{below}")


@pytest.mark.parametrize(
    ("path", "leaves"), [("skills/1/users", True), ("skills/1/edits", False), ("skills/1/users/2", False)]
)
async def test_one_list_of_any_object_is_readable_and_nothing_beside_it(path: str, leaves: bool) -> None:
    answering = httpx.MockTransport(lambda request: httpx.Response(200))
    wall = ReadOnlyTransport(answering, ["/api/v2/skills/{id}/users"])
    async with httpx.AsyncClient(transport=wall, base_url="http://127.0.0.1") as http:
        if leaves:
            assert (await http.get(f"/api/v2/{path}")).status_code == 200
            return
        with pytest.raises(WriteRefused):
            await http.get(f"/api/v2/{path}")


async def test_a_search_by_post_is_let_through() -> None:
    script = Script()
    async with script.api(read_only=True) as api:
        await api.write("POST", "/api/v2/groups/search", {"query": []})

    assert len(script.seen) == 1


async def test_a_secret_can_be_proved() -> None:
    async with connect(simulated(), read_only=True) as api:
        assert await api.proves("operator", Secret("operator-secret"))


async def test_ones_own_token_can_be_given_back_and_no_other_write_leaves() -> None:
    sim = simulated()
    async with connect(sim, read_only=True) as api:
        await api.give_back()
        assert sim.requests == []  # there was none
        await api.read("/api/v2/tokens/me")
        await api.give_back()
        with pytest.raises(WriteRefused):
            await api.write("DELETE", "/api/v2/tokens/me/x", None)

    assert [(each.method, each.status) for each in sim.writes()] == [("DELETE", 204)]
