"""One result in the format that was asked for: one of the command's own, or one for pipelines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import show
from reconciler.loading.repository import from_the_top
from reconciler.reports.lines import Line

if TYPE_CHECKING:
    from reconciler.reports.checked import Checked, Remark

Clothes = Mapping[str, Callable[[], str | Iterable[Line]]]
"""By name, what a command prints in a format of its own: a document, or lines."""

PIPELINE = ("github", "sarif", "junit")
"""Formats that are made of findings at places, for every command that has any."""


def wear(output: str, clothes: Clothes, found: Callable[[], Checked]) -> None:
    """Print a result in the format that was asked for: one of `clothes`, or one for pipelines."""
    said = clothes[output]() if output in clothes else _for_pipelines(output, found())
    if isinstance(said, str):
        click.echo(said, nl=False)
    else:
        show(said)


def _for_pipelines(output: str, found: Checked) -> str:
    from reconciler.reports.annotations import annotated
    from reconciler.reports.junit import junit
    from reconciler.reports.sarif import sarif

    writers: dict[str, Callable[[Checked], str]] = {"github": annotated, "sarif": sarif, "junit": junit}
    return writers[output](found._replace(remarks=tuple(map(_placed, found.remarks))))


def _placed(remark: Remark) -> Remark:
    place = remark.place
    return remark._replace(place=place._replace(file=from_the_top(place.file))) if place else remark
