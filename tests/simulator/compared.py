"""A bundled seed on its first day, at the door and in the model, whose answers are compared."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from reconciler.simulator import find_seed
from tests.architecture.source import ROOT
from tests.simulator.guest import Guest, VirtualTime, open_door
from tests.simulator.model import CONFINED, Model

Row = dict[str, Any]
PATHS = json.loads((ROOT / "reconciler/simulator/data/genesys-openapi.json").read_text("utf-8"))["paths"]
OPERATIONS: dict[str, Row] = {
    spec["operationId"]: spec | {"path": path, "method": method.upper()}
    for path, methods in PATHS.items()
    for method, spec in methods.items()
    if method in ("get", "head", "post")
}
"""Every operation of the vendor's contract that may read, by its id."""

USUAL = {"foreign-object": "403", "hidden-groups": "shown", "org-wide-permitted": "granted"}
OTHER = {"foreign-object": "404", "hidden-groups": "hidden", "org-wide-permitted": "everywhere"}
EVERY = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "full" else 6
"""Of the objects, each client reads each of so many: another share than the next client."""


@dataclass
class Compared:
    """The model's idea of an organisation, and a door to it."""

    door: Guest
    model: Model
    switches: dict[str, str]

    async def log_in(self, client: Row) -> Guest:
        secret = self.door.sim.org.secrets[client["id"]]
        return await Guest(self.door.sim, VirtualTime()).log_in(client["id"], secret)

    async def tenants(self) -> list[tuple[str, Guest]]:
        return [(row["id"], await self.log_in(row)) for row in working(self.model)]

    def allowed(self, client: str, operation: str) -> set[str] | None:
        """Divisions an operation acts in for a client; None where it lacks what the operation asks for."""
        asked = OPERATIONS[operation].get("x-genesys-permissions", {"mode": "NONE"})
        if asked["mode"] == "NONE":
            return self.model.divisions
        reached = [self.model.reach(client, permission) for permission in asked["permissions"]]
        if not (all if asked["mode"] == "ALL" else any)(reached):
            return None
        return set.intersection(*reached) if asked["mode"] == "ALL" else set.union(*reached)

    def told(self, client: str, permission: str) -> tuple[set[str], bool]:
        """What the list of permitted divisions says, and whether it says all.

        Whether it tells where a permission was granted or where it reaches is not known.
        """
        granted = self.model.granted(client, permission)
        wide = self.switches["org-wide-permitted"] == "everywhere" and permission not in CONFINED
        unbound = "*" in granted or (wide and bool(granted))
        return (self.model.reach(client, permission) if unbound else granted), unbound

    def shown(self, row: Row) -> bool:
        """Whether an object shows itself to tokens at all."""
        return row.get("visibility", "public") == "public" or self.switches["hidden-groups"] == "shown"

    def foreign(self) -> int:
        """What an object of a division one may not see answers."""
        return int(self.switches["foreign-object"])


async def compared(seed: str, switches: dict[str, str]) -> Compared:
    """That seed, with these switches."""
    door = await open_door(find_seed(seed), rate_limit="0", switches=switches)
    return Compared(door, Model(door.sim.snapshot()), switches)


def working(model: Model) -> list[Row]:
    """Clients that get a token by themselves."""
    return [
        row
        for row in model.state["clients"]
        if (row["state"], row["authorizedGrantType"]) == ("active", "CLIENT-CREDENTIALS")
    ]


async def pages_of(tenant: Guest, path: str, refused: int = 0) -> AsyncIterator[Any]:
    """Every page of a list, by its link to the next; none when it is answered by the status `refused`."""
    following: str | None = path
    while following:
        answer = await tenant.http.get(following)
        if answer.status_code == refused:
            return
        assert answer.status_code == 200, (following, answer.text)
        page = answer.json()
        yield page
        following = page.get("nextUri") if isinstance(page, dict) else None
