"""Processes that are killed are judged by what their manifests allow, and by what they proved first."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.faults.campaign import quietly
from tests.faults.processes import Proven, demo


def test_what_an_earlier_run_proved_is_not_proven(tmp_path: Path) -> None:
    proven = Proven(tmp_path)
    proven.clear()
    assert "acme/metrics.json" not in proven
    (tmp_path / "acme").mkdir()
    assert "acme/metrics.json" in proven and "globex/metrics.json" not in proven
    long_ago = time.time() - 60.0
    os.utime(tmp_path / "acme", (long_ago, long_ago))
    assert "acme/metrics.json" not in proven


def test_what_the_manifests_of_the_demo_allow_is_known() -> None:
    quietly()
    _, known = demo()
    born = known.after.keys() - known.before.keys()
    assert {"acme-retail-metrics", "nw-auditor", "NW WFM Team"} < born
    assert known.walls["GLOBEX"] == "globex-bank" and known.external == {"initech-saas/client/desk"}
