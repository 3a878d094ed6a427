"""Imports go the way that the architecture says, and the command line starts without the heavy ones."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import PURE, ROOT

HEAVY = {"httpx", "pydantic", "deepdiff", "jsonschema", "sqlalchemy"}
ASK_FOR_HELP = """
import sys
from reconciler.cli.main import main
sys.argv = ["reconciler", "--help"]
try:
    main()
except SystemExit as stopped:
    assert not stopped.code, stopped.code
print(*sys.modules, file=sys.stderr)
"""


def test_imports_keep_the_contracts() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_contract_on_decisions_names_every_pure_package() -> None:
    """import-linter refuses packages that do not exist yet, so the contract grows with the tree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["id"]: each for each in project["tool"]["importlinter"]["contracts"]}
    present = [f"reconciler.{name}" for name in PURE if (ROOT / "reconciler" / name / "__init__.py").exists()]
    assert present == contracts["pure"]["source_modules"]


@pytest.mark.skipif(not (ROOT / "reconciler/cli/main.py").exists(), reason="there is no command line yet")
def test_help_loads_nothing_heavy() -> None:
    """People ask for help often, and completion asks on every key."""
    command = [sys.executable, "-c", ASK_FOR_HELP]
    run = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
    assert HEAVY & set(run.stderr.split()) == set()
