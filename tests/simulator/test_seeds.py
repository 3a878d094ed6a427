"""The organisations that come with the simulator are what their first lines say."""

from __future__ import annotations

import hashlib
import json

import pytest
from hatchling.builders.wheel import WheelBuilder

from reconciler.simulator import Simulator
from reconciler.simulator.bundled import bundled, bundled_source
from reconciler.simulator.identity import seeded_id
from reconciler.simulator.seed import find_seed
from tests.architecture.source import ROOT
from tests.simulator.guest import Guest, VirtualTime
from tests.simulator.organisation import Named
from tests.simulator.test_seed import OPERATOR

BARE = {"bare"}
INHABITED = sorted({*bundled()} - BARE)
SIZES = {
    "bare": (1, 10, 0, 0, 0, 1),
    "harbor-health": (6, 19, 14, 5, 8, 11),
    "meridian": (40, 21, 41, 7, 46, 46),
    "northwind": (6, 16, 60, 6, 24, 9),
    "northwind-broken": (8, 22, 65, 8, 26, 25),
    "northwind-new": (1, 10, 12, 3, 3, 1),
    "tinydesk": (3, 11, 3, 2, 2, 3),
}
"""Divisions, roles, users, groups, queues and clients of each."""
KEPT = {
    ("bare", "roles", "Master Admin"): "ed49e5e6-73f1-544e-8275-00fc86db1175",
    ("northwind-new", "users", "Dana Keller"): "08cdabd2-56b6-5c77-b138-72ce8fc17abe",
    ("northwind", "clients", "acme-adherence"): "3f761fe5-6a00-59ce-ba96-461281a74760",
    ("meridian", "divisions", "ORION-EMEA"): "19f17f70-be25-54e1-b67b-c43e801a8e71",
    ("harbor-health", "queues", "Nurse Advice"): "7797f048-1dd8-5f87-bc64-59d293f6f4ff",
    ("tinydesk", "groups", "Tiny Agents"): "b41b4c83-b12f-5c0e-9906-124fd6592c98",
    ("northwind-broken", "trustees", "Cutover Consulting"): "1d8c5134-d0af-5635-ac5d-d053df643924",
}
"""Ids that must never change: notes, bookmarks and recorded plans hold them."""


NORTHWIND_NEW = "8da91de129a49d0556e59c9c06ea287d9d4f61485eb88cee923b02add3141873"


def test_the_seeds_are_these() -> None:
    assert bundled() == sorted(SIZES)


@pytest.mark.parametrize("seed", SIZES)
def test_a_seed_is_as_large_as_it_was(seed: str) -> None:
    state = Named.of(seed).state
    sections = ("divisions", "roles", "users", "groups", "queues", "clients")
    assert tuple(len(state[each]) for each in sections) == SIZES[seed]


@pytest.mark.parametrize("seed", SIZES)
def test_a_seed_tells_what_it_is_before_it_begins(seed: str) -> None:
    text = bundled_source(seed)
    assert text.startswith("# ") and "reconciler/simulator/seed.py" in text.partition("\n\n")[0]
    assert max(map(len, text.splitlines())) <= 120
    assert "[reconciler:" not in text


@pytest.mark.parametrize("seed", INHABITED)
def test_a_seed_has_people_in_groups_and_queues_in_divisions(seed: str) -> None:
    org = Named.of(seed)
    assert any(row["members"] for row in org.state["groups"])
    assert {row["division"] for row in org.state["queues"]} <= {row["id"] for row in org.state["divisions"]}
    assert org.state["users"][0]["name"] in {
        name for name, held in org.held("users").items() if ("Master Admin", "*") in held
    }


