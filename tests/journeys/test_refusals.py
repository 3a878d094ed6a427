"""What must be known before the first write is not: nothing is written, and the message says what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reconciler.simulator import default_seed
from tests.journeys.world import APPLY, Ran, World

COMMANDS = pytest.mark.parametrize("command", [("plan",), APPLY], ids=["plan", "apply"])
LISTS = ["authorization/divisions", "authorization/roles", "oauth/clients", "authorization/permissions"]


def refused(world: World, command: tuple[str, ...], code: int = 7) -> Ran:
    """The run ended with that code and wrote nothing; its words are on stderr, with a remedy."""
    ran, writes = world.wrote(*command)
    assert ran.code == code, ran
    assert writes == []
    return ran


@COMMANDS
def test_another_organisations_credentials_are_refused_before_anything_is_read(
    world: World, command: tuple[str, ...]
) -> None:
    world.change("org.yaml", "6f1f2b7e-", "7f1f2b7e-")
    ran = refused(world, command)
    assert "6f1f2b7e-" in ran.err and "7f1f2b7e-" in ran.err and "organizationId" in ran.err
    assert world.asked() == ["POST /oauth/token", "GET /api/v2/organizations/me"]


@COMMANDS
def test_a_wrong_secret_is_named_and_never_shown(world: World, command: tuple[str, ...]) -> None:
    world.sign_in("operator", "not-the-secret")
    ran = refused(world, command)
    assert "GENESYSCLOUD_OAUTHCLIENT_SECRET" in ran.err and "not-the-secret" not in ran.err


@COMMANDS
def test_a_web_page_of_a_proxy_is_no_answer(world: World, command: tuple[str, ...]) -> None:
    world.sim.faults([{"kind": "html", "path": "/api/v2/oauth/clients", "status": 200, "times": None}])
    ran = refused(world, command)
    assert "proxy" in ran.err.lower() or "html" in ran.err.lower()
    assert "<h1>" not in ran.err


@COMMANDS
@pytest.mark.parametrize("path", LISTS)
def test_a_list_that_may_not_be_read_is_unknown_and_not_empty(
    settled: World, command: tuple[str, ...], path: str
) -> None:
    rule = {"kind": "status", "path": f"/api/v2/{path}", "status": 403, "code": "missing", "times": None}
    settled.sim.faults([rule])
    before = settled.sim.snapshot()
    ran = refused(settled, command)
    assert path.rpartition("/")[2].rstrip("s") in ran.err + ran.out
    assert settled.sim.snapshot() == before


@COMMANDS
@pytest.mark.parametrize("kind", ["truncate", "garble", "refuse"])
def test_a_list_that_never_arrives_whole_is_unknown(
    settled: World, command: tuple[str, ...], kind: str
) -> None:
    for number in range(150):
        settled.drift("POST", "authorization/divisions", {"name": f"Somebody {number}"})
    rule = {"kind": kind, "path": "/api/v2/authorization/divisions", "nth": 2, "times": None}
    settled.sim.faults([rule])
    refused(settled, command)


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_page_that_lost_an_entity_is_read_again(settled: World, nth: int) -> None:
    for number in range(250):
        settled.drift("POST", "authorization/divisions", {"name": f"Somebody {number}"})
    settled.sim.faults([{"kind": "page-shift", "path": "/api/v2/authorization/divisions", "nth": nth}])
    ran, writes = settled.wrote(*APPLY)
    assert writes == [] and ran.last.startswith("nothing to do"), ran


def test_a_division_that_vanishes_between_two_pages_is_not_taken_for_gone(settled: World) -> None:
    """Somebody deletes a division while pages are read; the pages move up and hide another one."""
    made = [
        settled.drift("POST", "authorization/divisions", {"name": f"Aa {number:03}"}) for number in range(120)
    ]
    gone = f"/api/v2/authorization/divisions/{made[0]['id']}"
    edits = [{"method": "DELETE", "path": gone}]
    settled.sim.faults(
        [{"kind": "edit", "path": "/api/v2/authorization/divisions", "nth": 2, "edits": edits}]
    )
    ran, writes = settled.wrote(*APPLY)
    assert writes == [] and ran.code in (0, 7), ran


def _viewer(make_world: Callable[..., World], **settings: Any) -> World:
    """An organisation with a client that may only look."""
    seed = default_seed()
    permissions = ["authorization:role:view", "authorization:grant:view", "oauth:client:view"]
    role = {"name": "Viewer", "description": "Looks", "permissions": permissions}
    client = {
        "name": "viewer",
        "id": "viewer",
        "secret": "viewer-secret",
        "grants": [{"role": "Viewer", "divisions": ["*"]}],
    }
    seed = replace(seed, roles=[*seed.roles, role], clients=[*seed.clients, client])
    return make_world(seed=seed, **settings)


def test_a_reader_with_view_only_rights_sees_the_operators_plan(make_world: Callable[..., World]) -> None:
    world = _viewer(make_world)
    digest = world.run("plan").digest
    world.sign_in("viewer", "viewer-secret")
    ran = world.run("plan")
    assert ran.code == 0 and ran.digest == digest
    world.sign_in("operator", "operator-secret")
    world.settle()
    digest = world.run("plan").digest
    world.sign_in("viewer", "viewer-secret")
    assert world.run("plan").digest == digest


def test_view_only_credentials_cannot_apply(make_world: Callable[..., World]) -> None:
    world = _viewer(make_world)
    world.sign_in("viewer", "viewer-secret")
    ran = refused(world, APPLY)
    assert "viewer" in ran.err and "nw-reconciler" in ran.err
    assert world.delivered() == {}


def test_an_operator_that_is_not_there_is_an_error_before_any_write(world: World) -> None:
    world.change("org.yaml", "client: nw-reconciler", "client: nobody")
    ran = refused(world, APPLY)
    assert "nobody" in ran.err


def test_nothing_answers_at_the_endpoint(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    world.sim.faults([{"kind": "refuse", "times": None}])
    for command in (("plan",), APPLY):
        ran = refused(world, command)
        assert ran.err.startswith("error") and "Traceback" not in ran.err
