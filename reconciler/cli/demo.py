"""`demo`: the whole story against a simulated organisation, every command as it can be typed by hand."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import click

from reconciler.cli.colleagues import meddle, move_in
from reconciler.cli.console import show
from reconciler.cli.simulate import exports
from reconciler.errors import ReconcilerError
from reconciler.reports.lines import Line
from reconciler.simulator import Settings, Simulator, serve

RATE = 30_000
"""Requests a minute in the demo's organisation. A real one lets a client ask 300."""


@click.command("demo")
@click.option(
    "--keep", is_flag=True, help="Leave the organisation running at the end, with the exports to paste."
)
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), help="Loopback port; 0 (default) takes a free one."
)
def command(keep: bool, port: int) -> int:
    """Play the day: plan, apply, nothing to do; a suspension; a leak proved, seen and closed.

    Everything happens on this machine, in a directory of its own; no account is needed.
    """
    with _workplace(keep) as place:
        simulator = Simulator(settings=Settings(rate_limit=f"{RATE}/60"))
        return asyncio.run(Story(place, keep, simulator).play(port))


@contextmanager
def _workplace(keep: bool) -> Iterator[Path]:
    """A directory with a copy of the Northwind manifests."""
    place = Path(tempfile.mkdtemp(prefix="reconciler-demo-"))
    try:
        shutil.copytree(northwind(), place / "manifests")
        yield place
    finally:
        if not keep:
            shutil.rmtree(place)


def northwind() -> Path:
    """The demo organisation: inside the installed package, or beside it in a checkout."""
    packaged = Path(str(resources.files("reconciler"))) / "data" / "manifests"
    beside = Path(str(resources.files("reconciler"))).parent / "manifests"
    return packaged if packaged.is_dir() else beside


class Story:
    """The acts, one after another, each a real process."""

    def __init__(self, place: Path, keep: bool, simulator: Simulator) -> None:
        self._place = place
        self._keep = keep
        self._simulator = simulator

    async def play(self, port: int) -> int:
        """Serve the organisation and play; 0 when every act ended as it should."""
        async with serve(self._simulator, port=port) as url:
            environment = _environment(url, self._place)
            _act("A simulated Genesys Cloud organisation with people and queues, and nothing of ours.")
            _note(f"It answers at {url}; a real one lets a client ask 300 times a minute, this one {RATE:,}.")
            await self._acts(environment)
            if self._keep:
                self._tell_how_to_go_on(url)
                await asyncio.Event().wait()
        _note("The tour is over and has cleaned up after itself; `reconciler demo --keep` leaves it running.")
        return 0

    async def _acts(self, environment: Mapping[str, str]) -> None:
        _act("1. The manifests in git say who may reach what. Are they right?")
        await self._type("validate", environment)
        _act("2. What would change, and who could then see what?")
        await self._type("plan --out plan.json", environment)
        _act("3. Approve exactly that, by its digest. Secrets go to ./secrets and nowhere else.")
        digest = json.loads((self._place / "plan.json").read_text(encoding="utf-8"))["digest"]
        await self._type(f"apply --approved sha256:{digest}", environment)
        _act("4. Again: nothing to do, nothing written.")
        await self._type("apply --auto-approve", environment)
        move_in(self._simulator)
        _act(
            "5. A tenant has an incident: all its access ends now, and no pipeline brings it back by itself."
        )
        await self._type("suspend globex-bank --auto-approve", environment)
        _act("6. At night a colleague helps out and gives one of its clients a role in `*`, by hand.")
        meddle(self._simulator)
        await self._type("drift", environment, ends=8)
        _act("7. The proof names the leak with its path; the client's own token shows what it now sees.")
        await self._type("prove", environment, ends=8)
        await self._type("probe", environment, ends=8)
        _act("8. What nobody declared is taken back. Proof and tokens agree again.")
        await self._type("apply --auto-approve --revoke-only", environment)
        await self._type("prove", environment)
        await self._type("probe", environment)

    async def _type(self, line: str, environment: Mapping[str, str], ends: int = 0) -> None:
        """Run one command as a person would, in a process of its own; it must end with that code."""
        show([Line(f"$ reconciler {line}", "title")])
        sys.stdout.flush()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "reconciler", *line.split(), cwd=self._place, env=environment
        )
        if (code := await process.wait()) != ends:
            raise ReconcilerError(
                f"`reconciler {line}` ended with exit {code}", remedy="the lines above say why"
            )

    def _tell_how_to_go_on(self, url: str) -> None:
        _act("It keeps running until Ctrl-C. In another terminal:")
        history = f"export RECONCILER_STATE={_history(self._place)}"
        lines = [f"cd {self._place}", *exports(url, "operator", "operator-secret"), history]
        lines += ["reconciler plan", "reconciler history"]
        show([Line(f"  {line}") for line in lines])


def _act(text: str) -> None:
    show([Line(""), Line(text, "title")])


def _note(text: str) -> None:
    show([Line(text, "muted")])


def _environment(url: str, place: Path) -> dict[str, str]:
    """The caller's environment, pointed at the simulated organisation, with the demo's own history.

    `CI` is left out: the files a CI job writes vanish, and so do this demo's on purpose.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GENESYSCLOUD_", "RECONCILER_")) and name != "CI"
    }
    said = dict(
        line.removeprefix("export ").split("=", 1) for line in exports(url, "operator", "operator-secret")
    )
    return {**kept, **said, "RECONCILER_STATE": str(_history(place))}


def _history(place: Path) -> Path:
    return place / "history.sqlite"
