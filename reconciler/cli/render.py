"""`render`: the manifests with every profile expanded."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler import wiring
from reconciler.authoring.render import render
from reconciler.cli.manifests import Judged, root_argument


@click.command("render")
@root_argument
def command(root: Path) -> int:
    """Print the manifests below ROOT as one YAML stream without profiles.

    Loading what is printed gives the same plan, to the digest.
    """
    click.echo(render(Judged(root).manifests(), wiring.registry()), nl=False)
    return 0
