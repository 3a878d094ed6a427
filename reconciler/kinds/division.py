"""Divisions: the walls between tenants. Flat, unique by name, soft-deleted by the vendor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.kinds.base import EntrySpec, crud, echo, keep, no_grants, override, required
from reconciler.model.access import Fact, Wall
from reconciler.model.kind import Collection, Declared, ResourceKind
from reconciler.model.value import Fields, Json, Value


class DivisionSpec(EntrySpec):
    """A division of one tenant (or, under Shared, of the operator)."""


def _declare(spec: DivisionSpec, owner: str, pairs: frozenset[tuple[Value, Value]]) -> Declared:
    fields = {"name": spec.name, "description": spec.description}
    return Declared(fields, problems=required(spec, "name"))


def _read(raw: Json) -> Fields:
    return {"name": raw.get("name") or "", "description": raw.get("description") or ""}


_READ_ONLY = frozenset({"id", "homeDivision", "objectCounts", "selfUri"})


def _write(fields: Fields, raw: Mapping[str, Json] | None) -> dict[str, Json]:
    return {**echo(raw, _READ_ONLY), "name": fields["name"], "description": fields["description"]}


def _facts(identity: str, fields: Fields) -> Iterable[Fact]:
    return (Wall(identity),)


def _protected(raw: Json) -> str:
    return "it is the Home division" if raw.get("homeDivision") else ""


KIND = ResourceKind(
    name="division",
    section="divisions",
    doc="A wall between tenants: what an object lies in and what a grant is confined to.",
    spec=DivisionSpec,
    collection=Collection(
        path="/api/v2/authorization/divisions",
        paged=True,
        query={},
        body_keys=frozenset(),
        gone=lambda raw: bool(raw.get("deleted")),
        protected=_protected,
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
