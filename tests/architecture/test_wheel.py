"""The wheel holds everything that the program needs, and works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hatchling.builders.wheel import WheelBuilder

from reconciler import __version__
from tests.architecture.source import ROOT

pytestmark = pytest.mark.full
"""A wheel is built and installed."""

TOUR = "from reconciler.cli.demo import northwind; print(northwind())"
ENTRANCE = "from reconciler.cli.main import main; main()"


class Installed(NamedTuple):
    """An environment's Python, and where it is called."""

    python: Path
    place: Path

    def __call__(self, *words: str, call: str = ENTRANCE) -> subprocess.CompletedProcess[str]:
        """Type the command, or have Python do something else."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [str(self.python), "-c", call, *words]
        return subprocess.run(command, cwd=self.place, env=kept, capture_output=True, text=True, check=False)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Built as pip builds it."""
    (made,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path / "dist"), versions=["standard"])
    return Path(made)


@pytest.fixture
def run(wheel: Path, tmp_path: Path) -> Installed:
    """The command of an environment that has the wheel, and of ours only what it depends on."""
    place = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    (site,) = place.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    ours = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    (site / "dependencies.pth").write_text(f"{ours}\n", "utf-8")  # its own .pth, of the checkout, is not read
    return Installed(place / "bin/python", tmp_path)


def tracked(folder: str) -> set[str]:
    """What git has, or would take."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.split())


def test_it_holds_every_file_of_the_package_and_the_tours_manifests(wheel: Path) -> None:
    """Data, templates, seeds and schemas too."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        entry = archive.read(f"genesyscloud_reconciler-{__version__}.dist-info/entry_points.txt").decode()
    tour = {f"reconciler/data/{name}" for name in tracked("manifests")}
    assert len(tour) > 3 and tracked("reconciler") | tour == {
        name for name in held if "__pycache__" not in name
    }
    assert "reconciler = reconciler.cli.main:main" in entry


def test_it_works_where_there_is_no_checkout(run: Installed, tmp_path: Path) -> None:
    assert run("--version").stdout == f"reconciler, version {__version__}\n"
    (packaged,) = tmp_path.glob("env/lib/python*/site-packages/reconciler/data/manifests")
    assert run("validate", str(packaged)).returncode == 0
    assert f"{packaged}\n" == run(call=TOUR).stdout
