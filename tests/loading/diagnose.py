"""Manifests as text, and what the whole way from files to desired state says about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from reconciler.kinds import REGISTRY
from reconciler.loading import load, locator
from reconciler.model.finding import Finding, errors
from reconciler.planning.expand import expand
from reconciler.planning.offline import Evidence, judge_manifests
from reconciler.planning.resolve import resolve

TODAY = date(2026, 11, 20)
EVIDENCE = Evidence(
    confined=frozenset({"routing:queue:view"}),
    undecided=frozenset(),
    known=frozenset({"routing:queue:view"}),
)

ORG = """\
apiVersion: reconciler/v1
kind: Org
metadata: {name: northwind}
spec:
  region: us-east-1
  organizationId: 6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01
  operator: {client: nw-reconciler}
  sinks: {local: {type: file, path: "{tenant}/{key}.json"}}
"""

TENANT = "apiVersion: reconciler/v1\nkind: Tenant\nmetadata: {name: acme}\nspec:\n"
SHARED = "apiVersion: reconciler/v1\nkind: Shared\nspec:\n"
PROFILE = "apiVersion: reconciler/v1\nkind: Profile\nmetadata: {name: standard}\nspec:\n"


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Put files below a root."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def findings(root: Path) -> tuple[Finding, ...]:
    """Everything that loading, expanding, resolving and judging say, as far as each could go."""
    loaded = load(root, REGISTRY)
    if loaded.manifests is None:
        return loaded.findings
    expanded, found = expand(loaded.manifests, REGISTRY)
    if errors(found):
        return loaded.findings + found
    desired, more = resolve(expanded, REGISTRY, TODAY)
    return (*loaded.findings, *found, *more, *judge_manifests(desired, REGISTRY, EVIDENCE, TODAY))


def place(root: Path, finding: Finding) -> str:
    """`file:line:column`, or "" for a finding about no place."""
    position = locator(root).locate(finding.location) if finding.location else None
    return str(position) if position else ""


def report(root: Path) -> list[str]:
    """One line per finding: place, rule, message."""
    return [f"{place(root, each)} {each.rule} {each.message}".strip() for each in findings(root)]
