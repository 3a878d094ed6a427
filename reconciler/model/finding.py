"""Findings: a judgement about a manifest, a live object or a state, with its witness and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from reconciler.model.origin import Origin
from reconciler.model.patch import Edit


class Severity(StrEnum):
    """How bad it is. `error` and `warning` are about manifests, the others about access."""

    CRITICAL = "critical"
    ERROR = "error"
    HIGH = "high"
    WARNING = "warning"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Bond(StrEnum):
    """What a link of a witness about access is."""

    SUBJECT = "subject"
    BECOMES = "becomes"
    GROUP = "group"
    ROLE = "role"
    PATTERN = "pattern"
    PERMISSION = "permission"


class Link(NamedTuple):
    """One link of a witness about access; `place` names where a role is held or a permission reaches."""

    bond: Bond
    text: str
    place: str = ""

    def __str__(self) -> str:
        """The link as it stands in a witness."""
        if self.bond is Bond.GROUP:
            return f"member of {self.text}"
        if self.bond is Bond.PATTERN:
            return f"as {self.text}"
        return f"{self.text} in {self.place}" if self.place else self.text


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement.

    `rule` is `family/slug` and never changes; `address` is an address, a kind, a file or "";
    `message` starts in lower case and says what is so; `remedy` says what to do; `witness` is the
    shortest chain that shows it; `location` the manifest's node, `related` further nodes to cite;
    `hint` is a few words for the caret line; `edits` are what manifests could say to mend it; `path` is a
    witness about access link by link, to be drawn.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str = ""
    address: str = ""
    witness: tuple[str, ...] = ()
    location: Origin | None = None
    related: tuple[Origin, ...] = ()
    hint: str = ""
    edits: tuple[Edit, ...] = ()
    path: tuple[Link, ...] = ()


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that make manifests unusable."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
