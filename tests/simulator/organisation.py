"""A snapshot by names: what stands in an organisation, as a test wants to say it."""

from __future__ import annotations

from typing import Any

from reconciler.simulator import Simulator
from reconciler.simulator.seed import find_seed

Row = dict[str, Any]
EVER = "2000-01-01T00:00:00Z/2100-01-01T00:00:00Z"
Held = tuple[str, str]
"""A role and a division by name."""


class Named:
    """An organisation at one moment, looked up by names."""

    def __init__(self, sim: Simulator) -> None:
        self.sim, self.state = sim, sim.snapshot()
        self.names = {row["id"]: row["name"] for row in self._rows()} | {"*": "*"}
        self.home = next(row["name"] for row in self.state["divisions"] if row["homeDivision"])

    @classmethod
    def of(cls, seed: str) -> Named:
        """A bundled seed on its first day."""
        return cls(Simulator(find_seed(seed), clock=lambda: 0.0))

    def _rows(self) -> list[Row]:
        sections = [rows for rows in self.state.values() if isinstance(rows, list)]
        return [row for rows in sections for row in rows if "id" in row]

    def rows(self, section: str) -> dict[str, Row]:
        """Rows of a section by name; of two with one name the later."""
        return {row["name"]: row for row in self.state[section]}

    def held(self, section: str) -> dict[str, set[Held]]:
        """What each subject of a section holds directly, by its name."""
        found: dict[str, set[Held]] = {row["name"]: set() for row in self.state[section]}
        ids = {row["id"] for row in self.state[section]}
        for grant in self.state["grants"]:
            if grant["subjectId"] in ids:
                pair = self.names[grant["roleId"]], self.names[grant["divisionId"]]
                found[self.names[grant["subjectId"]]].add(pair)
        return found

    def audits(self) -> list[Row]:
        """Every audit, oldest first, as an administrator reads them."""
        body = {"interval": EVER, "pageSize": 500}
        rows: list[Row] = self.sim.edit("POST", "/api/v2/audits/query/realtime", body)[1]["entities"]
        return rows

    def days_of_use(self, client: str) -> set[str]:
        """Days on which a client, by its id, called anything."""
        path = f"/api/v2/oauth/clients/{client}/usage/query"
        uri = self.sim.edit("POST", path, {"interval": EVER})[1]["resultsUri"]
        return {row["date"][:10] for row in self.sim.edit("GET", uri)[1]["results"]}

    def permissions(self, role: str) -> set[str]:
        """`domain:entity:action` of a role, conditions left out."""
        return {
            f"{policy['domain']}:{policy['entityName']}:{action}"
            for policy in self.rows("roles")[role]["permissionPolicies"]
            for action in policy["actionSet"]
        }
