"""Mending: which lines of the manifests would end a finding, or why none would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reconciler.model.finding import Finding
from reconciler.model.patch import Edit
from reconciler.model.state import Resource
from reconciler.planning.adopting import declared
from reconciler.planning.located import located
from reconciler.planning.owning import own_role
from reconciler.planning.yard import Yard

APPLY = "the manifests say otherwise: `reconciler apply` puts it back"


def mend(findings: Iterable[Finding], yard: Yard) -> tuple[Finding, ...]:
    """The findings about ids, each with the edits that can be made and its entry's place."""
    entries = {item.id: yard.situation.desired.resources[at] for at, item in yard.found.bound.items()}
    return tuple(_mended(finding, entries.get(finding.address), yard) for finding in findings)


def _mended(finding: Finding, entry: Resource | None, yard: Yard) -> Finding:
    place = entry.origin if entry else None
    if not finding.edits:
        return replace(finding, location=place)
    edits: list[Edit] = []
    for edit in finding.edits:
        made = _made(edit, finding.address, entry, yard)
        if isinstance(made, str):
            remedy = APPLY if made == APPLY else f"{finding.remedy}; no patch: {made}"
            return replace(finding, edits=(), location=place, remedy=remedy)
        edits += made
    place = place.child(*edits[0].steps) if place and edits[0].does != "add" else place
    return replace(finding, edits=tuple(edits), location=place)


def _made(edit: Edit, about: str, entry: Resource | None, yard: Yard) -> tuple[Edit, ...] | str:
    """The edit with its place, or why it cannot be made."""
    if edit.does == "declare":
        return APPLY if entry else declared(edit.value, yard)
    if entry is None:
        return "no manifest declares it"
    if edit.does == "replace":
        return own_role(edit.value, about, entry.address, yard) or APPLY
    return located((edit,), entry) or APPLY
