"""The matrix, who can, why, and why not."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.access.look import Look, of_option
from reconciler.cli.console import show, width
from reconciler.cli.main import Global
from reconciler.cli.manifests import format_option, root_argument
from reconciler.isolation import queries
from reconciler.isolation.queries import Access
from reconciler.isolation.reach import Reach
from reconciler.planning import asked
from reconciler.planning.picture import State
from reconciler.reports.access_answers import matrix_text, who_can_text, why_not_text, why_text
from reconciler.reports.access_json import head, refusal, write_answer, write_csv
from reconciler.reports.documents import dumps

_WALL = "division"


@click.command("matrix")
@root_argument
@of_option()
@format_option("text", "csv", "json", "html")
@click.pass_obj
def matrix(given: Global, root: Path, state: State, output: str) -> int:
    """Print every (subject, permission, place) with the grant that gives it."""
    look = Look.at(root, given, state)
    cells = look.matrix()
    if output == "csv":
        write_csv(look.rows(cells), sys.stdout)
    elif output == "json":
        write_answer(head(look.picture, {}), look.rows(cells), sys.stdout)
    elif output == "html":
        from reconciler.reports.access_page import (
            matrix_page,
        )  # templates, which the others need not wait for

        click.echo(matrix_page(look.picture, look.rows(cells)), nl=False)
    else:
        found = (each.cell.access(each.subject) for each in cells if each.cell.said == each.cell.permission)
        show(matrix_text(found, look.picture.people, look.picture.shown, width()))
    return look.code()


@click.command("who-can")
@click.argument("permission")
@click.argument("division")
@root_argument
@of_option()
@format_option("text", "csv", "json")
@click.pass_obj
def who_can(given: Global, permission: str, division: str, root: Path, state: State, output: str) -> int:
    """Print everybody who can use PERMISSION in DIVISION (a name, an id, or * for every one), and why."""
    look = Look.at(root, given, state)
    wall = asked.wall(look.picture, division, _WALL)
    rows = look.rows(queries.who_can(Reach(look.picture.people), look.everybody(), permission, wall))
    if output == "csv":
        write_csv(rows, sys.stdout)
    elif output == "json":
        said = {"permission": permission, "division": division}
        write_answer(head(look.picture, said), rows, sys.stdout)
    else:
        show(who_can_text(rows, width()))
    return look.code()


@click.command("why")
@click.argument("subject")
@click.argument("permission")
@click.argument("division")
@root_argument
@of_option()
@format_option("text", "json")
@click.pass_obj
def why(
    given: Global, subject: str, permission: str, division: str, root: Path, state: State, output: str
) -> int:
    """Say whether SUBJECT can use PERMISSION in DIVISION, and why or why not.

    SUBJECT is an address, a name or an id.
    """
    look = Look.at(root, given, state)
    people, identity = look.picture.people, asked.subject(look.picture, subject)
    reach, wall = Reach(people), asked.wall(look.picture, division, _WALL)
    said = {"subject": look.picture.shown[identity], "permission": permission, "division": division}
    rows = list(look.rows(queries.why(reach, identity, permission, wall)))
    missed = queries.why_not(reach, identity, permission, wall)
    if output == "json" and rows:
        write_answer(head(look.picture, said), rows, sys.stdout)
    elif output == "json":
        click.echo(dumps(refusal(head(look.picture, said), missed, people)), nl=False)
    elif rows:
        show(why_text(said, rows, width()))
    else:
        held = look.rows(Access(identity, cell) for cell in missed.elsewhere)
        show(why_not_text(said, missed, held, people, width()))
    return look.code()
