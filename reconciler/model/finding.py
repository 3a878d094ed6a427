"""Findings: a judgement about a manifest, a live object or a state, with its witness and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement.

    `rule` is `family/slug` and never changes; `address` is an address, a kind, a file or "";
    `message` starts in lower case and says what is so; `remedy` says what to do; `witness` is the
    shortest chain that shows it; `location` the manifest's node, `related` further nodes to cite;
    `hint` is a few words for the caret line; `edits` are what manifests could say to mend it.
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


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that make manifests unusable."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
