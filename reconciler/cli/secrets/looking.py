"""What commands about secrets share: how each secret stands now."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from reconciler.engine import rotate as engine
from reconciler.model.address import Selector
from reconciler.model.manifest import Manifests
from reconciler.model.rotation import Standing
from reconciler.planning.options import PlanOptions
from reconciler.wiring import Session

SINKS = """\
  RECONCILER_SECRETS               where file sinks write (default: ./secrets)
"""
"""What these commands take from the environment beside, as a line of their help."""


def instead(root: Path, only: Iterable[Selector], *words: str) -> str:
    """What to type where nobody can be asked; `{digest}` stays open."""
    chosen = [word for selector in only for word in ("--only", str(selector))]
    typed = shlex.join(["reconciler", "secrets", *words[:1], str(root), *words[1:], *chosen])
    escaped = typed.replace("{", "{{").replace("}", "}}")
    return f"review it, then: {escaped} --approved sha256:{{digest}}"


async def standings(session: Session, manifests: Manifests, chosen: PlanOptions) -> tuple[Standing, ...]:
    """One for each entry that `chosen` selects."""
    return await engine.standings(
        session.api, session.sinks, session.clock, manifests, chosen, session.registry
    )
