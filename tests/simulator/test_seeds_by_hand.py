"""Organisations made by hand: as the manifests would have them, and wrong where a comment says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.simulator import Seed, Settings, Simulator
from reconciler.simulator.bundled import bundled_source
from reconciler.simulator.seed import find_seed, parse_seed
from tests.journeys.world import MERIDIAN, NORTHWIND, World
from tests.simulator.misconfigurations import CASES, NOT_SHOWN, PLANTED, QUESTIONS, WRONG_BY_HAND
from tests.simulator.organisation import Named

NEW_MERIDIAN = """
base: bare
organisation: {id: 0b9d7f52-6c1e-4f38-8a44-2f1f6a1d9c07, name: Meridian}
clients: [{name: meridian-reconciler, operator: true}]
"""


def applied(place: Path, patch: pytest.MonkeyPatch, manifests: Path, seed: Seed, org: str) -> Named:
    """An organisation after the manifests were applied to it."""
    world = World(place, patch, manifests=manifests, seed=seed, org=org, rate_limit="0")
    if "vault:" in (world.root / "org.yaml").read_text("utf-8"):
        world.change("org.yaml", "vault: {type: vault, mount: kv, ", "vault: {type: file, ")
    world.settle()
    return Named(world.sim)


def assert_same_access(declared: Named, by_hand: Named) -> None:
    """Whatever the manifests make is there by hand too, and may do the same."""
    assert set(declared.rows("divisions")) <= set(by_hand.rows("divisions"))
    for role in declared.rows("roles"):
        assert (role, by_hand.permissions(role)) == (role, declared.permissions(role))
    held = by_hand.held("clients")
    for name, pairs in declared.held("clients").items():
        assert (name, held[name]) == (name, pairs)
        one, other = (each.rows("clients")[name] for each in (declared, by_hand))
        for field in ("authorizedGrantType", "scope", "registeredRedirectUri", "state"):
            assert one[field] == other[field]


def test_northwind_by_hand_is_what_the_manifests_declare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = applied(tmp_path, monkeypatch, NORTHWIND, find_seed("northwind-new"), "northwind")
    by_hand = Named.of("northwind")
    assert_same_access(declared, by_hand)
    assert set(by_hand.rows("divisions")) == set(declared.rows("divisions"))
    assert set(by_hand.rows("clients")) - set(declared.rows("clients")) == {"pbi-export"}
    assert set(by_hand.rows("roles")) - set(declared.rows("roles")) == {"QA Evaluator"}
    assert ("WFM Planner", "GLOBEX") in by_hand.held("groups")["NW WFM Team"]


def test_meridian_by_hand_is_what_its_manifests_declare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = applied(tmp_path, monkeypatch, MERIDIAN, parse_seed(NEW_MERIDIAN), "meridian")
    by_hand = Named.of("meridian")
    assert_same_access(declared, by_hand)
    leaving = {"LYRA-NA", "LYRA-APAC", "LYRA-EMEA"}
    assert set(by_hand.rows("divisions")) - set(declared.rows("divisions")) == leaving
    assert set(by_hand.rows("clients")) - set(declared.rows("clients")) == {
        "lyra-metrics", "lyra-adherence", "lyra-detail",
    }  # fmt: skip


def test_meridian_is_as_large_as_its_story_says() -> None:
    org = Named.of("meridian")
    regions = [name for name in org.rows("divisions") if "-" in name]
    assert (len({name.split("-")[0] for name in regions}), len(regions)) == (14, 38)
    assert len(org.rows("clients")) - 1 == 45
    assert len([role for role in org.rows("roles") if role.startswith("MOG ")]) == 11
    lyra = {row["name"]: org.names[row["division"]] for row in org.state["queues"] if "Lyra" in row["name"]}
    assert sorted(lyra.values()) == ["ARCHIVE", "ARCHIVE", "LYRA-NA", "LYRA-NA"]
    assert org.rows("clients")["lyra-metrics"]["state"] == "disabled"
    assert org.held("clients")["lyra-metrics"] == set() != org.held("clients")["lyra-detail"]


def test_an_agency_of_harbor_health_reaches_no_nurse() -> None:
    org = Named.of("harbor-health")
    for name, held in {**org.held("clients"), **org.held("groups")}.items():
        if name.lower().startswith(("brightcall", "serena")):
            assert held and {where.partition("-")[0] for _, where in held} == {"Agency"}
    (billing,) = [row for row in org.state["roles"] if row["name"] == "Billing Evaluator"]
    nodes = [
        policy["resourceConditionNode"]
        for policy in billing["permissionPolicies"]
        if policy["allowConditions"]
    ]
    assert nodes[0]["terms"][0]["operands"][0]["queue"]["name"] == "Billing Questions"
    assert org.rows("clients")["hhn-ehr"]["authorizedGrantType"] == "CODE"


# One of each misconfiguration


def of(seed: str) -> Named:
    """A seed where a grant of the subjects API is no part of a client's `roleDivisions`."""
    settings = Settings(switches={"bulkadd-visible": "no"})
    return Named(Simulator(find_seed(seed), settings, clock=lambda: 0.0))


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_misconfiguration_shows_where_it_is_planted_and_nowhere_else(name: str) -> None:
    assert QUESTIONS[name](of("northwind-broken")) == PLANTED[name]
    assert QUESTIONS[name](of("northwind")) == WRONG_BY_HAND.get(name, set())


def test_each_stands_under_a_comment_that_names_it_and_says_why() -> None:
    text = bundled_source("northwind-broken")
    named = re.findall(r"^ *# misconfiguration ([a-z-]+): \w.{20,}$", text, re.MULTILINE)
    assert sorted(named) == sorted(QUESTIONS) == sorted(PLANTED)


def test_every_case_is_asked_for_or_cannot_be_shown() -> None:
    asked = [name for names in CASES.values() for name in names]
    assert sorted(asked) == sorted(QUESTIONS)
    assert all(CASES.values()) and all(NOT_SHOWN.values()) and not CASES.keys() & NOT_SHOWN.keys()


def test_what_is_wrong_stands_right_below_its_comment() -> None:
    """A reader who looks for what a report names finds it at the comment."""
    text = bundled_source("northwind-broken")
    parts = re.split(r"# misconfiguration ([a-z-]+):", text)[1:]
    below = dict(zip(parts[::2], parts[1::2], strict=True))
    for name, found in PLANTED.items():
        if name not in ("near-division-limit", "backfill"):
            assert any(each in below[name] for each in found), name
