"""What commands share about manifests: the ROOT argument, and reading with every mistake told."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click

from reconciler import wiring
from reconciler.cli.console import show, width
from reconciler.cli.telling import tell
from reconciler.errors import ManifestError
from reconciler.model.address import ORG
from reconciler.model.finding import Finding, errors
from reconciler.model.manifest import Manifests
from reconciler.model.origin import Origin, Position
from reconciler.planning.alone import faults_alone
from reconciler.planning.offline import judge_manifests
from reconciler.planning.options import PlanOptions
from reconciler.planning.resolve import resolve
from reconciler.reports.findings_text import findings_text

Command = TypeVar("Command", bound=Callable[..., Any])

root_argument = click.argument(
    "root", default="manifests", type=click.Path(path_type=Path, file_okay=False), metavar="[ROOT]"
)
"""The manifests' directory; `manifests` when none is given."""


def format_option(*formats: str) -> Callable[[Command], Command]:
    """`-o`: which clothing the same facts wear."""
    return click.option(
        "-o",
        "--output",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How results are written to stdout.",
    )


class Judged:
    """Manifests with everything that can be said about them without an organisation."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise ManifestError(
                f"there is no directory `{root}`", remedy="give the manifests' directory as ROOT"
            )
        loaded, self._locator = wiring.read(root)
        self._root = root
        self.files = loaded.files
        self.findings = loaded.findings
        self._manifests = loaded.manifests
        if loaded.manifests is not None and not errors(loaded.findings):
            self.findings += meaning(loaded.manifests)

    def faults(self) -> tuple[Finding, ...]:
        """What is wrong beside mistakes, as far as manifests show it; nothing where they are unusable."""
        if self._manifests is None or errors(self.findings):
            return ()
        now = wiring.today()
        desired, _ = resolve(self._manifests, wiring.registry(), now.date())
        return faults_alone(desired, wiring.registry(), PlanOptions(now.date(), "", ""))

    def locate(self, origin: Origin) -> Position | None:
        """The position of a node, its file as an editor finds it from here."""
        position = self._locator.locate(origin)
        return position and position._replace(file=(self._root / position.file).as_posix())

    def where(self, origin: Origin | None, address: str = "") -> Position | None:
        """The position of a node; else of what is declared at an address, its owner, or the organisation."""
        place = (
            origin or self._origins.get(address.strip("{}")) or self._origins.get(address.partition("/")[0])
        )
        place = place or self._origins.get(ORG)
        return self.locate(place) if place else None

    @property
    def owners(self) -> tuple[str, ...]:
        """Tenants by name, and before them the organisation; none where the manifests cannot be read."""
        found = self._manifests
        return (ORG, *(tenant.name for tenant in found.tenants)) if found else ()

    @cached_property
    def _origins(self) -> dict[str, Origin]:
        """Where owners and, as far as they can be resolved, addresses are declared."""
        found = self._manifests
        if found is None:
            return {}
        origins = {tenant.name: tenant.origin for tenant in found.tenants} | {ORG: found.org.origin}
        if errors(self.findings):
            return origins
        desired, _ = resolve(found, wiring.registry(), wiring.today().date())
        return origins | {str(address): item.origin for address, item in desired.resources.items()}

    def manifests(self) -> Manifests:
        """The manifests, if no mistake makes them unusable.

        Raises:
            ManifestError: after every mistake has been told on stderr.
        """
        if self._manifests is None or errors(self.findings):
            show(findings_text(self.findings, self.files, self.locate, width()), err=True)
            raise ManifestError("", remedy="")
        tell(self._manifests)
        return self._manifests


def meaning(manifests: Manifests) -> tuple[Finding, ...]:
    """References, shares and isolation by the manifests alone."""
    registry, now = wiring.registry(), wiring.today().date()
    desired, found = resolve(manifests, registry, now)
    if errors(found):
        return found
    return found + judge_manifests(desired, registry, wiring.public_evidence(), now)
