"""`prove` tells what is wrong beside: each planted misconfiguration, and none where all is clean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.simulator import find_seed
from tests.journeys.test_drift_command import QUEUES
from tests.journeys.world import World
from tests.reports.golden import check
from tests.simulator.misconfigurations import PLANTED

NAMED: dict[str, tuple[str, ...]] = {
    "roles/wildcard": ("wildcard",),
    "roles/legacy-permission": ("legacy-admin",),
    "roles/whole-recordings": ("whole-recordings",),
    "roles/integrations": ("integrations-in-tenant-role",),
    "clients/default-role": ("default-role",),
    "clients/implicit-grant": ("implicit-grant",),
    "clients/password-grant": ("password-grant",),
    "clients/lingering": ("lingering-client", "disabled-client"),
    "clients/long-token": ("long-token",),
    "clients/wide-scopes": ("wide-scopes",),
    "people/moved": ("moved-not-granted",),
    "people/left-in-home": ("restored-to-home",),
    "people/break-glass": ("break-glass-open",),
    "groups/foreign-member": ("foreign-member",),
    "divisions/telling-name": ("telling-name",),
}
"""Rule → the plants that it claims, where the finding is about the planted object itself."""


@pytest.fixture
def broken(make_world: Callable[..., World]) -> World:
    """Northwind with one of each misconfiguration."""
    return make_world(seed=find_seed("northwind-broken"))


def findings(world: World) -> list[dict[str, Any]]:
    ran, writes = world.wrote("prove", "-o", "json")
    assert writes == []
    return list(ran.json["findings"])


def about(found: list[dict[str, Any]], rule: str) -> set[str]:
    """The names of what breaks a rule."""
    return {each["address"].partition(":")[2] for each in found if each["rule"] == rule}


def test_every_plant_is_found_on_the_object_it_was_planted_on(broken: World) -> None:
    found = findings(broken)
    claimed = {rule: set().union(*(PLANTED[each] for each in plants)) for rule, plants in NAMED.items()}
    assert {rule: about(found, rule) for rule in NAMED} == claimed
    clients = {row["name"] for row in broken.sim.snapshot()["clients"]} - {"nw-reconciler"}
    assert about(found, "clients/undeclared") == clients > PLANTED["unknown-client"]
    by_rule = {each["rule"]: each for each in found}
    assert by_rule["organisation/division-limit"]["witness"] == sorted(PLANTED["near-division-limit"])
    assert "1 queue in Home" in by_rule["divisions/left-in-home"]["message"]  # PLANTED["left-in-home"]
    assert "organisation/backfill" in by_rule
    twins = [each["witness"] for each in found if each["rule"] == "names/twins"]
    names = {link.rpartition(" (")[0] for chain in twins for link in chain}
    assert names == PLANTED["twin-names"] | PLANTED["twin-clients"]
    assert {each["rule"] for each in found} - {*NAMED} == {
        "clients/undeclared", "divisions/left-in-home", "names/twins", "organisation/backfill",
        "organisation/division-limit",
    }  # fmt: skip


def test_they_change_neither_verdict_nor_exit_code_and_read_as_last_approved(broken: World) -> None:
    ran = broken.run("prove")
    assert ran.code == 0 and ran.last.endswith("0 leaks · exit 0")
    check("tests/golden/reports/prove_broken_80.txt", ran.out)


def test_an_organisation_set_up_by_hand_has_no_fault_but_that_its_programs_are_nobodys(
    make_world: Callable[..., World],
) -> None:
    found = findings(make_world(seed=find_seed("northwind")))
    assert {each["rule"] for each in found} == {"clients/undeclared"}


def test_a_settled_organisation_has_no_findings(settled: World) -> None:
    assert findings(settled) == []
    assert "Findings" not in settled.run("prove").out


def test_a_program_made_by_hand_for_two_tenants_is_found_with_a_pair_of_each(settled: World) -> None:
    state = settled.sim.snapshot()
    ids = {row["name"]: row["id"] for section in ("divisions", "roles") for row in state[section]}
    pairs = [{"roleId": ids[QUEUES], "divisionId": ids[name]} for name in ("ACME-US", "INITECH")]
    settled.drift(
        "POST",
        "oauth/clients",
        {"name": "floor-wallboard", "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": pairs},
    )
    found = findings(settled)
    assert {each["rule"] for each in found} == {"clients/undeclared", "clients/several-tenants"}
    (shared,) = (each for each in found if each["rule"] == "clients/several-tenants")
    assert shared["address"] == "client:floor-wallboard"
    assert {shared["address"].partition(":")[2]} == PLANTED["shared-client"]
    assert shared["witness"][1:] == [f"{QUEUES} in ACME-US", f"{QUEUES} in INITECH"]
