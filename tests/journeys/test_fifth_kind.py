"""A kind that nobody has heard of, handed in with the registry: from YAML to the organisation and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

import reconciler.genesys
from reconciler import wiring
from reconciler.kinds import REGISTRY
from reconciler.kinds.base import EntrySpec, Name, crud, echo, keep, no_grants, override
from reconciler.model.access import Fact
from reconciler.model.kind import Collection, Declared, Registry, ResourceKind
from reconciler.model.value import Fields, Json, Value
from tests.journeys.world import APPLY, World
from tests.support.org import Wire

PATH = "/api/v2/routing/skills"


class SkillSpec(EntrySpec):
    """Something that people are good at."""

    level: Name = "any"


def _declare(spec: SkillSpec, owner: str, pairs: frozenset[tuple[Value, Value]]) -> Declared:
    return Declared({"name": spec.name, "description": spec.description, "level": spec.level})


def _read(raw: Json) -> Fields:
    return {name: raw.get(name) or "" for name in ("name", "description", "level")}


def _write(fields: Fields, raw: Mapping[str, Json] | None) -> dict[str, Json]:
    return {**echo(raw, frozenset({"id"})), **fields}


def _facts(identity: str, fields: Fields) -> tuple[Fact, ...]:
    return ()


SKILL = ResourceKind(
    name="skill",
    section="skills",
    doc="A skill.",
    spec=SkillSpec,
    collection=Collection(
        path=PATH,
        paged=True,
        query={},
        body_keys=frozenset(),
        gone=lambda raw: False,
        protected=lambda raw: "",
        retired=keep,
    ),
    bare="own",
    grants=no_grants,
    declare=_declare,
    read=_read,
    write=_write,
    facts=_facts,
    compile=crud,
    merge=override,
)
FIVE = Registry((*REGISTRY.kinds, SKILL), REGISTRY.pair)
SKILLS = """
  skills:
    - {key: french, name: French, description: Speaks it, level: fluent}
    - {key: knots, name: Knots}
"""


class Skilled(Wire):
    """The simulated organisation, which knows no skills, with a place for them."""

    def __init__(self, sim: Any) -> None:
        super().__init__(sim)
        self.rows: dict[str, dict[str, Any]] = {}
        self.writes: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.startswith(PATH):
            return await super().handle_async_request(request)
        answer = self._answer(request.method, request.url.path.removeprefix(PATH).strip("/"), request.content)
        return httpx.Response(200 if answer is not None else 404, json=answer or {}, request=request)

    def _answer(self, method: str, key: str, body: bytes) -> Any:
        if method == "GET":
            return self.rows.get(key) if key else self._page()
        self.writes.append(method)
        if method == "DELETE":
            return self.rows.pop(key, None)
        key = key or f"{len(self.rows):08x}-0000-4000-8000-000000000000"
        self.rows[key] = {**json.loads(body), "id": key}
        return self.rows[key]

    def _page(self) -> Any:
        rows = list(self.rows.values())
        return {"entities": rows, "pageNumber": 1, "pageSize": 100, "total": len(rows), "pageCount": 1}

    def named(self) -> dict[str, dict[str, Any]]:
        """The skills by name."""
        return {row["name"]: row for row in self.rows.values()}


@pytest.fixture
def skilled(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[World, Skilled]]:
    wire = Skilled(world.sim)
    connect = reconciler.genesys.GenesysApi.func  # type: ignore[attr-defined]  # the world made it a partial
    monkeypatch.setattr(
        reconciler.genesys, "GenesysApi", lambda *given, **more: connect(*given, transport=wire, **more)
    )
    monkeypatch.setattr(wiring, "registry", lambda: FIVE)
    tenant = world.root / "tenants/globex-bank.yaml"
    tenant.write_text(tenant.read_text("utf-8") + SKILLS, "utf-8")
    yield world, wire


def test_it_is_loaded_planned_applied_and_found_again(skilled: tuple[World, Skilled]) -> None:
    world, wire = skilled
    assert world.run("validate").code == 0
    assert world.run("plan").last.startswith("plan: 20 to create")
    world.settle()
    french = wire.named()["French"]
    assert french["level"] == "fluent" and "globex-bank/skill/french@" in french["description"]
    wire.writes.clear()
    again, writes = world.wrote(*APPLY)
    assert again.last.startswith("nothing to do") and (writes, wire.writes) == ([], [])


def test_its_drift_its_rename_and_its_end_are_those_of_any_kind(skilled: tuple[World, Skilled]) -> None:
    world, wire = skilled
    world.settle()
    french = wire.named()["French"]
    french["level"] = "none"
    changes = world.run("plan", "-o", "json").json["changes"]
    assert [(item["address"], item["cause"]) for item in changes] == [("globex-bank/skill/french", "drift")]
    world.settle()
    assert wire.named()["French"]["level"] == "fluent"
    world.change("tenants/globex-bank.yaml", "name: French", "name: Français")
    world.settle()
    assert wire.named()["Français"]["id"] == french["id"]
    world.change("org.yaml", "prune: false", "prune: true")
    world.change("tenants/globex-bank.yaml", "    - {key: knots, name: Knots}\n", "")
    world.settle()
    assert set(wire.named()) == {"Français"}


def test_a_mistake_in_it_is_told_at_its_place(skilled: tuple[World, Skilled]) -> None:
    world, _ = skilled
    world.change("tenants/globex-bank.yaml", "level: fluent", "levle: fluent")
    ran = world.run("validate")
    assert ran.code == 3 and "globex-bank.yaml:" in ran.out and "levle" in ran.out and "level" in ran.out
