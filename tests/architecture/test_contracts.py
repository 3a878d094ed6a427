"""Imports go the way that the architecture says, and the command line starts without the heavy ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

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


@pytest.mark.skipif(not (ROOT / "reconciler/cli/main.py").exists(), reason="there is no command line yet")
def test_help_loads_nothing_heavy() -> None:
    """People ask for help often, and completion asks on every key."""
    command = [sys.executable, "-c", ASK_FOR_HELP]
    run = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
    assert HEAVY & set(run.stderr.split()) == set()
