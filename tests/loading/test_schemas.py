"""The published schemas are those of the models, and an editor says what the loader says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from reconciler.kinds import REGISTRY
from reconciler.loading import load, schemas
from tests.architecture.source import ROOT

PUBLISHED = ROOT / "docs/schemas"
MANIFESTS = [ROOT / "manifests", *sorted((ROOT / "tests/manifests").iterdir())]
FILES = [path for root in MANIFESTS for path in sorted(root.rglob("*.yaml"))]


@pytest.mark.parametrize("kind", ["org", "shared", "profile", "tenant"])
def test_the_published_schema_is_current(kind: str) -> None:
    """If not: `reconciler schema KIND > docs/schemas/KIND.schema.json`."""
    published = json.loads((PUBLISHED / f"{kind}.schema.json").read_text(encoding="utf-8"))
    assert published == schemas(REGISTRY)[kind]


@pytest.mark.parametrize("kind", ["org", "shared", "profile", "tenant"])
def test_a_schema_is_one_and_says_what_every_field_is_for(kind: str) -> None:
    schema = schemas(REGISTRY)[kind]
    Draft202012Validator.check_schema(schema)
    assert "$id" not in schema
    assert silent(schema) == []


def silent(schema: dict[str, Any]) -> list[str]:
    """Fields without a description, or optional ones without a default."""
    parts = {"": schema, **schema.get("$defs", {})}
    undescribed = [name for name, part in parts.items() if not part.get("description")]
    return undescribed + [
        f"{name}.{field}"
        for name, part in parts.items()
        for field, inner in part.get("properties", {}).items()
        if not ("$ref" in inner or inner.get("description"))
        or (field not in part.get("required", ()) and "default" not in inner and "$ref" not in inner)
        if (name, field) != ("OrgSpecification", "sinks")
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_manifest_names_its_schema_and_keeps_it(path: Path) -> None:
    first, *_ = path.read_text(encoding="utf-8").splitlines()
    named = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert named.resolve().parent == PUBLISHED

    judge = Draft202012Validator(json.loads(named.read_text(encoding="utf-8")))
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8").replace(": 2027-", ": !!str 2027-")):
        if document is not None:
            judge.validate(document)


@pytest.mark.parametrize("root", MANIFESTS, ids=lambda path: path.name)
def test_our_own_manifests_load_without_a_word(root: Path) -> None:
    assert load(root, REGISTRY).findings == ()
