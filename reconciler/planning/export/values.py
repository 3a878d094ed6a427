"""What an export is made of: what was asked, what goes into which document, and what stays out of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from reconciler.model.finding import Finding, Severity
from reconciler.model.manifest import Entry, Manifests, Org, Owner
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.planning.offline import Evidence

SHARE_DAYS = 90
"""How long a share lasts that an export has to assume: somebody must look at it before."""

SHARE_OWNER = "CHANGE-ME@example.invalid"
"""Who answers for such a share until somebody says so."""


class Brief(NamedTuple):
    """What an export goes by: the identity to write down, today (UTC), and what is known of permissions."""

    org: Org
    today: date
    evidence: Evidence


class Obstacle(NamedTuple):
    """Why an object stays out: the rule of its finding, how bad that is, the reason and what to do."""

    rule: Rule
    reason: str
    remedy: str
    severity: Severity = Severity.WARNING


class LeftOut(NamedTuple):
    """An object that stays unmanaged, and the owner and section where it would have stood.

    `referred` says that it is declared all the same, as an object that is not ours.
    """

    live: Live
    owner: str
    section: str
    obstacle: Obstacle
    referred: bool = False

    @property
    def finding(self) -> Finding:
        """The same as people are told."""
        item, why = self.live, self.obstacle
        address = f"{self.owner}/{item.kind}/{item.id}"
        message = f"{item.kind} {shown(item.name)} stays unmanaged: {why.reason}"
        return Finding(why.rule, why.severity, message, why.remedy, address)


class Item(NamedTuple):
    """One entry of a document: the object it means, its specification, and why it stands there."""

    live: Live
    spec: Any
    why: str


@dataclass(slots=True)
class Document:
    """A Tenant, or what is shared (owner `org`): entries by kind name, in the order they are written."""

    owner: str
    file: str
    why: tuple[str, ...]
    sections: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    left: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything that is written, and everything that is said about it.

    `manifests` are the documents as loading would give them; `at` finds the live id an entry means by
    its file, section and index; `adopting` are ids that are not ours yet.
    """

    manifests: Manifests
    documents: tuple[Document, ...]
    left: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    adopting: frozenset[str]
    at: Mapping[tuple[str, str, int], str]

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenants' names, sorted."""
        return tuple(owner.name for owner in self.manifests.tenants)


def owner_of(document: Document, sections: Mapping[str, str]) -> Owner:
    """The document as loading would give it; `sections` are the kinds' sections by their names."""
    top = Origin(document.file)
    found = {
        kind: tuple(
            Entry(item.spec, top.child("spec", sections[kind], index)) for index, item in enumerate(items)
        )
        for kind, items in document.sections.items()
    }
    return Owner(document.owner, found, top)


_LONGEST = 60
_RUN = re.compile("[A-Za-z0-9+/_=-]{24,}")
_TOLD = re.compile(r"(?i)((?:secret|pass[a-z]*|token|key|credentials?)\W{0,3}[:=]).+")
_WORDS = re.compile("(?![a-fA-F]+$)[A-Za-z/_-]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def shown(name: str) -> str:
    """A name as it may stand in a comment or a message: on one line, nothing hidden, not endless.

    What might be a secret that somebody typed into a name is not repeated.
    """
    text = name if name.isprintable() else ascii(name)[1:-1]
    text = _TOLD.sub(r"\1…", _RUN.sub(_cut, text)).replace(": ", ":").replace("-----", "-")
    return f"`{text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}`"


def _cut(run: re.Match[str]) -> str:
    return run[0] if _WORDS.fullmatch(run[0]) else f"{run[0][:8]}…"