@pytest.mark.parametrize("seed", SIZES)
def test_everything_that_is_named_is_there(seed: str) -> None:
    org = Named.of(seed)
    live = {section: {row["id"] for row in org.state[section]} for section in ("divisions", "roles", "users")}
    subjects = {row["id"] for each in ("users", "groups", "clients", "trustees") for row in org.state[each]}
    assert len([row for row in org.state["divisions"] if row["homeDivision"]]) == 1
    for grant in org.state["grants"]:
        assert grant["subjectId"] in subjects
        assert grant["roleId"] in live["roles"]
        assert grant["divisionId"] in live["divisions"] | {"*"}
    for group in org.state["groups"]:
        assert {*group["members"], *group.get("owners", ())} <= live["users"]
    for row in [*org.state["users"], *org.state["queues"]]:
        assert row["division"] in live["divisions"]


@pytest.mark.parametrize("seed", SIZES)
async def test_the_operator_of_a_seed_may_do_what_it_needs_everywhere(seed: str) -> None:
    time = VirtualTime()
    sim = Simulator(find_seed(seed), clock=time, sleep=time.sleep)
    guest, org = await Guest(sim, time).log_in(), Named(sim)
    assert org.held("clients")[org.names["operator"]] == {("Reconciler Operator", "*")}
    assert org.permissions("Reconciler Operator") == OPERATOR
    role, place = await guest.role("Proof", "routing:queue:view"), await guest.division("Proof")
    made = await guest.client("proof", (role, place))
    assert await guest.pairs(made["id"]) == {(role, place)}


@pytest.mark.parametrize("seed", SIZES)
def test_ids_follow_from_names_and_nothing_else(seed: str) -> None:
    first, second = Named.of(seed), Named(Simulator(find_seed(seed), clock=lambda: 7e6))
    assert first.names == second.names
    kinds = {"divisions": "division", "roles": "role", "users": "user", "groups": "group", "queues": "queue"}
    for section, kind in kinds.items():
        for row in first.state[section]:
            assert row["id"] == seeded_id(first.state["organization"]["id"], kind, row["name"])


@pytest.mark.parametrize(("seed", "section", "name"), KEPT, ids=lambda each: each)
def test_an_id_stays(seed: str, section: str, name: str) -> None:
    assert Named.of(seed).rows(section)[name]["id"] == KEPT[seed, section, name]


def test_two_organisations_share_no_id() -> None:
    ids: dict[str, set[str]] = {}
    for seed in SIZES:
        state = Named.of(seed).state
        rows = [row for rows in state.values() if isinstance(rows, list) for row in rows if "id" in row]
        ids.setdefault(state["organization"]["id"], set()).update(row["id"] for row in rows)
    every = [key for found in ids.values() for key in found]
    assert len(ids) == 5 and len(every) == len(set(every)) + len(ids) - 1  # all but the operators', by name


def test_no_two_seeds_are_one_organisation_unless_one_goes_on_from_the_other() -> None:
    ids = {seed: find_seed(seed).organisation["id"] for seed in SIZES}
    northwind = {ids.pop(seed) for seed in ("northwind", "northwind-broken", "northwind-new")}
    assert len(northwind) == 1 and len({*ids.values()} | northwind) == len(ids) + 1


def test_northwind_new_is_people_and_queues_only() -> None:
    org = Named.of("northwind-new")
    custom = [row["name"] for row in org.state["roles"] if not row["default"]]
    assert (list(org.rows("divisions")), custom) == (["Home"], ["Reconciler Operator"])
    assert list(org.rows("clients")) == ["nw-reconciler"]
    assert {pair for held in org.held("groups").values() for pair in held} == {("Employee", "Home")}


def test_northwind_new_is_the_same_in_every_release() -> None:
    """Stories, recorded plans and the README stand on it. Red: look at the change, then renew the digest."""
    text = json.dumps(Named.of("northwind-new").state, sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest() == NORTHWIND_NEW


def test_the_seeds_travel_in_the_wheel() -> None:
    packed = {each.distribution_path for each in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert {f"reconciler/simulator/seeds/{seed}.yaml" for seed in SIZES} <= packed
