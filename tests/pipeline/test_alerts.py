"""Mistakes in manifests become alerts of code scanning, at their lines, and no organisation is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.actions import git
from tests.pipeline.forge import Forge
from tests.pipeline.hub import Hub
from tests.pipeline.machine import Machine
from tests.pipeline.world import ORG, TENANT

pytestmark = pytest.mark.full
"""Steps of workflows, as real shells run them."""

CALLER = """\
jobs:
  alerts:
    permissions: {contents: read, security-events: write}
    uses: OWNER/reconciler/.github/workflows/alerts.yml@COMMIT
"""


def test_a_mistake_on_main_is_an_alert_at_its_line(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "github")
    hub.place.mkdir()
    machine = Machine(hub, tmp_path, "http://127.0.0.1:9", {})
    machine.prepare()
    forge = Forge(machine, tmp_path / "clone")
    wrong = TENANT.replace("    - key: metrics\n", "    - key: metrics\n      divisionIds: [ACME]\n")
    manifests = {"manifests/org.yaml": ORG, "manifests/acme.yaml": wrong}
    forge.found({".github/workflows/reconciler.yml": CALLER, **manifests})
    run = forge.on_push()
    assert run.well, run.steps
    (alert,) = hub.read()["alerts"]
    (place,) = alert["locations"]
    where = place["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "manifests/acme.yaml" and where["region"]["startLine"] == 10
    assert alert["ref"] == "refs/heads/main" and "confine" in alert["message"]["text"]

    git(forge.clone, "checkout", "-q", "main")
    forge.commit("mended", {"manifests/acme.yaml": TENANT})
    git(forge.clone, "push", "-q", "origin", "main")
    assert forge.on_push().well and len(hub.read()["alerts"]) == 1
