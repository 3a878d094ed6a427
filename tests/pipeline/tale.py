"""How a story is told while it is played: what happens, and what has to be true then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.pipeline.workflow import Run

Say = Callable[[str], None]


@dataclass(frozen=True)
class Tale:
    """`say` gets each line; `print` for people, `silent` for tests."""

    say: Say

    def happens(self, text: str) -> None:
        """Somebody does something."""
        self.say(f"\n● {text}")

    def ran(self, run: Run) -> None:
        """Which jobs ran, and how they ended."""
        for job in run.jobs:
            self.say(f"    {job.name:<24} {run.results[job.name]}")

    def holds(self, claim: str, true: bool, why: object = "") -> None:
        """What must be true now; else the story ends here."""
        assert true, f"not so: {claim}; {why}"
        self.say(f"  ✓ {claim}")


def silent(line: str) -> None:
    """For tests, where an assertion says enough."""
