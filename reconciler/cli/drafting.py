"""What commands share that write manifests down: the files are read again as `validate` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from reconciler import authoring, wiring
from reconciler.authoring.tree import Tree
from reconciler.cli.manifests import Judged
from reconciler.loading.text import TOO_BIG
from reconciler.model.address import is_name
from reconciler.model.finding import Finding, Severity
from reconciler.model.manifest import Manifests
from reconciler.model.origin import Origin
from reconciler.planning.export.check import INVALID
from reconciler.planning.export.entries import UNSAID
from reconciler.planning.export.trial import Unclean
from reconciler.planning.export.values import Obstacle, Proposal
from reconciler.planning.resolve import manifest_digest, resolve


class NameType(click.ParamType[str]):
    """An installation's name."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it; a usage error says what a name is."""
        if not is_name(str(value)):
            self.fail(f"`{value}` is not a name: a-z, 0-9 and inner -, at most 40", param, ctx)
        return str(value)


NAME = NameType()


def check(proposal: Proposal, tree: Tree) -> Mapping[str, Obstacle]:
    """Write the proposal, read it as `validate` does, and say which objects it was about."""
    tree.fill(authoring.files(proposal, wiring.registry()))
    judged = Judged(tree.root)
    found: dict[str, Obstacle] = {}
    for finding in judged.findings:
        if finding.severity is not Severity.WARNING:
            reason = f"{finding.message} [{finding.rule}]"
            found[_about(finding, proposal, judged)] = Obstacle(INVALID, reason, UNSAID)
    if not found and _meaning(judged.manifests()) != _meaning(proposal.manifests):
        raise Unclean("the files do not say what was planned")
    return found


def _meaning(manifests: Manifests) -> str:
    """The digest of what manifests mean today."""
    desired, _ = resolve(manifests, wiring.registry(), wiring.today().date())
    return manifest_digest(desired)


def _about(finding: Finding, proposal: Proposal, judged: Judged) -> str:
    """The live id of the entry that a finding is about.

    Raises:
        Unclean: it is about none, so that leaving something out would not mend it.
    """
    place = finding.location
    if place is not None and place.document < 0 and finding.rule != TOO_BIG:
        place = _entry_at(place, proposal, judged)
    path = place.path if place is not None else ()
    if place is None or len(path) < 3 or (place.file, path[1], path[2]) not in proposal.at:
        raise Unclean(f"{finding.address}: {finding.message} [{finding.rule}]")
    return proposal.at[place.file, str(path[1]), int(path[2])]


def _entry_at(place: Origin, proposal: Proposal, judged: Judged) -> Origin | None:
    """The last entry that begins before a line of the text, or the first of all: its name names the file."""
    line = int(place.path[0])
    origins = (Origin(file, 0, ("spec", section, index)) for file, section, index in proposal.at)
    found = [(judged.locate(origin), origin) for origin in origins if origin.file == place.file]
    lines = sorted((position.line, origin) for position, origin in found if position)
    before = [origin for start, origin in lines if start <= line]
    return before[-1] if before else next((origin for _, origin in lines), None)
