"""Generated organisations on disk, measured in fresh processes: what the tests beside this ask of."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from reconciler import wiring
from tests.benchmarks import generate, organisation
from tests.benchmarks.measure import MANIFESTS, PAGES

ROOT = Path(__file__).parents[2]


def world(place: Path, tenants: int) -> Path:
    """Manifests and recorded answers for that many tenants, below `place`; made once."""
    root = place / str(tenants)
    if not root.exists():
        (root / MANIFESTS).mkdir(parents=True)
        generate.write(root / MANIFESTS, tenants)
        loaded = wiring.read(root / MANIFESTS)[0]
        assert loaded.manifests is not None, loaded.findings[:3]
        organisation.record(loaded.manifests, root / PAGES)
    return root


def measured(what: str, root: Path) -> dict[str, Any]:
    """What `measure` says in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.measure", what, str(root)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
