"""Documents: a validation as JSON, any document as text, and a plan read back.

What stands in a plan and in an apply is said beside their values (`model.plan`, `model.outcome`).
Canonical enough to be compared by people: indented, UTF-8, keys in the order of the contract.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reconciler.errors import UsageError
from reconciler.model import plan
from reconciler.model.access import Access, Delta
from reconciler.model.address import Address
from reconciler.model.consent import Ground
from reconciler.model.consent import document as approval_document
from reconciler.model.finding import Finding, Severity
from reconciler.model.frame import Expiry, Frame, Revision
from reconciler.model.plan import Change, Edge, Estimate, FieldChange, Operation, Plan, Summary, Withheld
from reconciler.model.policy import HeldUnder, PolicyReview
from reconciler.model.value import Json
from reconciler.reports.findings_text import Locate
from reconciler.reports.lines import json_text
from reconciler.reports.schemas import schema

_AGAIN = "make the plan again with this version: reconciler plan --out FILE"


def dumps(document: Mapping[str, Any]) -> str:
    """A document as the text that is printed and saved, its end of line included."""
    return json_text(document, indent=2) + "\n"


def validate_document(
    findings: Sequence[Finding],
    files: int,
    locate: Locate,
    patch: Callable[[Sequence[Finding]], str] = lambda findings: "",
) -> dict[str, Any]:
    """The validate document: findings with file, line and column, and the diff that mends them, if any."""
    return {
        "formatVersion": plan.FORMAT_VERSION,
        "files": files,
        "findings": [_placed(each, locate) | {"patch": patch([each]) or None} for each in findings],
    }


def lint_document(
    findings: Sequence[Finding], files: int, locate: Locate, skipped: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """The lint document; `skipped` are names of files and why they were not read."""
    left = [{"file": file, "reason": reason} for file, reason in skipped]
    return {
        "formatVersion": plan.FORMAT_VERSION,
        "files": files,
        "findings": [_placed(finding, locate) for finding in findings],
        "skipped": left,
    }


def _placed(finding: Finding, locate: Locate) -> dict[str, Any]:
    origin = finding.location
    position = locate(origin) if origin else None
    return {
        **plan.finding_document(finding),
        "file": position.file if position else origin.file if origin else None,
        "line": position.line if position else None,
        "column": position.column if position else None,
    }


def read_plan(text: str, source: str = "the plan") -> Plan:
    """The plan that a document holds, without names and origins; `source` is said in errors.

    Raises UsageError where `text` is no plan document of our version. Whether it is the plan that
    was approved, its digest tells; that is the caller's question.
    """
    data = _parsed(text, source)
    version = data.get("formatVersion") if isinstance(data, dict) else None
    if version != plan.FORMAT_VERSION:
        raise UsageError(
            f"{source} has formatVersion {version_said(version)}, this version reads {plan.FORMAT_VERSION!r}",
            remedy=_AGAIN,
        )
    _check(data, source)
    try:
        return _plan(data)
    except ValueError:
        trouble = f"{source} is no plan: it holds a value that no plan holds"
    raise UsageError(trouble, remedy=_AGAIN)


def _parsed(text: str, source: str) -> Json:
    try:
        return json.loads(text)
    except ValueError as error:
        trouble = str(error)
    raise UsageError(f"{source} is not JSON: {trouble}", remedy=_AGAIN)  # and json's own error holds it all


def version_said(version: Json) -> str:
    """A version of a document as it stands; of anything else, which may be any file's content, nothing."""
    known = version is None or (isinstance(version, str) and len(version) < 10)
    return repr(version) if known else "of another sort"


def _check(data: Json, source: str) -> None:
    from jsonschema import Draft202012Validator  # costs 0.1 s to import, and few commands read a plan
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(schema("plan")).iter_errors(data))
    if error is not None:
        place = "/".join(str(step) for step in error.absolute_path) or "its top"
        # Not in the library's words: they quote the file, and somebody may have named a wrong one.
        trouble = f"at {place}, it breaks `{error.validator}` of its schema (reconciler schema plan)"
        raise UsageError(f"{source} is no plan: {trouble}", remedy=_AGAIN)


def _plan(data: Json) -> Plan:
    return Plan(
        tool=data["tool"],
        org_name=data["org"]["name"],
        organization_id=data["org"]["id"],
        created_at=data["createdAt"],
        manifest_digest=data["manifestDigest"],
        only=tuple(data["only"]),
        allow=data["allow"],
        summary=Summary(**data["summary"]),
        changes=tuple(_change(each) for each in data["changes"]),
        operations=tuple(_operation(each) for each in data["operations"]),
        access=Delta(
            tuple(Access(**each) for each in data["access"]["gains"]),
            tuple(Access(**each) for each in data["access"]["losses"]),
        ),
        grounds=_grounds(data["approval"]),
        policy=_policy(data["policy"]),
        findings=tuple(_finding(each) for each in data["findings"]),
        unmanaged={section: tuple(names) for section, names in data["unmanaged"].items()},
        orphans=tuple(data["orphans"]),
        estimate=Estimate(**data["estimate"]),
        digest=data["digest"],
        frame=_frame(data),
    )


def _frame(data: Json) -> Frame:
    """What stands around it, without origins."""
    told = [{**each, "origin": None} for each in data["expiries"]]
    return Frame(
        revision=Revision(**data["revision"]) if data["revision"] else None,
        catalogue=data["catalogue"] or "",
        unseen=tuple(data["unseen"]),
        expiries=tuple(Expiry(**each) for each in told),
    )


def _grounds(data: Json) -> tuple[Ground, ...]:
    """The grounds, which have to lead to the class that stands above them; raises ValueError."""
    grounds = tuple(
        Ground(each["class"], each["address"], each["message"], tuple(each["asked"]))
        for each in data["grounds"]
    )
    if approval_document(grounds) != data:
        raise ValueError("the approval contradicts its grounds")
    return grounds


def _policy(data: Json) -> PolicyReview | None:
    if data is None:
        return None
    held = tuple(HeldUnder(**each) for each in data["held"])
    return PolicyReview(data["base"], held, data["unclear"] or "")


def _change(data: Json) -> Change:
    return Change(
        address=Address.parse(data["address"]),
        action=data["action"],
        name=data["name"],
        id=data["id"] or "",
        cause=data["cause"],
        reason=data["reason"],
        fields=tuple(FieldChange(**each) for each in data["fields"]),
        withheld=Withheld(**data["withheld"]) if data["withheld"] else None,
        profile=data["profile"] or "",
    )


def _operation(data: Json) -> Operation:
    return Operation(
        id=data["id"],
        address=Address.parse(data["address"]),
        does=data["does"],
        method=data["method"] or "",
        path=data["path"] or "",
        body=data["body"],
        after=tuple(Edge(**each) for each in data["after"]),
        reason=data["reason"],
    )


def _finding(data: Json) -> Finding:
    return Finding(
        rule=data["rule"],
        severity=Severity(data["severity"]),
        message=data["message"],
        remedy=data["remedy"],
        address=data["address"],
        witness=tuple(data["witness"]),
    )
