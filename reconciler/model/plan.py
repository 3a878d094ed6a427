"""The plan: what differs and why, the operations that carry it out, and the digest people approve.

Pure data: it can be printed, mailed, stored, compared and refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from reconciler.model.access import Delta
from reconciler.model.address import OPERATOR, Address
from reconciler.model.consent import Ground
from reconciler.model.consent import document as approval_document
from reconciler.model.finding import Finding
from reconciler.model.frame import Frame
from reconciler.model.frame import document as frame_document
from reconciler.model.kind import Action
from reconciler.model.origin import Origin
from reconciler.model.policy import PolicyReview
from reconciler.model.policy import document as policy_document
from reconciler.model.value import Json

FORMAT_VERSION = "1"
"""Of the plan document; a reader refuses another one."""

Cause = Literal["manifest", "drift", "unknown"]
Does = Literal["request", "wait", "deliver", "prove"]


class FieldChange(NamedTuple):
    """One field that differs, as JSON. Of a set only the elements that differ are shown."""

    path: str
    live: Json
    desired: Json


class Withheld(NamedTuple):
    """What a guard holds back: which guard, why, and the way to release it."""

    guard: str
    reason: str
    release: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference at one address and why.

    `id` is "" until the object is created, `profile` where no profile gives it.
    """

    address: Address
    action: Action
    name: str
    id: str
    cause: Cause
    reason: str
    fields: tuple[FieldChange, ...] = ()
    withheld: Withheld | None = None
    origin: Origin | None = None
    profile: str = ""


class Edge(NamedTuple):
    """This operation waits for operation `id`, and why; with `whatever` also when that one failed."""

    id: str
    reason: str
    whatever: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One request, wait, delivery or proof.

    `path` may hold `{ADDRESS}` and `body` `{"$ref": ADDRESS}` for ids unknown until apply; a marked
    description is `{"$marked": TEXT, "address": ADDRESS, "nonce": "new"|"keep"|null}`, and
    `"suspended": true` and `"granted": true` beside them where the marker says so, `"hash8": HASH8` where it
    goes on saying what was last written. A wait's body is
    `{"seconds": N}`, a delivery's `{"sink": NAME, "path": PATH, "store": TEXT}`, the text
    saying what stands behind the sink's name. `wakes` says that it switches something on that was off; no
    document says so.
    """

    id: str
    address: Address
    does: Does
    method: str
    path: str
    body: Json
    after: tuple[Edge, ...] = ()
    reason: str = ""
    wakes: bool = False


class Summary(NamedTuple):
    """Counts of what runs; `withheld` are changes, `orphans` and `unchanged` objects."""

    create: int = 0
    update: int = 0
    delete: int = 0
    adopt: int = 0
    revoke: int = 0
    withheld: int = 0
    orphans: int = 0
    unchanged: int = 0


class Estimate(NamedTuple):
    """What carrying it out costs: requests, and seconds at the organisation's rate with its waits."""

    requests: int
    seconds: int


def is_loan(address: Address, action: Action) -> bool:
    """Whether our own client only borrows: shown, but counted nowhere. Returning leftovers counts."""
    return address == OPERATOR and action == "update"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a reviewer is shown and an apply carries out.

    `created_at` is an ISO 8601 UTC time; `unmanaged` maps a manifest section to the names of live
    objects that are not ours; `orphans` are ours but no longer declared; `grounds` say what consent it
    needs, the gravest first; `policy` compares its policy with another revision's. For reports, `names`
    maps ids to what people call them, and `living` the addresses of orphans to what lives there, by type.
    """

    tool: str
    org_name: str
    organization_id: str
    created_at: str
    manifest_digest: str
    only: tuple[str, ...]
    allow: Mapping[str, int]
    summary: Summary
    changes: tuple[Change, ...]
    operations: tuple[Operation, ...]
    access: Delta
    findings: tuple[Finding, ...]
    unmanaged: Mapping[str, tuple[str, ...]]
    orphans: tuple[str, ...]
    estimate: Estimate
    digest: str
    grounds: tuple[Ground, ...] = ()
    frame: Frame = field(default_factory=Frame)
    policy: PolicyReview | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    living: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def running(self) -> tuple[Change, ...]:
        """The changes that no guard holds back."""
        return tuple(change for change in self.changes if change.withheld is None)

    @property
    def withheld(self) -> tuple[Change, ...]:
        """The changes that a guard holds back."""
        return tuple(change for change in self.changes if change.withheld is not None)


def change_document(change: Change) -> dict[str, Any]:
    """A change as it stands in the plan document."""
    return {
        "address": str(change.address),
        "action": change.action,
        "name": change.name,
        "id": change.id or None,
        "cause": change.cause,
        "reason": change.reason,
        "fields": [item._asdict() for item in change.fields],
        "withheld": change.withheld._asdict() if change.withheld else None,
        "origin": str(change.origin) if change.origin else None,
        "profile": change.profile or None,
    }


def operation_document(operation: Operation) -> dict[str, Any]:
    """An operation as it stands in the plan document."""
    return {
        "id": operation.id,
        "address": str(operation.address),
        "does": operation.does,
        "method": operation.method or None,
        "path": operation.path or None,
        "body": operation.body,
        "after": [_edge(edge) for edge in operation.after],
        "reason": operation.reason,
    }


def _edge(edge: Edge) -> dict[str, Any]:
    said = {"id": edge.id, "reason": edge.reason}
    return {**said, "whatever": True} if edge.whatever else said


def finding_document(finding: Finding) -> dict[str, Any]:
    """A finding as it stands in every JSON document."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "address": finding.address,
        "message": finding.message,
        "remedy": finding.remedy,
        "witness": list(finding.witness),
        "location": str(finding.location) if finding.location else None,
    }


def document(plan: Plan) -> dict[str, Any]:
    """The plan document of the contract, ready for JSON."""
    return {
        "formatVersion": FORMAT_VERSION,
        "tool": plan.tool,
        "org": {"name": plan.org_name, "id": plan.organization_id},
        "createdAt": plan.created_at,
        "manifestDigest": plan.manifest_digest,
        "only": list(plan.only),
        "allow": dict(plan.allow),
        "summary": plan.summary._asdict(),
        "changes": [change_document(change) for change in plan.changes],
        "operations": [operation_document(operation) for operation in plan.operations],
        "access": {
            "gains": [item._asdict() for item in plan.access.gains],
            "losses": [item._asdict() for item in plan.access.losses],
        },
        "approval": approval_document(plan.grounds),
        "policy": policy_document(plan.policy) if plan.policy else None,
        "findings": [finding_document(finding) for finding in plan.findings],
        "unmanaged": {section: list(names) for section, names in plan.unmanaged.items()},
        "orphans": list(plan.orphans),
        "estimate": plan.estimate._asdict(),
        **frame_document(plan.frame),
        "digest": plan.digest,
    }
