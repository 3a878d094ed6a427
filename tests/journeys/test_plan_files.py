"""Plan files that somebody tampered with: refused, or without effect; nothing unreviewed is written."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.plan import document
from reconciler.planning.digest import digest_of
from reconciler.reports.documents import dumps, read_plan
from tests.journeys.test_one_writer import CANADA
from tests.journeys.world import World

CHUNKS = 8
EACH = 25
"""Mutations a chunk: of bytes, of fields, and every fifth with parts of a plan that allows more."""


def _world(place: Path, patch: pytest.MonkeyPatch) -> World:
    """Northwind with two changes to apply: `plan.json` holds the one that was reviewed, `more.json` both."""
    world = World(place, patch)
    world.settle()
    world.change(*CANADA)
    assert world.run("plan", "--only", "acme-retail", "--out", str(place / "plan.json")).code == 0
    world.change(
        "shared.yaml", "- routing:queue:search", "- routing:queue:search\n        - routing:queue:join"
    )
    assert world.run("plan", "--out", str(place / "more.json")).code == 0
    return world


def _bytes_of(content: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(content))
    other = dice.choice([byte for byte in range(256) if byte != content[place]])
    return content[:place] + bytes([other]) + content[place + 1 :]


def _field_of(content: bytes, dice: random.Random) -> bytes:
    whole = json.loads(content)
    holder, key = dice.choice(list(_fields(whole)))
    holder[key] = _otherwise(holder[key], dice, content)
    return json.dumps(whole).encode()


def _part_of(content: bytes, dice: random.Random, more: bytes) -> bytes:
    """What somebody does who knows how. With its digest it would be another plan: see signatures."""
    whole, theirs = json.loads(content), json.loads(more)
    differing = sorted(key for key in whole.keys() - {"digest"} if whole[key] != theirs[key])
    taken = dice.sample(differing, dice.randrange(1, len(differing)))
    return json.dumps(whole | {key: theirs[key] for key in taken}).encode()


def _fields(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of the document that holds something, as its container and its key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from _fields(inner)


def _otherwise(value: Any, dice: random.Random, content: bytes) -> Any:
    """Another value that might pass for it: a neighbour's, one less, one more, none."""
    texts = [text for text in _texts(json.loads(content)) if text != value]
    if isinstance(value, str):
        return dice.choice([*texts, "", value + "x"])
    if isinstance(value, bool) or value is None:
        return dice.choice([not value, 1, "acme-retail"])
    if isinstance(value, int):
        return dice.choice([value + 1, 0, -1, str(value)])
    if isinstance(value, list):
        return dice.choice([[], [*value, *value], value[1:], value[::-1] * 2])
    return dice.choice([{}, {**value, "more": 1}, dict(list(value.items())[1:]), None])


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _texts(each)]


def _state(world: World) -> Any:
    """Who holds what, what roles allow, what there is, by name."""
    snapshot = world.sim.snapshot()
    roles = {row["name"]: row["permissionPolicies"] for row in snapshot["roles"]}
    return world.access(), world.names("divisions"), world.names("clients"), roles


def test_what_was_reviewed_runs_and_the_rest_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = _world(tmp_path / "here", monkeypatch)
    ran = world.run("apply", "--plan", "plan.json")
    assert ran.code == 4 and "ACME-CA" in {where for _, _, where in world.access()}, ran
    assert "routing:queue:join" not in {permission for _, permission, _ in world.access()}


@pytest.mark.full
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_plan_file_that_was_tampered_with_lets_nothing_else_through(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(f"plan file {chunk}")
    world = _world(tmp_path / "0", monkeypatch)
    content, more = ((world.place / name).read_bytes() for name in ("plan.json", "more.json"))
    before = _state(world)
    world.run("apply", "--plan", "plan.json")
    reviewed, refused = _state(world), 0
    used = True
    for number in range(EACH):
        if used:
            world = _world(tmp_path / f"{number + 1}", monkeypatch)
        mutate = (_bytes_of, _field_of, _bytes_of, _field_of, partial(_part_of, more=more))[number % 5]
        (world.place / "plan.json").write_bytes(mutate(content, dice))
        ran, writes = world.wrote("apply", "--plan", "plan.json")
        assert "Traceback" not in ran.err and "bug" not in ran.err, ran
        used = bool(writes)
        if not writes:
            refused += 1
            assert ran.code in (1, 4, 6) and _state(world) == before, ran
        else:
            assert _state(world) == reviewed, ran
    assert refused > EACH // 2


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ({"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": []}, "formatVersion"),
        ({"formatVersion": "2"}, "formatVersion '2'"),
    ],
    ids=["another tool's", "another version's"],
)
def test_a_plan_of_another_tool_or_version_is_refused(
    file: Any, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path / "here", monkeypatch)
    (world.place / "plan.json").write_text(json.dumps(file))
    ran, writes = world.wrote("apply", "--plan", "plan.json")
    assert ran.code == 1 and says in ran.err and not writes, ran


def test_a_plan_of_another_organisation_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path / "here", monkeypatch)
    assert world.run("plan", "--out", "plan.json").code == 0
    plan = read_plan((world.place / "plan.json").read_text())
    theirs = replace(plan, organization_id="00000000-0000-4000-8000-000000000000")
    theirs = replace(theirs, digest=digest_of(theirs))
    (world.place / "plan.json").write_text(dumps(document(theirs)))
    ran, writes = world.wrote("apply", "--plan", "plan.json")
    assert ran.code == 6 and "of organisation 00000000" in ran.err and not writes, ran
