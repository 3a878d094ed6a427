"""The first day: validate, plan, apply, nothing to do; then a change that is reviewed and applied."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from tests.journeys.world import APPLY, STORES, Ran, World

CANADA = ("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")


@STORES
def test_the_first_apply_creates_what_the_plan_says_and_the_second_writes_nothing(world: World) -> None:
    assert world.run("validate").code == 0
    plan = world.run("plan")
    assert plan.code == 0 and plan.last.startswith("plan: 18 to create, 0 to update")
    assert world.sim.writes() == []
    world.settle()
    assert {"ACME-CA", "ACME-US", "GLOBEX", "INITECH", "NW-Shared"} <= set(world.names("divisions"))
    assert world.grants("acme-adherence") == {("Tenant Adherence", "ACME-US")}
    assert world.grants("nw-auditor") == {("Org Auditor", "*")}
    before = world.sim.snapshot()
    again, writes = world.wrote(*APPLY)
    assert again.code == 0 and writes == [] and world.sim.snapshot() == before
    assert again.last.startswith("nothing to do · northwind · 11 requests, 0 writes · verified ")
    assert world.run("plan", "--detailed-exitcode").code == 0


def test_every_delivered_secret_opens_its_own_active_client(settled: World) -> None:
    found = settled.delivered()
    assert len(found) == 6  # the desk acts for its users: its secret is dropped unread
    for address, file in found.items():
        assert settled.signs_in(file["clientId"], file["clientSecret"]), address
    active = {row["id"] for row in settled.live_clients() if row["state"] == "active"}
    assert {file["clientId"] for file in found.values()} < active


def test_the_first_apply_asks_a_token_per_plan_and_four_things_per_client(world: World) -> None:
    world.settle()
    asked = world.asked()
    clients, others, people, pairs = 6, 11, 1, 8
    room = 1  # how many divisions there may be
    group = 2  # looked up and read; its role is not there yet, so nobody can hold it
    lending = 1 + 1 + pairs + 1  # taken, a fresh token, returned, read back
    assert len(asked) == 8 + room + group + 2 * (others + people) + 4 * clients + lending
    assert len(world.sim.writes()) == others + people + 2 * clients + 1 + pairs
    assert asked.count("POST /oauth/token") == 1 + clients + 1
    assert {each.status for each in world.sim.requests} <= {200, 204}


@STORES
def test_a_change_of_the_manifests_is_reviewed_in_a_file_and_applied_from_it(settled: World) -> None:
    settled.change(*CANADA)
    plan = settled.run("plan", "--out", "plan.json", "--detailed-exitcode")
    assert plan.code == 2 and "plan written to plan.json" in plan.err
    ran, writes = settled.wrote("apply", "--plan", "plan.json")
    assert ran.code == 0 and [each.method for each in writes] == ["PUT"]
    assert settled.grants("acme-adherence") == {
        ("Tenant Adherence", "ACME-US"),
        ("Tenant Adherence", "ACME-CA"),
    }
    assert settled.apply().last.startswith("nothing to do")


def test_an_approved_digest_runs_that_plan_and_no_other(settled: World) -> None:
    settled.change(*CANADA)
    digest = settled.run("plan").digest
    other = "0" * 64
    refused, writes = settled.wrote("apply", "--approved", other)
    assert refused.code == 6 and writes == []
    assert digest in refused.err and other in refused.err
    assert settled.run("apply", "--approved", f"sha256:{digest}").code == 0
    assert ("Tenant Adherence", "ACME-CA") in settled.grants("acme-adherence")


def test_an_approved_digest_is_stale_once_the_organisation_moved(settled: World) -> None:
    settled.change(*CANADA)
    digest = settled.run("plan").digest
    row = settled.row("divisions", "GLOBEX")
    settled.drift(
        "PUT", f"authorization/divisions/{row['id']}", {"name": "GLOBEX", "description": "mine now"}
    )
    ran, writes = settled.wrote("apply", "--approved", digest)
    assert ran.code == 6 and writes == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("changes", 0, "action"), "delete"),
        (("changes", 0, "address"), "globex-bank/client/archive"),
        (("changes", 0, "id"), "00000000-0000-4000-8000-000000000000"),
        (("changes", 0, "fields", 0, "desired"), [["*", "*"]]),
        (("changes", 0, "cause"), "drift"),
        (("access", "gains"), []),
        (("operations", 0, "path"), "/api/v2/oauth/clients"),
        (("operations", 0, "body"), {}),
        (("org", "id"), "11111111-1111-4111-8111-111111111111"),
        (("org", "name"), "southwind"),
        (("only",), ["acme-retail"]),
        (("allow",), {"removals": 9}),
        (("digest",), "0" * 64),
        (("formatVersion",), "2"),
        (("changes",), None),
        (("changes", 0, "name"), 7),
    ],
    ids=lambda value: "/".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_a_plan_file_changed_in_one_field_is_refused(
    settled: World, path: tuple[str | int, ...], value: object
) -> None:
    settled.change(*CANADA)
    settled.run("plan", "--out", "plan.json")
    file = settled.place / "plan.json"
    document = json.loads(file.read_text("utf-8"))
    place = document
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    file.write_text(json.dumps(document), "utf-8")
    _refused(settled)


def test_a_plan_file_with_one_byte_changed_is_refused_or_means_the_same(settled: World) -> None:
    """A byte in what no digest covers (a reason, the time) changes nothing that is carried out."""
    settled.change(*CANADA)
    settled.run("plan", "--out", "plan.json")
    file = settled.place / "plan.json"
    good = file.read_bytes()
    essence = _essence(json.loads(good))
    before = settled.sim.snapshot()
    for place in range(0, len(good), max(1, len(good) // 60)):
        bad = bytearray(good)
        bad[place] ^= 0x11
        file.write_bytes(bytes(bad))
        if _means(bytes(bad)) != essence:
            _refused(settled)
        assert settled.sim.snapshot() == before, f"byte {place}"


def _means(text: bytes) -> object:
    try:
        return _essence(json.loads(text))
    except (ValueError, KeyError, TypeError):
        return None


def _essence(document: dict[str, object]) -> object:
    """What runs: everything but prose, counts and what only reports show."""
    shown = {"tool", "createdAt", "manifestDigest", "summary", "findings", "unmanaged", "orphans", "estimate"}
    shown |= {"revision", "catalogue", "unseen", "expiries"}
    kept = {name: value for name, value in document.items() if name not in shown}
    return _without(kept, {"reason", "origin"})


def _without(value: object, names: set[str]) -> object:
    if isinstance(value, dict):
        return {name: _without(item, names) for name, item in value.items() if name not in names}
    if isinstance(value, list):
        return [_without(item, names) for item in value]
    return value


def _refused(world: World) -> Ran:
    ran, writes = world.wrote("apply", "--plan", "plan.json")
    assert ran.code in (1, 6), ran
    assert writes == [] and ran.err.startswith("error  ") and "Traceback" not in ran.err
    return ran


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '"plan"', "{", "\x00", '{"formatVersion": "1"}'])
def test_a_file_that_is_no_plan_is_refused(settled: World, text: str) -> None:
    settled.write("../plan.json", text)
    _refused(settled)


def test_a_plan_of_another_organisation_is_refused(settled: World) -> None:
    settled.change(*CANADA)
    settled.run("plan", "--out", "plan.json")
    settled.change("org.yaml", "6f1f2b7e-", "7f1f2b7e-")
    ran = _refused(settled)
    assert ran.code == 6 and "organisation" in ran.err


def test_plans_reviewed_apart_are_applied_together(settled: World) -> None:
    settled.change(*CANADA)
    settled.change("tenants/globex-bank.yaml", "tokenSeconds: 900", "tokenSeconds: 600")
    settled.change("tenants/initech-saas.yaml", "Embedded agent desktop", "Desktop")
    settled.run("plan", "--only", "acme-retail", "--out", "acme.json")
    settled.run("plan", "--only", "globex-bank", "--out", "globex.json")
    ran = settled.run("apply", "--plan", "acme.json", "--plan", "globex.json")
    assert ran.code == 4 and "not-reviewed" in ran.out
    assert ("Tenant Adherence", "ACME-CA") in settled.grants("acme-adherence")
    assert settled.row("clients", "globex-archive")["accessTokenValiditySeconds"] == 600
    assert settled.row("clients", "initech-desk")["description"].startswith("Embedded agent desktop")
    assert settled.run("apply", "--plan", "acme.json").code == 6  # nothing of it is left to run


def test_only_what_is_selected_is_planned_and_written(world: World) -> None:
    world.settle("--only", "org")
    world.settle("--only", "globex-bank")
    assert "GLOBEX" in world.names("divisions") and "ACME-US" not in world.names("divisions")
    assert world.run("plan").last.startswith("plan: 8 to create")


@pytest.mark.parametrize("command", ["plan", "apply", "validate"])
def test_json_follows_the_published_schema(settled: World, command: str) -> None:
    settled.change(*CANADA)
    arguments = ["apply", "--auto-approve"] if command == "apply" else [command]
    ran = settled.run(*arguments, "-o", "json")
    assert ran.code == 0
    schema = settled.run("schema", command).json
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(ran.json)
    assert ran.json["formatVersion"] == "1"


def test_apply_without_approval_and_without_a_terminal_asks_for_a_digest(settled: World) -> None:
    settled.change(*CANADA)
    ran, writes = settled.wrote("apply")
    assert ran.code == 1 and writes == []
    assert f"--approved sha256:{settled.run('plan').digest}" in ran.err
