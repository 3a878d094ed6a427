"""The table of rights says what the vendor's published operations say, and holding is counted soundly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.model.access import Allows
from reconciler.planning.bootstrap import PARTS, bootstrap
from reconciler.planning.rights import (
    COMMANDS,
    DELETES,
    PUBLIC,
    READS,
    SETTINGS,
    WRITES,
    Lack,
    Need,
    holding,
    lacks,
    one_by_one,
    permissions,
)
from tests.architecture.source import ROOT

EXCERPT = ROOT / "reconciler/simulator/data/genesys-openapi.json"
TABLE = (*PUBLIC, *READS, *WRITES, *DELETES)
AWARE = {"a:b:view": True, "a:b:edit": False}


def published(need: Need) -> dict[str, Any]:
    paths = json.loads(EXCERPT.read_text(encoding="utf-8"))["paths"]
    found: dict[str, Any] = paths[need.path][need.method.lower()]["x-genesys-permissions"]
    return found


@pytest.mark.parametrize("need", TABLE, ids=lambda need: f"{need.method} {need.path}")
def test_a_call_takes_what_the_vendor_publishes(need: Need) -> None:
    said = published(need)
    assert list(need.permissions) == said["permissions"]
    assert said["mode"] in ("ALL", "NONE") or len(said["permissions"]) == 1


def test_the_settings_take_one_of_what_the_vendor_publishes() -> None:
    assert published(SETTINGS)["mode"] == "ANY"
    assert set(SETTINGS.permissions) < set(published(SETTINGS)["permissions"])


def test_each_command_needs_what_the_one_before_needs_and_no_more_than_its_role_gives() -> None:
    reads, writes, deletes = (set(permissions(COMMANDS[name])) for name in ("plan", "apply", "prune"))
    assert reads < writes < deletes and set(permissions(COMMANDS["drift"])) == reads
    given = [{right.permission for right in bootstrap(part).rights} for part in PARTS]
    assert given == [reads, writes, deletes]


@pytest.mark.parametrize("part", PARTS)
def test_the_body_of_a_role_holds_exactly_its_rights(part: Any) -> None:
    found = bootstrap(part)
    in_body = {
        f"{policy['domain']}:{policy['entityName']}:{action}"
        for policy in found.role["permissionPolicies"]
        for action in policy["actionSet"]
    }
    assert in_body == {right.permission for right in found.rights}
    assert all(right.purposes for right in found.rights)


def lacking(pairs: list[tuple[str, str]], *allows: Allows) -> list[Lack]:
    return list(lacks(("a:b:view", "a:b:edit"), holding(pairs, allows), ("d1", "d2"), AWARE))


def test_nothing_is_lacking_to_who_holds_it_everywhere() -> None:
    assert lacking([("r", "*")], Allows("r", "a:b:view"), Allows("r", "a:b:edit")) == []


@pytest.mark.parametrize("pattern", ["a:b:*", "a:*:*"])
def test_wildcards_count(pattern: str) -> None:
    assert lacking([("r", "*")], Allows("r", pattern)) == []


def test_a_role_that_is_not_held_gives_nothing() -> None:
    assert [lack.permission for lack in lacking([("r", "*")], Allows("s", "a:*:*"))] == [
        "a:b:view",
        "a:b:edit",
    ]


def test_what_a_division_confines_has_to_be_held_in_each() -> None:
    both = (Allows("r", "a:b:view"), Allows("r", "a:b:edit"))
    assert lacking([("r", "d1")], *both) == [Lack("a:b:view", ("d2",))]
    assert lacking([("r", "d1"), ("r", "d2")], *both) == []
    assert one_by_one(("a:b:view", "a:b:edit"), holding([("r", "d1"), ("r", "d2")], both), AWARE) == (
        "a:b:view",
    )


def test_a_permission_under_a_condition_does_not_count_and_is_said() -> None:
    assert lacking([("r", "*")], Allows("r", "a:b:view", True), Allows("r", "a:b:edit")) == [
        Lack("a:b:view", (), condition=True)
    ]
    assert lacking([("r", "*")], Allows("r", "a:b:view", True), Allows("r", "a:b:*")) == []
