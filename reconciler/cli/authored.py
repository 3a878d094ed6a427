"""What commands that write manifests share: those that are there, where to write, and the region."""

from __future__ import annotations

from pathlib import Path

import click

standing_argument = click.argument(
    "root", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[ROOT]"
)
"""The manifests of an organisation that is managed already; none where it is not."""

out_option = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write; must not be there yet, or be empty (no default).",
)
region_option = click.option(
    "--region",
    default="",
    envvar="GENESYSCLOUD_REGION",
    metavar="REGION",
    help="The vendor's region, such as eu-central-1 (default: env GENESYSCLOUD_REGION).",
)
