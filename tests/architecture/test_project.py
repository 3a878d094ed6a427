"""What stands around the code is in order: workflows and the changelog."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.architecture.source import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
ACTIONS = [ROOT / "action.yml", *sorted((ROOT / ".github/actions").glob("*/action.yml"))]
LINTERS: dict[str, tuple[list[str], list[Path]]] = {
    "zizmor": (["zizmor", "--offline", "--no-progress", "--persona", "auditor"], [*WORKFLOWS, *ACTIONS]),
    "workflow-schema": (["check-jsonschema", "--builtin-schema", "vendor.github-workflows"], WORKFLOWS),
    "action-schema": (["check-jsonschema", "--builtin-schema", "vendor.github-actions"], ACTIONS),
}


@pytest.mark.parametrize("linter", LINTERS)
def test_workflows_and_actions_are_sound(linter: str) -> None:
    (program, *options), files = LINTERS[linter]
    command = [str(Path(sys.executable).with_name(program)), *options, *map(str, files)]
    run = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_two_ways_to_set_up_are_one() -> None:
    """A workflow reaches an action of its own repository by path only, and the top is no path."""
    top, own = (yaml.safe_load(path.read_text("utf-8")) for path in ACTIONS)
    assert top["inputs"] == own["inputs"]
    assert str(top["runs"]).replace("/.github/actions/setup/install", "/install") == str(own["runs"])


def test_python_imports_nothing_that_lies_in_a_checkout() -> None:
    """A job runs beside what others committed; Python looks there first unless it is told not to."""
    install = ROOT / ".github/actions/setup/install"
    for path in [*WORKFLOWS, *ACTIONS, install]:
        text = path.read_text("utf-8")
        assert not re.findall(r"python[\d.]*\"? (?!-I )-", text), path.name
        called = path in WORKFLOWS and "workflow_call" in yaml.safe_load(text)[True]
        if called and "actions/checkout@" in text:
            assert yaml.safe_load(text)["env"] == {"PYTHONSAFEPATH": "1"}, path.name
    assert "\nexport PYTHONSAFEPATH=1 " in install.read_text("utf-8")


@pytest.mark.parametrize(("workflow", "job"), [("plan", "proposal"), ("comment", "comment")])
def test_a_job_for_strangers_is_given_no_secret(workflow: str, job: str) -> None:
    """The stories' stand-in takes a fork's secrets away; here none is asked for."""
    whole = yaml.safe_load((ROOT / f".github/workflows/{workflow}.yml").read_text("utf-8"))
    found = whole["jobs"][job]
    assert "environment" not in found and "secrets" not in yaml.safe_dump(found)
    assert whole["permissions"] == {} and "secrets" not in str(whole.get("env", {}))
    if job == "proposal":
        assert found["permissions"] == {"contents": "read"}
        assert "github.token" not in yaml.safe_dump(found)
    else:
        assert "actions/checkout@" not in yaml.safe_dump(found)


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[:1] == ["Unreleased"]
