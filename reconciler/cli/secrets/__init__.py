"""`secrets`: how the clients' secrets stand, and what replaces or delivers them. Never shows one."""

from __future__ import annotations

import click

from reconciler.cli.planning import SIGNING_IN
from reconciler.cli.secrets.recover import recover
from reconciler.cli.secrets.rotate import rotate
from reconciler.cli.secrets.status import status


@click.group("secrets", epilog=SIGNING_IN)
def command() -> None:
    """Say how the clients' secrets stand, replace them, or deliver those that never arrived."""


for each in (status, rotate, recover):
    command.add_command(each)
