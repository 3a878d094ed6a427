"""Who may do what and where, by brute force: the rules of access, without the simulator's code or ours.

Access is subject → grants (role × division) → permissions. People also hold what their groups hold. `*` is
every division. Divisions are flat. Only a division-aware permission is confined by the division it was
granted in; any other acts in the whole organisation. What is in `*` is in every division.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.architecture.source import ROOT

GRADES = json.loads((ROOT / "reconciler/data/permissions.json").read_text("utf-8"))["permissions"]
CONFINED = frozenset(name for name, entry in GRADES.items() if entry["grade"] in "ACD")


class Model:
    """One organisation, from its snapshot."""

    def __init__(self, state: dict[str, Any]) -> None:
        self.state = state
        self.divisions = {row["id"] for row in state["divisions"]}
        self.roles = {row["id"]: row for row in state["roles"]}

    def pairs(self, subject: str) -> Iterator[tuple[str, str]]:
        """Every role and division a subject enjoys, its own and those of its groups."""
        sources = {subject} | {row["id"] for row in self.state["groups"] if subject in row["members"]}
        for grant in self.state["grants"]:
            if grant["subjectId"] in sources:
                yield grant["roleId"], grant["divisionId"]

    def gives(self, role: str, permission: str) -> bool:
        """Whether one policy of the role names the permission, or covers it by `*`."""
        domain, entity, action = permission.split(":")
        return any(
            policy["domain"] == domain
            and policy["entityName"] in (entity, "*")
            and not {action, "*"}.isdisjoint(policy["actionSet"])
            for policy in self.roles[role]["permissionPolicies"]
        )

    def granted(self, subject: str, permission: str) -> set[str]:
        """Divisions of the grants that give the permission; `*` stays `*`."""
        return {division for role, division in self.pairs(subject) if self.gives(role, permission)}

    def reach(self, subject: str, permission: str) -> set[str]:
        """Divisions in which the permission lets the subject act."""
        granted = self.granted(subject, permission)
        everywhere = granted and permission not in CONFINED
        return self.divisions if everywhere or "*" in granted else granted


def visible(row: dict[str, Any], where: set[str]) -> bool:
    """Whether who may act in `where` sees an object, which may be in no division, one, several or `*`."""
    inside = {*row.get("divisions", ()), row.get("division")} - {None}
    return not inside or (bool(where) and ("*" in inside or not inside.isdisjoint(where)))
