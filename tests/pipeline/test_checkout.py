"""What somebody commits is neither a reviewed plan, nor code that runs, nor where a file is written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.pipeline.forge import Forge
from tests.pipeline.kept import reviewed, said
from tests.pipeline.machine import REPO

pytestmark = pytest.mark.full
"""Steps of workflows, as real shells run them."""

HOSTILE = "import pathlib, os; pathlib.Path(os.environ['HOME'], 'ran').touch()\n"
CODE = {name: HOSTILE for name in ("zipfile.py", "json.py", "venv.py", "pip/__init__.py", "pip/__main__.py")}
LINKS = ("record", "said.txt", "merged.tsv", "plan.zip", "plan.html", "proposal.txt", "findings.sarif")
BACKEND = """
import zipfile
def build_wheel(place, config_settings=None, metadata_directory=None):
    name, info = "reconciler-1-py3-none-any.whl", "reconciler-1.dist-info/"
    with zipfile.ZipFile(place + "/" + name, "w") as wheel:
        wheel.writestr("reconciler.py", "def main(): print('version 1')")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: reconciler\\nVersion: 1\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "entry_points.txt", "[console_scripts]\\nreconciler = reconciler:main\\n")
        wheel.writestr(info + "RECORD", "")
    return name
"""
PROJECT = """
[project]
name = "reconciler"
version = "1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def linked(forge: Forge) -> Path:
    """Links in the checkout that lead to one file; that file."""
    target = forge.machine.place / "target"
    target.write_text("untouched", "utf-8")
    for name in LINKS:
        (forge.clone / name).symlink_to(target)
    return target


def test_only_what_the_run_fetched_counts_as_reviewed(parroted: Forge) -> None:
    number = parroted.propose("change", {"plans/x/plan.json": "committed", "plans/1/plan.json": "committed"})
    reviewed(parroted, number, "fetched")
    parroted.merge(number)
    told = said(parroted.on_push(), "Apply")
    assert "reviewed: fetched" in told and "committed" not in told


@pytest.mark.parametrize("event", ["push", "pull_request", "schedule"])
def test_nothing_of_the_checkout_runs_or_is_written_through(event: str, parroted: Forge) -> None:
    target = linked(parroted)
    number = parroted.propose("change", CODE)
    reviewed(parroted, number, "fetched")
    if event == "pull_request":
        run = parroted.on_pull_request(number)
    else:
        parroted.merge(number)
        run = {"push": parroted.on_push, "schedule": parroted.on_schedule}[event]()
    assert run.well and run.steps, run.steps
    assert not (parroted.machine.place / "ran").exists() and target.read_text("utf-8") == "untouched"


@pytest.mark.full
def test_installing_runs_nothing_that_lies_beside(tmp_path: Path) -> None:
    source, beside = tmp_path / "source", tmp_path / "beside"
    script = ".github/actions/setup/install"
    for name, text in {
        script: (REPO / script).read_text("utf-8"),
        "requirements.lock": "",
        "backend.py": BACKEND,
        "pyproject.toml": PROJECT,
    }.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, "utf-8")
    for name, text in CODE.items():
        (beside / name).parent.mkdir(parents=True, exist_ok=True)
        (beside / name).write_text(text, "utf-8")
    known = {
        "HOME": str(tmp_path),
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_PATH": str(tmp_path / "path"),
    }
    known |= {"PATH": os.environ["PATH"]}
    (tmp_path / "temp").mkdir()
    ran = subprocess.run(
        ["bash", str(source / script)], cwd=beside, env=known, check=False, capture_output=True, text=True
    )
    assert "version 1" in ran.stdout, ran.stderr
    assert not (tmp_path / "ran").exists()
