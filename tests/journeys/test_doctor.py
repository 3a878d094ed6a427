"""doctor in an organisation: it reads only, ends with the right code, and says what a run would meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.simulator import default_seed
from tests.journeys.test_smallest_roles import RIGHTS, seed
from tests.journeys.world import World

ID, SECRET = "GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"


def statuses(world: World, *arguments: str, code: int = 0) -> dict[str, str]:
    ran, writes = world.wrote("doctor", "-o", "json", *arguments)
    assert ran.code == code and writes == [], ran
    return {check["name"]: check["status"] for check in ran.json["checks"]}


def test_a_healthy_organisation_is_exit_0_and_costs_little_more_than_a_plan(world: World) -> None:
    _, plan = world.counted("plan")
    ran, asked = world.counted("doctor")
    assert ran.code == 0 and ran.last.startswith("doctor: 0 failures, ")
    looked_up = 2  # a plan asks for the group and what it holds; doctor does not
    assert len(plan) < len(asked) + looked_up <= len(plan) + 2
    assert {each.method for each in asked} == {"GET", "POST"} and world.sim.writes() == []


def test_it_says_what_keeps_two_runs_apart_and_makes_no_file_for_that(
    make_world: Callable[..., World],
) -> None:
    world = make_world(store="kept")
    assert statuses(world)["one writer"] == "ok" and not world.history.exists()
    world.patch.setenv("CI", "true")
    assert statuses(world)["one writer"] == "warning"
    world.patch.setenv("RECONCILER_STATE", "off")
    assert statuses(world)["one writer"] == "warning"
    world.patch.setenv("RECONCILER_STATE", "postgresql://dana:CANARY@127.0.0.1:1/x")
    assert statuses(world, code=7)["one writer"] == "failure"
    assert "CANARY" not in world.run("-vv", "doctor").out


def test_a_state_file_that_no_run_can_use_is_a_failure_and_a_damaged_one_a_warning(
    make_world: Callable[..., World],
) -> None:
    world = make_world(store="kept")
    world.history.parent.mkdir()
    world.history.write_bytes(b"this is no database" * 500)
    assert statuses(world)["one writer"] == "warning"
    assert [each.name for each in world.history.parent.iterdir()] == ["history.sqlite"], (
        "and nothing is moved"
    )
    world.patch.setenv("RECONCILER_STATE", str(world.history / "below" / "history.sqlite"))
    assert statuses(world, code=7)["one writer"] == "failure"
    assert "history.sqlite cannot be written: Not a directory" in " ".join(world.run("doctor").out.split())


def test_the_document_follows_the_published_schema(world: World) -> None:
    for command in (("doctor",), ("doctor", "--bootstrap")):
        name = "bootstrap" if len(command) > 1 else "doctor"
        Draft202012Validator(world.run("schema", name).json).validate(world.run(*command, "-o", "json").json)


def test_bootstrap_works_without_credentials_manifests_or_network(world: World) -> None:
    world.root.rename(world.place / "elsewhere")
    for name in (ID, SECRET, "RECONCILER_ENDPOINT"):
        world.patch.delenv(name)
    for part in ("reader", "writer", "deleter"):
        ran = world.run("doctor", "--bootstrap", part)
        assert ran.code == 0 and f"Reconciler {part.capitalize()}" in ran.out
    assert world.run("doctor", "--bootstrap").out.count("POST /api/v2/oauth/clients") == 3
    assert world.sim.requests == []


def test_wrong_credentials_say_so_and_nothing_more(world: World) -> None:
    world.sign_in("operator", "nonsense")
    found = statuses(world, code=7)
    assert found == {"manifests": "ok", "hosts": "ok", "credentials": "failure"}


def test_the_wrong_organisation_is_not_looked_into(world: World) -> None:
    world.change("org.yaml", "6f1f2b7e-", "7f1f2b7e-")
    assert statuses(world, code=7)["organisation"] == "failure"
    assert world.asked() == ["POST /oauth/token", "GET /api/v2/organizations/me", "GET /api/v2/tokens/me"]


def test_nobody_at_home_is_an_answer_too(world: World) -> None:
    world.sim.faults([{"path": "/api/v2/organizations/me", "kind": "status", "status": 503, "times": 99}])
    assert statuses(world, code=7)["hosts"] == "failure"


def test_a_missing_operator_is_told_with_the_way_to_make_one(world: World) -> None:
    world.change("org.yaml", "client: nw-reconciler", "client: somebody-else")
    ran = world.run("doctor")
    assert ran.code == 7 and "--bootstrap" in ran.out and "`somebody-else`" in ran.out


def test_two_operators_are_told_with_their_ids(world: World) -> None:
    row = world.drift(
        "POST", "oauth/clients", {"name": "nw-reconciler", "authorizedGrantType": "CLIENT-CREDENTIALS"}
    )
    ran = world.run("doctor")
    assert ran.code == 7 and row["id"] in ran.out


def test_invalid_manifests_are_exit_3_before_anything_is_asked(world: World) -> None:
    world.change("org.yaml", "region: us-east-1", "region: nowhere")
    ran = world.run("doctor")
    assert ran.code == 3 and "org.yaml" in ran.err and world.sim.requests == []


def test_a_root_that_is_named_has_to_be_there(world: World) -> None:
    assert world.run("doctor", "nowhere").code == 3


def test_without_manifests_the_connection_is_looked_at(world: World) -> None:
    world.root.rename(world.place / "elsewhere")
    found = statuses(world)
    assert found["credentials"] == "ok" and found["organisation"] == "unknown" and "plan" not in found


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "--region"), (("--region", "nowhere"), "nowhere")],
    ids=["none", "unknown"],
)
def test_without_manifests_and_endpoint_a_region_is_needed(
    world: World, arguments: tuple[str, ...], said: str
) -> None:
    world.root.rename(world.place / "elsewhere")
    world.patch.delenv("RECONCILER_ENDPOINT")
    ran = world.run("doctor", *arguments)
    assert ran.code == 1 and said in ran.err and world.sim.requests == []


def test_a_region_that_contradicts_the_manifests_is_refused(world: World) -> None:
    ran = world.run("doctor", "--region", "eu-west-1")
    assert ran.code == 1 and "eu-west-1" in ran.err


def test_missing_credentials_are_exit_1(world: World) -> None:
    world.patch.delenv(SECRET)
    ran = world.run("doctor")
    assert ran.code == 1 and SECRET in ran.err


def test_who_cannot_see_grants_still_learns_what_it_may_do_itself(make_world: Callable[..., World]) -> None:
    """The organisation tells everybody where their own permissions reach."""
    world = make_world(seed=seed(each for each in RIGHTS["writer"] if each != "authorization:grant:view"))
    found = statuses(world, code=7)
    assert found["reading"] == found["plan"] == "failure"
    ran = world.run("doctor", "-o", "json")
    (apply,) = [check for check in ran.json["checks"] if check["name"] == "apply"]
    assert apply["items"] == ["authorization:grant:view: read grants"]


@pytest.mark.parametrize(
    ("given", "name", "status"),
    [
        ({"settings": {"backfillEnabled": True}}, "role backfill", "warning"),
        ({"settings": {"authorizationGrantDivisionAware": True}}, "granting", "ok"),
        ({"limits": {"divisions": 5}}, "room", "failure"),
        ({"limits": {"divisions": 6}}, "room", "warning"),
    ],
    ids=["backfill", "granting", "full", "nearly-full"],
)
def test_switches_and_limits_of_the_organisation_are_told(
    make_world: Callable[..., World], given: dict[str, Any], name: str, status: str
) -> None:
    world = make_world(seed=replace(default_seed(), **given))
    assert statuses(world, code=7 if status == "failure" else 0)[name] == status


def test_what_is_to_be_held_and_is_not_stops_under_held(world: World) -> None:
    world.change("org.yaml", "handOn: borrow", "handOn: held")
    assert statuses(world, code=7)["handing on"] == "failure"
    for role in ("Org Auditor", "Tenant Adherence"):
        assert role in world.run("doctor").out


@pytest.mark.parametrize("switch", ["thin-roles", "thin-clients"])
def test_thin_lists_do_not_mislead(make_world: Callable[..., World], switch: str) -> None:
    assert statuses(make_world(switches={switch: "on"}))["apply"] == "ok"


def test_no_limit_named_is_not_known(make_world: Callable[..., World]) -> None:
    assert statuses(make_world(rate_limit="0"))["rate limit"] == "unknown"


def test_no_secret_is_shown(make_world: Callable[..., World]) -> None:
    world = make_world(switches={"secret-on-get": "shown"})
    ran = world.run("doctor", "-o", "json")
    assert "operator-secret" not in ran.out + ran.err


@pytest.mark.parametrize(
    "path",
    [
        "/oauth/token",
        "/api/v2/tokens/me",
        "/api/v2/authorization/divisions",
        "/api/v2/authorization/divisions/limit",
        "/api/v2/authorization/permissions",
        "/api/v2/authorization/roles",
        "/api/v2/authorization/roles/settings",
        "/api/v2/authorization/subjects/operator",
        "/api/v2/oauth/clients",
    ],
)
@pytest.mark.parametrize("status", [403, 404, 500])
def test_whatever_does_not_answer_is_told_and_nothing_breaks(world: World, path: str, status: int) -> None:
    world.sim.faults([{"path": path, "kind": "status", "status": status, "times": 99}])
    ran = world.run("doctor")
    assert ran.code in (0, 7) and "Traceback" not in ran.err and ran.last.startswith("doctor: ")
    assert " 0 unknown" not in ran.last or "0 failures" not in ran.last


def test_a_role_that_cannot_be_read_whole_is_not_taken_for_an_empty_one(
    make_world: Callable[..., World],
) -> None:
    world = make_world(switches={"thin-roles": "on"})
    role = world.row("roles", "Reconciler Operator")["id"]
    path = f"/api/v2/authorization/roles/{role}"
    world.sim.faults([{"path": path, "kind": "status", "status": 500, "times": 99}])
    found = statuses(world, code=7)
    assert found["reading"] == "failure" and found["apply"] == "ok"  # as the organisation says of ourselves


def test_a_sink_that_lacks_a_credential_here_is_a_warning_with_its_name(world: World) -> None:
    """Whoever only plans needs no sink."""
    world.change("org.yaml", "type: file ", "type: vault\n      mount: kv #")
    world.patch.setenv("VAULT_ADDR", "https://vault.example")
    world.patch.delenv("VAULT_TOKEN", raising=False)
    ran = world.run("doctor", "-o", "json")
    (found,) = [check for check in ran.json["checks"] if check["name"] == "sink local"]
    assert ran.code == 0 and found["status"] == "warning"
    assert "VAULT_TOKEN is not set" in found["seen"]
    world.patch.setenv("VAULT_TOKEN", "made-up")
    assert "sink local" not in statuses(world)
