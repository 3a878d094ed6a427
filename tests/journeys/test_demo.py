"""The demo runs to its end, can be typed by hand, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.world import REPO

pytestmark = [pytest.mark.full, pytest.mark.timeout(150)]
TYPED = [
    "$ reconciler validate",
    "$ reconciler plan --out plan.json",
    "$ reconciler apply --approved sha256:",
    "$ reconciler apply --auto-approve",
    "$ reconciler suspend globex-bank --auto-approve",
    "$ reconciler drift",
    "$ reconciler prove",
    "$ reconciler probe",
    "$ reconciler apply --auto-approve --revoke-only",
    "$ reconciler prove",
    "$ reconciler probe",
]


def test_the_demo_plays_to_its_end_and_leaves_nothing_behind(tmp_path: Path) -> None:
    here, places = tmp_path / "here", tmp_path / "tmp"
    here.mkdir()
    places.mkdir()
    before = _git_status()
    ran = subprocess.run(
        [sys.executable, "-m", "reconciler", "demo"],
        cwd=here,
        env={**os.environ, "TMPDIR": str(places), "CI": "1"},
        capture_output=True,
        text=True,
        timeout=140,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    typed = [line for line in ran.stdout.splitlines() if line.startswith("$ ")]
    assert len(typed) == len(TYPED)
    assert all(line.startswith(start) for line, start in zip(typed, TYPED, strict=True)), typed
    assert "18 created" in ran.stdout and "nothing to do · northwind" in ran.stdout
    assert "last written by Dana" in ran.stdout
    before_repair, after_repair = ran.stdout.split("$ reconciler apply --auto-approve --revoke-only")
    assert "globex-bank-metrics → Tenant Queue Metrics in every" in before_repair
    assert "globex-bank/client/metrics    LEAK" in before_repair and "1 leak · exit 8" in before_repair
    assert "acme-retail   PROVED" in after_repair and "0 leaks · exit 0" in after_repair
    assert "acme-retail/client/metrics    CONFIRMED" in after_repair and "LEAK" not in after_repair
    assert list(here.iterdir()) == list(places.iterdir()) == []
    assert _git_status() == before


def _git_status() -> str:
    """What git sees of the directories the demo works from."""
    command = ["git", "status", "--porcelain", "--", "manifests", "secrets", "plan.json"]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True).stdout
