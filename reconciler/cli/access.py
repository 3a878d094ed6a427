"""`access`: the matrix, who can, and why. Never writes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from reconciler import wiring
from reconciler.cli.console import show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import SIGNING_IN, options
from reconciler.engine.survey import survey
from reconciler.isolation import queries
from reconciler.isolation.queries import Access
from reconciler.isolation.reach import Reach
from reconciler.model.manifest import Manifests
from reconciler.model.origin import Origin
from reconciler.planning import asked
from reconciler.planning.proof import Ground, ground
from reconciler.reports.access_answers import matrix_text, who_can_text, why_not_text, why_text
from reconciler.reports.access_json import answer, refusal, row, write_csv
from reconciler.reports.documents import dumps
from reconciler.reports.lines import Line

_WALL = "division"


class Look(NamedTuple):
    """Everybody who was seen, and how places in the manifests are told."""

    ground: Ground
    judged: Judged

    @classmethod
    def at(cls, root: Path, given: Global) -> Look:
        """Read the manifests and the organisation."""
        judged = Judged(root)
        return cls(asyncio.run(_ground(judged.manifests(), given)), judged)

    def rows(self, found: Iterable[Access]) -> Iterator[dict[str, str]]:
        """Answers in names."""
        people, shown = self.ground.people, self.ground.shown
        return (row(each, people, shown, self.where) for each in found)

    def everybody(self) -> list[str]:
        """All subjects, as people would look for them."""
        return sorted(self.ground.shown, key=lambda identity: (self.ground.shown[identity], identity))

    def where(self, origin: Origin) -> str:
        """`file:line` of a node."""
        position = self.judged.locate(origin)
        return f"{position.file}:{position.line}" if position else str(origin)

    def code(self) -> int:
        """7 where something was not seen: an answer may be missing."""
        for gap in self.ground.people.gaps:
            show([Line(f"not seen: {gap}", "withheld")], err=True)
        return exit_code(Facts(refused=bool(self.ground.people.gaps)))


async def _ground(manifests: Manifests, given: Global) -> Ground:
    chosen = options(())
    async with wiring.session(manifests.org, given.endpoint, read_only=True) as session:
        seen = await survey(session.api, manifests, chosen, session.registry, session.clock)
        return ground(manifests, seen.live, seen.survey, chosen, session.registry)


@click.group("access", epilog=SIGNING_IN)
def command() -> None:
    """Answer who can use what, where, and why: for clients, users, groups and whoever holds a grant."""


@command.command("matrix")
@root_argument
@format_option("text", "csv", "json")
@click.pass_obj
def matrix(given: Global, root: Path, output: str) -> int:
    """Print every (subject, permission, place) with the grant that gives it."""
    look = Look.at(root, given)
    people, shown = look.ground.people, look.ground.shown
    cells = queries.matrix(Reach(people), look.everybody())
    rows = look.rows(cells)
    if output == "csv":
        write_csv(rows, sys.stdout)
    elif output == "json":
        click.echo(dumps(answer({}, rows)), nl=False)
    else:
        found = (each.cell.access(each.subject) for each in cells if each.cell.said == each.cell.permission)
        show(matrix_text(found, people, shown, width()))
    return look.code()


@command.command("who-can")
@click.argument("permission")
@click.argument("division")
@root_argument
@format_option("text", "csv", "json")
@click.pass_obj
def who_can(given: Global, permission: str, division: str, root: Path, output: str) -> int:
    """Print everybody who can use PERMISSION in DIVISION (a name, an id, or * for every one), and why."""
    look = Look.at(root, given)
    wall = asked.wall(look.ground, division, _WALL)
    rows = look.rows(queries.who_can(Reach(look.ground.people), look.everybody(), permission, wall))
    if output == "csv":
        write_csv(rows, sys.stdout)
    elif output == "json":
        click.echo(dumps(answer({"permission": permission, "division": division}, rows)), nl=False)
    else:
        show(who_can_text(rows, width()))
    return look.code()


@command.command("why")
@click.argument("subject")
@click.argument("permission")
@click.argument("division")
@root_argument
@format_option("text", "json")
@click.pass_obj
def why(given: Global, subject: str, permission: str, division: str, root: Path, output: str) -> int:
    """Say whether SUBJECT can use PERMISSION in DIVISION, and why or why not.

    SUBJECT is an address, a name or an id.
    """
    look = Look.at(root, given)
    reach, identity = Reach(look.ground.people), asked.subject(look.ground, subject)
    wall = asked.wall(look.ground, division, _WALL)
    said = {"subject": look.ground.shown[identity], "permission": permission, "division": division}
    rows = list(look.rows(queries.why(reach, identity, permission, wall)))
    missed = queries.why_not(reach, identity, permission, wall)
    if output == "json":
        people = look.ground.people
        found = answer(said, iter(rows)) if rows else refusal(said, missed, people)
        click.echo(dumps(found), nl=False)
    elif rows:
        show(why_text(said, rows, width()))
    else:
        held = look.rows(Access(identity, cell) for cell in missed.elsewhere)
        show(why_not_text(said, missed, held, look.ground.people, width()))
    return look.code()
