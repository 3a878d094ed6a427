"""What stands around the code is in order: workflows and the changelog."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
LINTERS = {
    "zizmor": ["zizmor", "--offline", "--no-progress"],
    "schema": ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
}


@pytest.mark.parametrize("linter", LINTERS)
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_are_sound(linter: str, workflow: Path) -> None:
    program, *options = LINTERS[linter]
    command = [str(Path(sys.executable).with_name(program)), *options, str(workflow)]
    run = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[:1] == ["Unreleased"]
