"""Whether a process said or wrote down a secret: all that the organisation drew, in nine spellings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reconciler.simulator import Simulator
from tests.faults.case import Violation
from tests.support.canary import finds

_THEIRS = ("secrets", "manifests")
"""Where secrets belong, and what no run writes."""


def listen(sim: Simulator, known: list[str]) -> list[str]:
    """To `known` is added every secret and token that it draws from here on, delivered or not."""
    draw = sim.org.sequence.new_secret

    def heard(kind: str) -> str:
        known.append(draw(kind))
        return known[-1]

    sim.org.sequence.new_secret = heard  # type: ignore[method-assign]
    return known


def leaked(place: Path, secrets: list[str]) -> Iterator[Violation]:
    """Those that stand in a file below, what processes said among them, but for their sink."""
    for path in sorted(each for each in place.rglob("*") if each.is_file()):
        if path.relative_to(place).parts[0] not in _THEIRS:
            for find in finds(path.read_bytes(), secrets):
                yield Violation("I14 secrets unsaid", f"{path.name} says one, spelt as {find.spelling}")
