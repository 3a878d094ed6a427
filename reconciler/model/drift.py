"""Drift as a value: what somebody changed in the organisation, and what it lets people do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from reconciler.model.access import Access, Delta
from reconciler.model.address import Address
from reconciler.model.drift_policy import Acknowledged, Correct
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import Action
from reconciler.model.plan import FORMAT_VERSION, Cause, FieldChange, finding_document


class Granted(NamedTuple):
    """A pair that nobody declared. `at` is when it was granted (ISO 8601), "" where it is not said."""

    role: str
    division: str
    at: str


class Hand(NamedTuple):
    """What the vendor's audits say of the last change: who (name or id), when (ISO 8601), their word for it.

    `by` is "" where they name nobody, everything where they have no entry.
    """

    by: str = ""
    at: str = ""
    did: str = ""


class Pending(NamedTuple):
    """A difference that the manifests made: the next apply does `action`."""

    address: Address
    action: Action


class Leak(NamedTuple):
    """Access that crosses a tenant's walls, and the finding that says which."""

    access: Access
    finding: Finding


@dataclass(frozen=True, slots=True)
class Drifted:
    """One object that is not what we last wrote.

    `fields` tell what it is and what is declared; `modified_by` is a name or an id and `modified_at`
    ISO 8601, both "" where only the audit API would know; `access` is what the object gives and takes
    compared with what is declared; `leaks` is what of it crosses a tenant's walls. `narrows` says whether
    taking access away alone puts some of it right, `by_hand` whether a hand gave all that this takes, and
    no manifests removed any of it; `remains` whether something is left then;
    `lost_roles` are those that it does not hold and should; `hand` is what audits say, None where nobody
    asked them. `acknowledged` are the entries of the Org document that cover it, none for what counts.
    """

    address: Address
    name: str
    id: str
    cause: Cause
    severity: Severity
    fields: tuple[FieldChange, ...]
    modified_by: str = ""
    modified_at: str = ""
    granted: tuple[Granted, ...] = ()
    access: Delta = field(default_factory=Delta)
    leaks: tuple[Leak, ...] = ()
    narrows: bool = False
    by_hand: bool = False
    remains: bool = True
    lost_roles: tuple[str, ...] = ()
    hand: Hand | None = None
    acknowledged: tuple[Acknowledged, ...] = ()


class Correction(NamedTuple):
    """What may be done about drift: narrowed `now`, put right after an `approval`, or `left` to people."""

    policy: Correct = "detect"
    now: tuple[Address, ...] = ()
    approval: tuple[Address, ...] = ()
    left: tuple[Address, ...] = ()

    @property
    def does(self) -> str:
        """What a scheduled run may do unasked, in one word."""
        return "downwards" if self.now else "none"


@dataclass(frozen=True, slots=True)
class DriftReport:
    """Everything that was changed behind our back, the gravest first.

    `read_at` is ISO 8601, UTC; `access` is that of all drifted objects together; `unchanged` counts
    objects that are as declared; `names` maps ids to what people call them, for reports. `objects` are
    those that count, `acknowledged` those that somebody answers for, which are in no number but their
    own; `notices` is what is to be said about acknowledgements that cover nothing. `audits` is why the
    vendor's audits told nothing, "" if they did; `operator_id` is our own client's id.
    """

    tool: str
    org_name: str
    organization_id: str
    read_at: str
    only: tuple[str, ...]
    objects: tuple[Drifted, ...]
    access: Delta
    pending: tuple[Pending, ...]
    unchanged: int
    names: Mapping[str, str] = field(default_factory=dict)
    acknowledged: tuple[Drifted, ...] = ()
    correction: Correction = field(default_factory=Correction)
    notices: tuple[Finding, ...] = ()
    audits: str = ""
    operator_id: str = ""

    @property
    def leaks(self) -> int:
        """How many of the objects let somebody cross a tenant's walls."""
        return sum(bool(item.leaks) for item in self.objects)

    @property
    def unasked(self) -> int:
        """How many of the objects do not say who wrote them, and no audit did."""
        return sum(not item.modified_by and item.hand is None for item in self.objects)


def document(report: DriftReport) -> dict[str, Any]:
    """The drift document of the contract, ready for JSON."""
    return {
        "formatVersion": FORMAT_VERSION,
        "tool": report.tool,
        "org": {"name": report.org_name, "id": report.organization_id},
        "readAt": report.read_at,
        "only": list(report.only),
        "summary": {
            "objects": len(report.objects),
            "leaks": report.leaks,
            "gains": len(report.access.gains),
            "losses": len(report.access.losses),
            "acknowledged": len(report.acknowledged),
            "pending": len(report.pending),
            "unchanged": report.unchanged,
        },
        "objects": [_drifted(item) for item in report.objects],
        "access": _access(report.access),
        "correct": report.correction.does,
        "correction": _correction(report.correction),
        "acknowledged": [_tolerated(item) for item in report.acknowledged],
        "notices": [finding_document(each) for each in report.notices],
        "audits": {"unasked": report.unasked, "trouble": report.audits or None},
        "pending": [{"address": str(item.address), "action": item.action} for item in report.pending],
    }


def _drifted(item: Drifted) -> dict[str, Any]:
    return {
        "address": str(item.address),
        "name": item.name,
        "id": item.id,
        "cause": item.cause,
        "severity": str(item.severity),
        "fields": [change._asdict() for change in item.fields],
        "modifiedBy": item.modified_by or None,
        "modifiedAt": item.modified_at or None,
        "granted": [{**pair._asdict(), "at": pair.at or None} for pair in item.granted],
        "access": _access(item.access),
        "leaks": [finding_document(leak.finding) for leak in item.leaks],
        "audit": _audit(item.hand),
    }


def _audit(hand: Hand | None) -> dict[str, Any] | None:
    return hand and {"by": hand.by or None, "at": hand.at or None, "action": hand.did or None}


def _tolerated(item: Drifted) -> dict[str, Any]:
    """An object that somebody answers for; of several entries all are told."""
    by = [
        {"drift": str(each.drift), "fields": sorted(each.fields), **asdict(each.share)}
        for each in item.acknowledged
    ]
    return {**_drifted(item), "acknowledged": by}


def _correction(found: Correction) -> dict[str, Any]:
    lists = {"only": found.now, "approval": found.approval, "left": found.left}
    return {"policy": found.policy, **{name: list(map(str, each)) for name, each in lists.items()}}


def _access(delta: Delta) -> dict[str, Any]:
    return {
        "gains": [item._asdict() for item in delta.gains],
        "losses": [item._asdict() for item in delta.losses],
    }
