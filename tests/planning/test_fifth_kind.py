"""A kind that nobody has heard of: handing it in with the registry is all it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.kinds import REGISTRY
from reconciler.kinds.base import EntrySpec, crud, echo, keep, override
from reconciler.kinds.pairs_spec import Grant, declared
from reconciler.model.access import DeclaredGrant, Fact, Holds
from reconciler.model.kind import Collection, Declared, Registry, ResourceKind
from reconciler.model.value import Fields, Json, Ref, Value
from tests.planning.pretend import Organisation
from tests.support.build import actions, live, manifests, marked, operation_ids, plan, uid


class QueueSpec(EntrySpec):
    """A queue in front of a wall, which may hold grants of its own."""

    grants: tuple[Grant, ...] = ()


def _declare(spec: QueueSpec, owner: str, pairs: frozenset[tuple[Value, Value]]) -> Declared:
    return Declared({"name": spec.name, "description": spec.description, "pairs": pairs})


def _read(raw: Json) -> Fields:
    pairs = frozenset((pair["role"], pair["wall"]) for pair in raw.get("pairs") or ())
    return {"name": raw["name"], "description": raw.get("description") or "", "pairs": pairs}


def _write(fields: Fields, raw: Mapping[str, Json] | None) -> dict[str, Json]:
    pairs = [{"role": _json(role), "wall": _json(wall)} for role, wall in sorted(fields["pairs"], key=str)]
    return {
        **echo(raw, frozenset({"id"})),
        **{key: fields[key] for key in ("name", "description")},
        "pairs": pairs,
    }


def _json(value: Value) -> Json:
    return {"$ref": str(value.address)} if isinstance(value, Ref) else value


def _facts(identity: str, fields: Fields) -> Iterable[Fact]:
    return [Holds(identity, str(role), str(wall)) for role, wall in fields["pairs"]]


def _grants(spec: QueueSpec) -> tuple[DeclaredGrant, ...]:
    return declared(spec.grants, "grants")


QUEUE = ResourceKind(
    name="queue",
    section="queues",
    doc="A queue.",
    spec=QueueSpec,
    collection=Collection(
        path="/api/v2/routing/queues",
        paged=True,
        query={},
        body_keys=frozenset(),
        gone=lambda raw: False,
        protected=lambda raw: "",
        retired=keep,
    ),
    bare="own",
    grants=_grants,
    declare=_declare,
    read=_read,
    write=_write,
    facts=_facts,
    compile=crud,
    merge=override,
)
FIVE = Registry((*REGISTRY.kinds, QUEUE), REGISTRY.pair)
TENANT: dict[str, Any] = {
    "divisions": [{"key": "us", "name": "US"}],
    "roles": [{"key": "r", "name": "R", "permissions": ["routing:queue:view"]}],
    "queues": [{"key": "q", "name": "Q", "grants": [{"role": "r", "divisions": "own"}]}],
}


def test_it_is_resolved_ordered_and_counted_as_access() -> None:
    made = plan(manifests(registry=FIVE, acme=TENANT), live(FIVE), FIVE)
    assert operation_ids(made) == ["acme/division/us:create", "acme/role/r:create", "acme/queue/q:create"]
    assert [edge.id for edge in made.operations[2].after] == ["acme/division/us:create", "acme/role/r:create"]
    assert [item.subject for item in made.access.gains] == ["acme/queue/q"]
    assert "queues" in made.unmanaged


def test_it_converges() -> None:
    organisation, wanted = Organisation(FIVE), manifests(registry=FIVE, acme=TENANT)
    organisation.run(plan(wanted, organisation.reading(), FIVE).operations)
    assert plan(wanted, organisation.reading(), FIVE).changes == ()


def test_it_is_adopted_retired_and_judged_like_any_other() -> None:
    body = {"id": uid(1), "name": "Q", "description": "", "pairs": []}
    adopting = manifests(registry=FIVE, acme={"queues": [{"key": "q", "name": "Q", "adopt": True}]})
    assert actions(plan(adopting, live(FIVE, queues=[body]), FIVE)) == {"acme/queue/q": "adopt"}
    gone = manifests(registry=FIVE, policy={"prune": True}, acme={"divisions": TENANT["divisions"]})
    made = plan(gone, live(FIVE, queues=[marked(body, "acme/queue/q", FIVE)]), FIVE)
    assert actions(made)["acme/queue/q"] == "delete"


def test_its_own_narrowing_needs_no_second_view_to_stay_free_of_cycles() -> None:
    """Two holders swap two roles that both grow: without a narrowing step each would wait for the other."""
    roles = [
        {"key": key, "name": key, "permissions": ["routing:queue:view", "routing:queue:edit"]} for key in "rs"
    ]
    queues = [
        {"key": "x", "name": "x", "grants": [{"role": "s", "divisions": "own"}]},
        {"key": "y", "name": "y", "grants": [{"role": "r", "divisions": "own"}]},
    ]
    old = [{**item, "permissions": ["routing:queue:view"]} for item in roles]
    first = manifests(registry=FIVE, acme={**TENANT, "roles": old, "queues": queues})
    organisation = Organisation(FIVE)
    organisation.run(plan(first, organisation.reading(), FIVE).operations)
    swapped = [{**queues[0], "grants": queues[1]["grants"]}, {**queues[1], "grants": queues[0]["grants"]}]
    policy = {"limits": replace(first.org.limits, change_percent=100)}
    second = manifests(registry=FIVE, policy=policy, acme={**TENANT, "roles": roles, "queues": swapped})
    organisation.run(plan(second, organisation.reading(), FIVE).operations)
    assert plan(second, organisation.reading(), FIVE).changes == ()
