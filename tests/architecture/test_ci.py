"""What the pipeline runs, it runs as a pipeline: nothing that is missing may be skipped there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.architecture.source import ROOT


def test_every_step_of_the_pipeline_knows_that_it_is_one(tmp_path: Path) -> None:
    """Also where a person runs it by hand: tests of PostgreSQL are skipped where nothing says CI."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, words in {"make": 'echo "$1 CI=$CI"', "chromium": "true"}.items():
        (tools / name).write_text(f"#!/bin/sh\n{words}\n", "utf-8")
        (tools / name).chmod(0o755)
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    left = {name: value for name, value in os.environ.items() if name != "CI"}
    environment = left | {"PATH": f"{tools}:{os.environ['PATH']}"}
    ran = subprocess.run(
        [tmp_path / ".ci" / "run"], env=environment, capture_output=True, text=True, check=True
    )
    steps = [line.split() for line in ran.stdout.splitlines()]
    assert ["check", "CI=true"] in steps and {said for _, said in steps} == {"CI=true"}, ran.stdout
