"""Trial: a proposal is tried until neither a plan nor a reader has anything to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from reconciler.errors import ReconcilerError
from reconciler.planning.export.check import complaints, kept_back, surplus
from reconciler.planning.export.obstacles import Scene
from reconciler.planning.export.propose import propose
from reconciler.planning.export.values import Obstacle, Proposal


class Unclean(ReconcilerError):
    """A proposal that does not hold, and nothing left to leave out. `why` is what was wrong with it."""

    def __init__(self, why: str) -> None:
        remedy = "nothing was written; this is a mistake of the program, please report it"
        super().__init__(f"what was proposed would not hold: {why}", remedy=remedy)


Check = Callable[[Proposal], Mapping[str, Obstacle]]
"""Writes a proposal and reads it again: what is not to be had of it, by live id."""


def clean(scene: Scene, check: Check) -> Proposal:
    """Propose, and leave out what a plan or a reader objects to, until nobody does.

    Raises:
        Unclean: nothing is left to leave out.
    """
    while True:
        proposal = propose(scene)
        kept, told = kept_back(proposal, scene), complaints(proposal, scene)
        planned = {identity: why for identity, why in told.items() if identity not in kept}
        found = planned or check(proposal)
        if not found:
            return replace(proposal, findings=(*proposal.findings, *surplus(told, scene)))
        if not found.keys() - scene.barred.keys():
            raise Unclean("; ".join(sorted(why.reason for why in found.values())[:3]))
        scene = scene._replace(barred={**found, **scene.barred})
