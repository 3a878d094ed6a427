"""What other people do in the demo, in the organisation's administration pages."""

from __future__ import annotations

from typing import Any

from reconciler.errors import ReconcilerError
from reconciler.simulator import Simulator


def move_in(simulator: Simulator) -> None:
    """Each tenant's people put a queue behind its walls: where nothing lives, nothing can be proved."""
    state = simulator.snapshot()
    walls = {item["name"]: item["id"] for item in state["divisions"]}
    for queue, wall in zip(state["queues"], ("ACME-US", "GLOBEX", "INITECH"), strict=False):
        _edit(simulator, "POST", f"authorization/divisions/{walls[wall]}/objects/QUEUE", [queue["id"]])


def meddle(simulator: Simulator) -> None:
    """At night somebody helps out: a client without access gets a role in `*`."""
    state = simulator.snapshot()
    client = next(item for item in state["clients"] if item["name"] == "globex-bank-metrics")
    role = next(item for item in state["roles"] if item["name"] == "Tenant Queue Metrics")
    grants = [{"roleId": role["id"], "divisionId": "*"}]
    _edit(simulator, "PUT", f"oauth/clients/{client['id']}", {**client, "roleDivisions": grants})


def _edit(simulator: Simulator, method: str, path: str, body: Any) -> None:
    status, _ = simulator.edit(method, f"/api/v2/{path}", body)
    if status not in (200, 204):
        raise ReconcilerError(f"the demo's colleague was refused ({status})", remedy="report it")
