"""`access`: the matrix, who can, why, what became of it. Never writes."""

from __future__ import annotations

import click

from reconciler.cli.access.answers import matrix, who_can, why
from reconciler.cli.access.diff import diff
from reconciler.cli.access.population import population
from reconciler.cli.planning import SIGNING_IN


@click.group("access", epilog=SIGNING_IN)
def command() -> None:
    """Answer who can use what, where, and why: for clients, users, groups and whoever holds a grant."""


for each in (matrix, who_can, why, diff, population):
    command.add_command(each)
