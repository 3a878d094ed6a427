"""`access diff`: who can see more than at another time, and who less."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.access.look import Look
from reconciler.cli.console import show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import format_option
from reconciler.errors import UsageError
from reconciler.isolation.difference import difference
from reconciler.reports.access_diff import DIFF_COLUMNS, diff_document, diff_rows, diff_text
from reconciler.reports.access_json import head, write_csv
from reconciler.reports.access_read import Matrix, comparable, read_matrix
from reconciler.reports.documents import dumps
from reconciler.reports.lines import Line

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("diff")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE, required=False)
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    default="manifests",
    show_default=True,
    metavar="DIR",
    help="The manifests' directory; looked at where AFTER is left out.",
)
@format_option("text", "csv", "json", "html")
@click.pass_obj
def diff(given: Global, before: Path, after: Path | None, root: Path, output: str) -> int:
    """Print who gained and who lost access between two files of `access matrix -o json`.

    What crosses a tenant's wall comes first, then every division, Home, the whole organisation, and the
    rest. Without AFTER, BEFORE is compared with what is so now. Two files need neither manifests nor
    organisation. Exit 7 where either reading was partial: what seems gone may not have been seen.
    """
    old = read_matrix(_text(before), str(before))
    new = read_matrix(_text(after), str(after)) if after else _now(root, given, old)
    comparable(old, new, (str(before), str(after or "now")))
    found = difference(old.rows, new.rows, new.home or old.home)
    if output == "csv":
        write_csv(diff_rows(found), sys.stdout, DIFF_COLUMNS)
    elif output == "json":
        click.echo(dumps(diff_document(found, old, new)), nl=False)
    elif output == "html":
        from reconciler.reports.access_diff_page import diff_page  # templates: the others need none

        click.echo(diff_page(found, old, new), nl=False)
    else:
        show(diff_text(found, old, new, width()))
    return _code(old, new)


def _now(root: Path, given: Global, before: Matrix) -> Matrix:
    """The same state as it is now."""
    look = Look.at(root, given, before.state)
    document = {**head(look.picture, {}), "access": list(look.rows(look.matrix()))}
    return Matrix.model_validate(document)


def _code(before: Matrix, after: Matrix) -> int:
    told = [f"not seen at {each.until}: {gap}" for each in (before, after) for gap in each.gaps]
    show((Line(text, "withheld") for text in told), err=True)
    return exit_code(Facts(refused=bool(told) and after.state != "desired"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "give a file that `access matrix -o json` wrote"
        raise UsageError(f"cannot read {path}", remedy=remedy) from error
