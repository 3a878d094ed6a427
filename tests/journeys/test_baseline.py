"""Who reaches tenants and is declared by nobody: a leak, an exception for a while, and a leak again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.isolation import check_certificate
from tests.journeys.exporting import Hands, strip
from tests.journeys.test_drift_command import QUEUES
from tests.journeys.test_prove import inhabited as inhabited
from tests.journeys.world import World

OWNER = ("--baseline", "--baseline-owner", "sec@northwind.example")


def proof(world: World, root: str = "manifests") -> Any:
    path = world.place / "certificate.json"
    found = world.run("prove", root, "-o", "json", "--certificate", str(path)).json
    assert check_certificate.main(str(path)) == 0
    return found


def reached(found: Any) -> dict[str, str]:
    return {each["tenant"]: each["reachedBy"] for each in found["tenants"]}


def listed(world: World, *roles: str, client: str = "legacy", until: str = "2027-06-30") -> None:
    entry = {"subject": {"client": client}, "roles": roles, "reason": "old", "owner": "sec", "expires": until}
    path = world.root / "org.yaml"
    text = path.read_text("utf-8").partition("  reachedBy:")[0]
    path.write_text(f"{text}  reachedBy: [{json.dumps(entry)}]\n", "utf-8")


@pytest.fixture
def haunted(inhabited: World) -> World:
    """A client that nobody declares reads a tenant's queues."""
    pair = (inhabited.row("roles", QUEUES)["id"], inhabited.row("divisions", "ACME-US")["id"])
    Hands(inhabited).client("legacy", pair)
    return inhabited


def test_whoever_is_listed_is_excepted_with_no_more_than_those_roles_until_that_day(haunted: World) -> None:
    assert reached(proof(haunted))["acme-retail"] == "LEAK"
    listed(haunted, QUEUES)
    found = proof(haunted)
    assert reached(found)["acme-retail"] == "EXCEPTED" and found["warnings"] == []
    (told,) = [
        each for tenant in found["tenants"] for each in tenant["reachers"] if each["standing"] == "excepted"
    ]
    assert (told["subject"], told["shares"][0]["owner"]) == ("client:legacy", "sec")
    assert "client:legacy (old, sec, until 2027-06-30)" in " ".join(haunted.run("prove").out.split())
    pair = (haunted.row("roles", "Tenant Adherence")["id"], haunted.row("divisions", "ACME-US")["id"])
    Hands(haunted).grant(haunted.row("clients", "legacy")["id"], "PC_OAUTH_CLIENT", pair)
    found = proof(haunted)
    (finding,) = [each for tenant in found["tenants"] for each in tenant["intruders"]]
    assert reached(found)["acme-retail"] == "LEAK" and "Tenant Adherence in ACME-US" in finding["witness"]
    listed(haunted, QUEUES, "Tenant Adherence", until="2026-11-21")
    assert reached(proof(haunted))["acme-retail"] == "EXCEPTED"
    haunted.let_pass(days=2)
    found = proof(haunted)
    assert reached(found)["acme-retail"] == "LEAK" and "ended after" in found["warnings"][0]["message"]


def test_an_exception_that_means_nobody_is_said(haunted: World) -> None:
    listed(haunted, QUEUES, client="legacyy")
    found = proof(haunted)
    assert reached(found)["acme-retail"] == "LEAK"
    assert "means nobody who was seen" in found["warnings"][0]["message"]
    assert "isolation/idle-exception" in haunted.run("prove").out


def test_a_baseline_excepts_todays_and_nobody_elses(haunted: World) -> None:
    haunted.drift("PUT", f"oauth/clients/{haunted.row('clients', 'legacy')['id']}", {
        **haunted.row("clients", "legacy"), "state": "inactive"})  # fmt: skip
    strip(haunted)
    assert haunted.run("export", "--out", "plain").code == 0
    before = proof(haunted, "plain")
    assert "LEAK" in reached(before).values()
    ran, writes = haunted.wrote("export", "--out", "base", *OWNER)
    assert (ran.code, writes) == (0, []) and "until 2027-02-" in ran.err
    assert haunted.run("validate", "base").code == 0
    after = proof(haunted, "base")
    assert "LEAK" not in reached(after).values() and after["intruders"] == [] and after["warnings"] == []
    assert [each for tenant in after["tenants"] for each in tenant["intruders"]] == []
    pair = (haunted.row("roles", QUEUES)["id"], haunted.row("divisions", "GLOBEX")["id"])
    Hands(haunted).client("newcomer", pair)
    assert "LEAK" in reached(proof(haunted, "base")).values()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--baseline",),
        ("--baseline-owner", "x"),
        ("--baseline-until", "2027-01-01"),
        (*OWNER, "--baseline-until", "2026-01-01"),
    ],
    ids=["nobody-answers", "no-baseline", "only-a-day", "over"],
)
def test_a_baseline_needs_an_owner_and_a_day_to_come(world: World, arguments: tuple[str, ...]) -> None:
    ran, asked = world.counted("export", "--out", "x", *arguments)
    assert (ran.code, ran.out, asked) == (1, "", []) and not (world.place / "x").exists()
