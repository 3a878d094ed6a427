"""The README's picture: a real plan of the demo organisation, as a terminal shows it.

`python -m tests.docs.picture` makes it anew; a test tells when that is due.
"""

from __future__ import annotations

import asyncio
import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from reconciler import wiring
from reconciler.engine import cycle
from reconciler.planning.options import PlanOptions
from reconciler.reports.lines import STYLES, Line
from reconciler.reports.plan_text import plan_text
from tests.docs.reading import ROOT
from tests.support.clock import START, VirtualLoop
from tests.support.org import connect, simulated

PICTURE = ROOT / "docs" / "plan.svg"
WIDTH = 100


async def _plan_lines() -> tuple[Line, ...]:
    loaded, locator = wiring.read(ROOT / "manifests")
    assert loaded.manifests is not None
    options = PlanOptions(START.date(), f"{START:%Y-%m-%dT%H:%M:%SZ}", "reconciler")
    async with connect(simulated(), read_only=True) as api:
        plan = await cycle.plan(api, loaded.manifests, options, wiring.registry())
    return plan_text(plan, WIDTH, locator.locate)


def draw() -> str:
    """The SVG's text. Everything in it comes from the plan; fonts are the reader's own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        lines = runner.run(_plan_lines())
    console = Console(record=True, width=WIDTH + 2, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(Text("$ reconciler plan", style="bold"))
    for line in lines:
        console.print(Text(line.text, style=STYLES[line.style], no_wrap=False))
    svg = console.export_svg(title="reconciler plan", unique_id="plan")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    """Write the picture."""
    Path(PICTURE).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
