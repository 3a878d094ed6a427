"""`schema`: the published JSON Schemas."""

from __future__ import annotations

import click

from reconciler import wiring
from reconciler.model.documents import DOCUMENTS
from reconciler.reports.documents import dumps

MANIFESTS = ("org", "shared", "profile", "tenant")
NAMES = MANIFESTS + DOCUMENTS


@click.command("schema")
@click.argument("name", type=click.Choice(NAMES))
def command(name: str) -> int:
    """Print the JSON Schema (2020-12) of a manifest kind or of a command's JSON.

    Editors take the manifests' schemas through the line `# yaml-language-server: $schema=PATH`.
    """
    click.echo(dumps(wiring.schema(name)), nl=False)
    return 0
