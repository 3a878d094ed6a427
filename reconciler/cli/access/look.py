"""A look at who can use what: of the organisation, of the manifests, or of what a plan would lead to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, get_args

import click

from reconciler import wiring
from reconciler.cli.console import show
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Command, Judged
from reconciler.cli.planning import options
from reconciler.engine.cycle import seen_whole
from reconciler.engine.survey import survey
from reconciler.isolation import queries
from reconciler.isolation.queries import Access
from reconciler.isolation.reach import Reach
from reconciler.model.manifest import Manifests
from reconciler.model.origin import Origin
from reconciler.planning.options import PlanOptions
from reconciler.planning.picture import Picture, State, picture
from reconciler.planning.picture_declared import of_manifests
from reconciler.planning.picture_planned import planned
from reconciler.planning.proof import ground
from reconciler.reports.access_json import row
from reconciler.reports.lines import Line

MOST_ROLES = 256
"""Whose permissions are kept while a matrix is written: those of shared roles, which come again and again."""


def of_option() -> Callable[[Command], Command]:
    """`--of`: which state is asked about."""
    return click.option(
        "--of",
        "state",
        type=click.Choice(get_args(State)),
        default="live",
        show_default=True,
        help="live: the organisation as it is. desired: by the manifests alone, offline; public evidence "
        "stands in for the live catalogue. planned: after the plan that would be made now.",
    )


class Look(NamedTuple):
    """Everybody in one state, and how places in the manifests are told."""

    picture: Picture
    judged: Judged

    @classmethod
    def at(cls, root: Path, given: Global, state: State) -> Look:
        """Read the manifests and, unless they are all that is asked about, the organisation."""
        judged, chosen = Judged(root), options(())
        manifests = judged.manifests()
        if state == "desired":
            return cls(of_manifests(manifests, wiring.public_evidence(), chosen, wiring.registry()), judged)
        return cls(asyncio.run(_picture(manifests, given, chosen, state)), judged)

    def matrix(self) -> Iterator[Access]:
        """Every cell of everybody, in the order in which people look for them."""
        return queries.matrix(Reach(self.picture.people, MOST_ROLES), self.everybody())

    def rows(self, found: Iterable[Access]) -> Iterator[dict[str, str]]:
        """Answers in names."""
        return (row(each, self.picture, self.where) for each in found)

    def everybody(self) -> list[str]:
        """All subjects, as people would look for them."""
        shown = self.picture.shown
        return sorted(self.picture.people.subjects, key=lambda identity: (shown[identity], identity))

    def where(self, origin: Origin) -> str:
        """`file:line` of a node."""
        position = self.judged.locate(origin)
        return f"{position.file}:{position.line}" if position else str(origin)

    def code(self) -> int:
        """7 where something of the organisation was not seen: an answer may be missing."""
        gaps = self.picture.people.gaps
        show((Line(f"not seen: {gap}", "withheld") for gap in gaps), err=True)
        return exit_code(Facts(refused=bool(gaps) and self.picture.state != "desired"))


async def _picture(manifests: Manifests, given: Global, chosen: PlanOptions, state: State) -> Picture:
    async with wiring.session(manifests.org, given.endpoint, read_only=True) as session:
        seen = await survey(session.api, manifests, chosen, session.registry, session.clock)
    known = ground(manifests, seen.live, seen.survey, chosen, session.registry)
    now = picture(known, seen.live, seen.survey)
    if state == "live":
        return now
    return planned(now, manifests, seen_whole(seen.live), chosen, session.registry)
