"""Entries of the vendor's audits: who did what to which entity. Source: AuditLogMessage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reconciler.model.value import Json


class AuditEntry(NamedTuple):
    """One entry; `entity` and `program` are ids, `called` is the entity's name, `at` ISO 8601.

    `person` is who signed in, name or id, `program` the client that acted by itself; each "" where the
    entry does not say.
    """

    entity: str
    called: str
    action: str
    at: str
    person: str
    program: str


def audit_entries(answer: Json) -> tuple[AuditEntry, ...]:
    """The entries of an answer in its order; of an answer of another shape none."""
    rows = answer.get("entities") if isinstance(answer, dict) else None
    return tuple(_entry(row) for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def _entry(row: Mapping[str, Json]) -> AuditEntry:
    entity, person, program = (_part(row, name) for name in ("entity", "user", "client"))
    return AuditEntry(
        entity=_text(entity, "id"),
        called=_text(entity, "name"),
        action=_text(row, "action"),
        at=_text(row, "eventDate"),
        person=_text(person, "name") or _text(person, "id"),
        program=_text(program, "id"),
    )


def _part(row: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(row: Mapping[str, Json], name: str) -> str:
    return str(row.get(name) or "")
