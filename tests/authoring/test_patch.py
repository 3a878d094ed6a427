"""Edits as a diff: the lines they are about change, and all else stays as somebody wrote it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.authoring import patch
from reconciler.kinds import REGISTRY
from reconciler.model.origin import Origin
from reconciler.model.patch import Edit, put, swap

FILE = "tenants/acme.yaml"
TEXT = """\
# Who we are.
---
kind: Org           # first
---
# Acme, in two countries.
kind: Tenant
spec:
  roles:
    - key: reader
      permissions:
        - a:b:view  # the wallboard's
        - {permission: c:d:view, conditions: {any: 1}}
  clients:
    - key: desk     # everybody's
      tokenSeconds: 86401
      scopes: ["oauth", 'users:readonly']

  grants: []
"""
CLIENT = Origin(FILE, 1, ("spec", "clients", 0))
ROLE = Origin(FILE, 1, ("spec", "roles", 0))
SPEC = REGISTRY["role"].spec.model_validate({"key": "new", "name": "New", "permissions": ["a:b:view"]})
NEW = Edit("add", ("spec", "roles"), SPEC, note="Why.", at=(Origin(FILE, 1),))


def at(edit: Edit, *places: Origin) -> Edit:
    return edit._replace(at=places)


def changed(*edits: Edit, text: str = TEXT) -> list[str]:
    """The lines that differ."""
    lines = patch(edits, lambda file: text, "").splitlines()
    return [line for line in lines if line[0] in "+-" and not line.startswith(("+++", "---"))]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            at(put("tokenSeconds", 86_401, 3600), CLIENT),
            ["-      tokenSeconds: 86401", "+      tokenSeconds: 3600"],
        ),
        (
            at(swap("scopes", "oauth", "oauth:readonly"), CLIENT),
            [
                """-      scopes: ["oauth", 'users:readonly']""",
                """+      scopes: ["oauth:readonly", 'users:readonly']""",
            ],
        ),
        (
            at(swap("permissions", "a:b:view", "a:b:edit"), ROLE),
            ["-        - a:b:view  # the wallboard's", "+        - a:b:edit  # the wallboard's"],
        ),
        (
            at(swap("permissions", "c:d:view", "c:d:edit"), ROLE),
            [
                "-        - {permission: c:d:view, conditions: {any: 1}}",
                "+        - {permission: c:d:edit, conditions: {any: 1}}",
            ],
        ),
        (
            at(swap("permissions", "c:d:view", None), ROLE),
            ["-        - {permission: c:d:view, conditions: {any: 1}}"],
        ),
        (
            NEW,
            [
                "+    # Why.",
                "+    - key: new",
                "+      name: New",
                "+      permissions: [a:b:view]",
            ],
        ),
    ],
)
def test_only_the_lines_that_an_edit_is_about_change(edit: Edit, lines: list[str]) -> None:
    assert changed(edit) == lines


def test_what_is_there_already_is_not_listed_twice() -> None:
    edit = at(swap("scopes", "oauth", "users:readonly"), CLIENT)
    assert changed(edit)[1] == "+      scopes: ['users:readonly']"


def test_an_edit_is_made_where_its_field_stands_and_nowhere_else() -> None:
    """An entry of a profile, overridden in a tenant: one of both says it."""
    elsewhere = Origin(FILE, 0, ())
    edit = put("tokenSeconds", 86_401, 3600)
    assert changed(at(edit, elsewhere, CLIENT)) == changed(at(edit, CLIENT))
    assert changed(at(edit, elsewhere)) == []
    assert changed(at(edit, Origin(FILE, 1, ("spec", "clients", 7)))) == []


def test_one_edit_that_mends_two_findings_is_made_once() -> None:
    assert changed(NEW, NEW) == changed(NEW)


def test_a_section_is_made_where_there_is_none_and_an_empty_one_filled() -> None:
    made = NEW._replace(steps=("spec", "divisions"))
    assert changed(made)[0] == "+  divisions:"
    filled = changed(NEW._replace(steps=("spec", "grants")))
    assert filled[:2] == ["-  grants: []", "+  grants:"]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("below", ["", "manifests"])
def test_git_applies_it(tmp_path: Path, ends: str, below: str) -> None:
    text = TEXT.replace("\n", ends).removesuffix(ends)
    file = tmp_path / below / FILE
    file.parent.mkdir(parents=True)
    file.write_bytes(text.encode())
    edits = [at(put("tokenSeconds", 86_401, 3600), CLIENT), NEW]
    diff = patch(edits, lambda name: (tmp_path / below / name).read_bytes().decode(), below)
    (tmp_path / "remedy.diff").write_bytes(diff.encode())
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "remedy.diff"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    new = file.read_bytes().decode()
    assert f"tokenSeconds: 3600{ends}" in new and f"# Why.{ends}" in new
    assert new.startswith(f"# Who we are.{ends}---{ends}kind: Org           # first{ends}---{ends}# Acme")
