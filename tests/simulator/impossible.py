"""What a snapshot of an organisation must never show."""

from __future__ import annotations

from collections import Counter
from typing import Any

Row = dict[str, Any]
Pair = tuple[str, str]
MISSING = "South"
"""The default role that nobody added to the organisation at first."""
TABLES = {"PC_USER": "users", "PC_GROUP": "groups", "PC_OAUTH_CLIENT": "clients"}


def held_by(state: Row, subject: str) -> set[Pair]:
    return {
        (grant["roleId"], grant["divisionId"]) for grant in state["grants"] if grant["subjectId"] == subject
    }


def holders(state: Row, role: str) -> list[Row]:
    """Grants of a role."""
    return [grant for grant in state["grants"] if grant["roleId"] == role]


def undelivered(first: Row, state: Row) -> list[str]:
    """Default roles that went or were renamed, and roles that became default ones though none was missing."""
    born = {row["id"]: row["name"] for row in first["roles"] if row["default"]}
    now = {row["id"]: row["name"] for row in state["roles"] if row["default"]}
    lost = [name for key, name in born.items() if now.get(key) != name]
    return lost + [name for key, name in now.items() if key not in born and name != MISSING]


def strays(state: Row, switches: dict[str, str]) -> list[Row]:
    """Grants of somebody, of a role or in a division that is not there, or too many of them."""
    divisions = {row["id"] for row in state["divisions"]} | {"*"}
    if switches["deleted-division-grants"] == "kept":
        divisions |= {row["id"] for row in state["deletedDivisions"]}
    roles = {row["id"] for row in state["roles"]}
    subjects = {kind: alive(state[table]) for kind, table in TABLES.items()}
    subjects |= {"PC_TRUSTEE_GROUP": alive(state["trustees"])}
    held = Counter(grant["subjectId"] for grant in state["grants"])
    return [
        grant
        for grant in state["grants"]
        if grant["subjectId"] not in subjects[grant["subjectType"]]
        or grant["roleId"] not in roles
        or grant["divisionId"] not in divisions
        or held[grant["subjectId"]] > state["limits"]["grantsPerSubject"]
    ]


def alive(rows: list[Row]) -> set[str]:
    return {row["id"] for row in rows if row.get("state") != "deleted"}


def twins(state: Row, switches: dict[str, str]) -> list[str]:
    """Names that two divisions share, or two roles, in any case."""
    if switches["duplicate-names"] == "allow":
        return []
    kept = state["deletedDivisions"] if switches["deleted-division-name"] == "kept" else []
    names = [
        Counter(row["name"].casefold() for row in rows)
        for rows in (state["divisions"] + kept, state["roles"])
    ]
    return [name for each in names for name, count in each.items() if count > 1]
