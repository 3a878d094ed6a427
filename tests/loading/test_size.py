"""Large organisations stay small in manifests, and quick to load."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from reconciler.kinds import REGISTRY
from reconciler.loading import load
from reconciler.model.manifest import Manifests
from reconciler.planning.expand import expand
from tests.architecture.source import ROOT
from tests.loading.diagnose import ORG, TENANT, write


def expanded(root: Path) -> Manifests:
    loaded = load(root, REGISTRY)
    assert loaded.manifests is not None, loaded.findings
    manifests, findings = expand(loaded.manifests, REGISTRY)
    assert findings == ()
    return manifests


def test_meridian_has_its_size() -> None:
    manifests = expanded(ROOT / "tests/manifests/meridian")
    tenants = manifests.tenants
    assert len(tenants) == 14
    assert sum(len(owner.sections["division"]) for owner in tenants) == 38
    assert sum(len(owner.sections["client"]) for owner in tenants) == 45
    assert len(manifests.shared[0].sections["role"]) == 11


def test_the_smallest_tenant_takes_less_than_fifteen_lines() -> None:
    text = (ROOT / "tests/manifests/tinydesk/tenant.yaml").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 15


def test_forty_similar_tenants_take_less_than_three_hundred_lines(tmp_path: Path) -> None:
    meridian = ROOT / "tests/manifests/meridian"
    files: dict[str, str | bytes] = {
        path.name: path.read_text(encoding="utf-8")
        for path in meridian.glob("*.yaml")
        if path.stem != "tenants"
    }
    head = TENANT.removesuffix("\n")
    files["tenants.yaml"] = "---\n".join(
        head.replace("acme", f"t{n}") + f" {{profiles: [standard], divisions: [{{key: main, name: T{n}}}]}}\n"
        for n in range(40)
    )
    manifests = expanded(write(tmp_path, files))
    assert sum(len(owner.sections["client"]) for owner in manifests.tenants) == 120
    assert sum(str(text).count("\n") for text in files.values()) < 300


def honest_tenant(name: str) -> str:
    """Two divisions, three roles, three clients, six grants: about sixty lines."""
    lines = ["  divisions:"]
    for key in ("us", "ca"):
        lines += [
            f"    - key: {key}",
            f"      name: {name.upper()}-{key}",
            f"      description: {name} in {key}",
        ]
    lines.append("  roles:")
    for key in ("a", "b", "c"):
        permissions = "[routing:queue:view, routing:queue:search, analytics:queueObservation:view]"
        lines += [
            f"    - key: {key}",
            f"      name: Role {key} of {name}",
            f"      permissions: {permissions}",
        ]
    lines.append("  clients:")
    for key in ("x", "y", "z"):
        lines += [
            f"    - key: {key}",
            f"      name: {name}-{key}",
            "      tokenSeconds: 3600",
            "      grants:",
        ]
        for role, division in (("a", "us"), ("b", "ca")):
            lines += [f"        - role: {role}", f"          divisions: [{division}]"]
        lines.append("      secret: {sink: local}")
    return TENANT.replace("acme", name) + "\n".join(lines) + "\n"


def seconds(work: Callable[[], object]) -> float:
    """Processor time, without the collector: how long that takes hangs on what the tests before left."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.full
@pytest.mark.timeout(300)
def test_loading_costs_no_more_than_pyyaml_needs_to_parse(tmp_path: Path) -> None:
    """Parsed, checked for secrets, validated, with origins: about as much as PyYAML's C loader alone."""
    texts = [honest_tenant(f"tenant-{number:04}") for number in range(1_000)]
    root = write(tmp_path, {"org.yaml": ORG, **{f"t{n}.yaml": text for n, text in enumerate(texts)}})
    assert load(root, REGISTRY).findings == ()

    ours, theirs = [], []
    for _ in range(5):
        ours.append(seconds(lambda: load(root, REGISTRY)))
        theirs.append(seconds(lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts]))

    assert min(ours) < 1.2 * min(theirs)
