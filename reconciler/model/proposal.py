"""A proposal as a value: what a change of the manifests would mean, by the manifests alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.model.access import Delta
from reconciler.model.address import Address
from reconciler.model.consent import Ground
from reconciler.model.consent import document as approval_document
from reconciler.model.finding import Finding
from reconciler.model.frame import Frame
from reconciler.model.frame import document as frame_document
from reconciler.model.plan import FORMAT_VERSION, finding_document


@dataclass(frozen=True, slots=True)
class Proposal:
    """Of two states of the manifests, what is declared anew, otherwise, or no more, and the access of it.

    `base` and `head` are digests of the manifests, `against` is the revision that they are compared
    with. Subjects and divisions are addresses. `leaks` are those that the manifests show as they are now,
    whoever wrote them; `profiles` name, for reports, the profile that gives an address.
    """

    tool: str
    org_name: str
    organization_id: str
    against: str
    base: str
    head: str
    added: tuple[Address, ...]
    changed: tuple[Address, ...]
    removed: tuple[Address, ...]
    access: Delta
    grounds: tuple[Ground, ...]
    leaks: tuple[Finding, ...]
    frame: Frame = field(default_factory=Frame)
    profiles: Mapping[str, str] = field(default_factory=dict)


def document(proposal: Proposal) -> dict[str, Any]:
    """The proposal as JSON."""
    return {
        "formatVersion": FORMAT_VERSION,
        "tool": proposal.tool,
        "org": {"name": proposal.org_name, "id": proposal.organization_id},
        "against": proposal.against,
        "base": proposal.base or None,
        "head": proposal.head,
        "entries": {
            "added": [str(each) for each in proposal.added],
            "changed": [str(each) for each in proposal.changed],
            "removed": [str(each) for each in proposal.removed],
        },
        "access": {
            "gains": [item._asdict() for item in proposal.access.gains],
            "losses": [item._asdict() for item in proposal.access.losses],
        },
        "approval": approval_document(proposal.grounds),
        "leaks": [finding_document(leak) for leak in proposal.leaks],
        **frame_document(proposal.frame),
    }
