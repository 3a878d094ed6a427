"""What other people do in the demo: in the organisation's administration pages, and in git."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reconciler.errors import ReconcilerError
from reconciler.simulator import Simulator

_NEW_TENANT = """\
apiVersion: reconciler/v1
kind: Tenant
metadata:
  name: umbrella-health
spec:
  profiles: [standard]
  divisions:
    - {key: main, name: UMBRELLA}
"""


def move_in(simulator: Simulator) -> None:
    """Each tenant's people put a queue behind its walls: where nothing lives, nothing can be proved."""
    state = simulator.snapshot()
    walls = {item["name"]: item["id"] for item in state["divisions"]}
    for queue, wall in zip(state["queues"], ("ACME-US", "GLOBEX", "INITECH"), strict=False):
        _edit(simulator, "POST", f"authorization/divisions/{walls[wall]}/objects/QUEUE", [queue["id"]])


def meddle(simulator: Simulator) -> None:
    """At night somebody helps: a client gets its role in `*`."""
    state = simulator.snapshot()
    client = next(item for item in state["clients"] if item["name"] == "acme-retail-metrics")
    everywhere = {"roleId": client["roleDivisions"][0]["roleId"], "divisionId": "*"}
    grants = [*client["roleDivisions"], everywhere]
    _edit(simulator, "PUT", f"oauth/clients/{client['id']}", {**client, "roleDivisions": grants})


def request_a_tenant(manifests: Path) -> None:
    """A pull request is merged."""
    (manifests / "tenants" / "umbrella-health.yaml").write_text(_NEW_TENANT, encoding="utf-8")


def _edit(simulator: Simulator, method: str, path: str, body: Any) -> None:
    status, _ = simulator.edit(method, f"/api/v2/{path}", body)
    if status not in (200, 204):
        raise ReconcilerError(f"the demo's colleague was refused ({status})", remedy="report it")
