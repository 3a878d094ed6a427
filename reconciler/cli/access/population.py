"""`access population`: everybody there is, for an auditor."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

from reconciler import wiring
from reconciler.cli.access.look import Look
from reconciler.cli.console import show, width
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.planning import options
from reconciler.engine.survey import groups, survey
from reconciler.isolation.boundaries import Boundaries
from reconciler.model.access import title
from reconciler.model.manifest import Manifests
from reconciler.model.sight import OPEN
from reconciler.planning.options import PlanOptions
from reconciler.planning.picture import Picture, picture
from reconciler.planning.proof import ground
from reconciler.planning.roster import Known, known, roster, with_groups
from reconciler.reports.access_json import head, write_answer, write_csv
from reconciler.reports.population_json import POPULATION_COLUMNS, somebody, table_row
from reconciler.reports.population_text import population_text


class _Seen(NamedTuple):
    """Everybody, what confines them, and what the organisation says of each beside."""

    picture: Picture
    bounds: Boundaries
    told: Mapping[str, Known]


@click.command("population")
@root_argument
@format_option("text", "csv", "json")
@click.pass_obj
def population(given: Global, root: Path, output: str) -> int:
    """Print everybody there is and everybody who holds anything: one row each, for an auditor.

    Clients, users, groups and people of other organisations; whose they are, since when, what they
    hold, directly or through a group, where it is declared, who answers for exceptions, and why they
    reach which tenant.
    """
    judged = Judged(root)
    seen = asyncio.run(_seen(judged.manifests(), given, options(())))
    look = Look(seen.picture, judged)
    if output == "csv":
        rows = (table_row(each, seen.picture) for each in _rows(seen, look))
        write_csv(rows, sys.stdout, POPULATION_COLUMNS)
    elif output == "json":
        write_answer(head(seen.picture, {}), _rows(seen, look), sys.stdout, "population")
    else:
        show(population_text(_rows(seen, look), width()))
    return look.code()


def _rows(seen: _Seen, look: Look) -> Iterator[dict[str, Any]]:
    everybody = roster(seen.picture.people, seen.bounds, seen.told, look.everybody())
    return (somebody(each, seen.picture, look.where) for each in everybody)


async def _seen(manifests: Manifests, given: Global, chosen: PlanOptions) -> _Seen:
    besides = [OPEN["groups"]]
    async with wiring.session(manifests.org, given.endpoint, read_only=True, besides=besides) as session:
        registry = session.registry
        listed = await groups(session.api)
        read = await survey(session.api, manifests, chosen, registry, session.clock)
    known_so = ground(manifests, read.live, read.survey, chosen, registry)
    now = picture(known_so, read.live, read.survey)
    people = with_groups(now.people, listed.entities, listed.gap, registry)
    shown = {each.id: title(each.sort, each.name) for each in people.subjects.values()} | {**now.shown}
    return _Seen(
        now._replace(people=people, shown=shown),
        known_so.bounds,
        known(read.live, read.survey, listed.entities, registry),
    )
