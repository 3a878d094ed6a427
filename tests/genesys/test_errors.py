"""An error says what happened, where, which id to quote and what to do; never a query, never a whole body."""

from __future__ import annotations

import httpx
import pytest

from reconciler.errors import OrgError, Refused, Rejected, Unavailable, Unreadable
from tests.genesys.script import Script, cut, html, says
from tests.support.org import connect, simulated

ROLES = "/api/v2/authorization/roles"


async def error_of(answer: httpx.Response | Exception, path: str = ROLES) -> OrgError:
    async with Script(answer).api() as api:
        with pytest.raises(OrgError) as caught:
            await api.read(path, {"name": "a-query"})
    return caught.value


async def test_a_missing_permission_is_named_in_the_remedy() -> None:
    sim = simulated()
    _, role = sim.edit("POST", ROLES, {"name": "Nothing", "permissionPolicies": []})
    _, home = sim.edit("GET", "/api/v2/authorization/divisions/home")
    body = {
        "name": "weak",
        "authorizedGrantType": "CLIENT-CREDENTIALS",
        "state": "active",
        "roleDivisions": [{"roleId": role["id"], "divisionId": home["id"]}],
    }
    _, weak = sim.edit("POST", "/api/v2/oauth/clients", body)
    async with connect(sim, client_id=weak["id"], client_secret=weak["secret"]) as api:
        with pytest.raises(Refused) as caught:
            await api.list_all("/api/v2/oauth/clients", paged=False)

    assert caught.value.status == 403
    assert caught.value.remedy == "give a role of this client the permission oauth:client:view"
    assert caught.value.correlation in str(caught.value)


async def test_a_rejection_carries_what_the_vendor_said() -> None:
    error = await error_of(
        says(409, {"code": "conflict", "message": "somebody was faster"}, inin_correlation_id="abc-1")
    )

    assert isinstance(error, Rejected)
    assert (error.status, error.code, error.correlation) == (409, "conflict", "abc-1")
    assert error.message == (
        "GET /api/v2/authorization/roles answered 409 conflict: somebody was faster (correlation abc-1)"
    )


async def test_the_correlation_id_is_taken_from_the_body_where_no_header_has_it() -> None:
    error = await error_of(says(404, {"code": "not.found", "message": "no", "contextId": "ctx-9"}))

    assert error.correlation == "ctx-9"


async def test_a_404_is_told_apart() -> None:
    sim = simulated()
    async with connect(sim) as api:
        with pytest.raises(Rejected) as caught:
            await api.read(f"{ROLES}/6f1f2b7e-0000-0000-0000-000000000000")

    assert (caught.value.status, caught.value.code) == (404, "not.found")


async def test_an_error_names_the_path_and_not_the_query() -> None:
    error = await error_of(says(400, {"message": "bad"}), f"{ROLES}?id=in-the-path")

    assert ROLES in str(error)
    assert "a-query" not in str(error)
    assert "in-the-path" not in str(error)


async def test_what_the_vendor_says_is_cut_and_cannot_act_on_a_terminal() -> None:
    error = await error_of(
        says(400, {"code": "x\x1b[2J", "message": "\x1b]0;evil\x07\n::add-mask::\u202e" + "y" * 2000})
    )

    assert error.message.isprintable()
    assert "\\x1b]0;evil\\x07\\x0a::add-mask::\\u202e" in error.message
    assert len(error.message) < 700


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409])
async def test_html_is_never_an_answer(status: int) -> None:
    """A proxy's 404 must not read as "there is no such role"."""
    error = await error_of(html(status))

    assert isinstance(error, Unreadable)
    assert "HTML instead of JSON, from a proxy?" in error.message
    assert "log in" not in str(error)


async def test_html_with_a_passing_status_is_passing_trouble() -> None:
    error = await error_of(html(502))

    assert isinstance(error, Unavailable)
    assert "502: HTML instead of JSON" in error.message


async def test_another_media_type_is_unreadable() -> None:
    error = await error_of(httpx.Response(200, text="hello"))

    assert isinstance(error, Unreadable)
    assert "`text/plain` instead of JSON" in error.message


async def test_cut_json_is_unreadable_and_not_quoted() -> None:
    error = await error_of(cut())

    assert isinstance(error, Unreadable)
    assert "cut or garbled" in error.message
    assert "entities" not in str(error)


async def test_an_empty_refusal_is_a_refusal() -> None:
    error = await error_of(httpx.Response(403))

    assert isinstance(error, Refused)
    assert error.remedy


async def test_no_connection_says_what_to_check() -> None:
    error = await error_of(httpx.ConnectError("[Errno 111] Connection refused"))

    assert isinstance(error, Unavailable)
    assert error.message == (
        "GET /api/v2/authorization/roles got no answer: ConnectError [Errno 111] Connection refused"
    )
    assert "network" in error.remedy


@pytest.mark.parametrize("kind", ["truncate", "garble", "html", "refuse", "timeout-before", "status"])
async def test_a_fault_that_passes_is_not_seen(kind: str) -> None:
    sim = simulated()
    sim.faults([{"kind": kind, "path": "/api/v2/organizations/me", "times": 2}])
    async with connect(sim) as api:
        assert (await api.read("/api/v2/organizations/me"))["id"]

    assert api.requests.retried == 2


async def test_a_write_without_a_body_in_its_success_is_a_success() -> None:
    async with Script(httpx.Response(204)).api() as api:
        assert await api.write("DELETE", f"{ROLES}/a", None) == (None, None)


@pytest.mark.parametrize(
    "answer", [httpx.Response(200), httpx.Response(204), httpx.Response(200, text="null")]
)
async def test_a_read_that_is_shown_nothing_is_not_told_that_nothing_is_there(answer: httpx.Response) -> None:
    answer.headers["Content-Type"] = "application/json"
    error = await error_of(answer)

    assert isinstance(error, Unreadable)
