"""One digest for one meaning: whatever order files, pages and hash tables come in, and whoever reads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.cli.main import run
from tests.journeys.world import NORTHWIND, World

CANADA = ("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")


def test_the_order_of_files_does_not_matter(settled: World) -> None:
    settled.change(*CANADA)
    digest = settled.run("plan").digest
    files = sorted(settled.root.rglob("*.yaml"))
    for number, file in enumerate(reversed(files)):
        file.rename(settled.root / f"{number}.yml")
    shutil.rmtree(settled.root / "tenants")
    assert settled.run("plan").digest == digest


def test_one_file_means_what_many_mean(settled: World) -> None:
    settled.change(*CANADA)
    digest = settled.run("plan").digest
    texts = [path.read_text("utf-8") for path in sorted(settled.root.rglob("*.yaml"), reverse=True)]
    shutil.rmtree(settled.root)
    settled.write("all.yaml", "\n---\n".join(texts))
    assert settled.run("plan").digest == digest


def test_what_render_prints_means_the_same(settled: World) -> None:
    settled.change(*CANADA)
    digest, rendered = settled.run("plan").digest, settled.run("render").out
    shutil.rmtree(settled.root)
    settled.write("all.yaml", rendered)
    assert settled.run("plan").digest == digest


def test_the_order_of_the_organisations_lists_does_not_matter(settled: World) -> None:
    settled.change(*CANADA)
    for number in range(130):
        settled.drift("POST", "authorization/divisions", {"name": f"Somebody {number}"})
    digest = settled.run("plan").digest
    world = settled.sim.org.live
    for table in (world.divisions, world.roles, world.clients, world.grants):
        table.rows = dict(reversed(table.rows.items()))
    assert settled.run("plan").digest == digest


@pytest.mark.full
def test_the_seed_of_hash_tables_does_not_matter(world: World) -> None:
    """Two processes: validate and render, then the whole plan, as far as it goes without a socket."""
    world.run("plan", "--out", "plan.json")
    digests = {_digest_in_a_process(world.place, seed) for seed in ("1", "2")}
    assert digests == {world.run("plan").digest}


SCRIPT = """
import asyncio, sys
from pathlib import Path
import pytest
from tests.journeys.world import World
world = World(Path(sys.argv[1]), pytest.MonkeyPatch())
print(world.run("plan").digest)
"""


def _digest_in_a_process(place: Path, seed: str) -> str:
    fresh = place / f"seed-{seed}"
    fresh.mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(NORTHWIND.parent)}
    command = [sys.executable, "-c", SCRIPT, str(fresh)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=50
    ).stdout.strip()


def test_reading_twice_gives_one_digest(world: World) -> None:
    assert world.run("plan").digest == world.run("plan").digest
    assert run(["validate", str(world.root)]) == 0
