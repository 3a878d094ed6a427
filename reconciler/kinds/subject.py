"""What is alike for everybody who holds pairs: the subjects API, where single grants are seen and changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.model.access import EVERYWHERE, Fact, Holds
from reconciler.model.kind import Step
from reconciler.model.state import Live
from reconciler.model.value import Json, Value

SUBJECTS = "/api/v2/authorization/subjects"
"""Where the vendor shows, adds and takes single grants of any subject."""

SUBJECT_VIEW = f"{SUBJECTS}/{{id}}?includeDuplicates=true"
"""What one subject holds, inherited grants too."""


def direct_pairs(subject: str, answer: Json) -> Mapping[Value, str]:
    """Direct grants only: a grant that names another subject is inherited."""
    return {
        (grant["role"]["id"], grant["division"]["id"]): grant.get("grantMadeAt") or ""
        for grant in answer.get("grants") or ()
        if grant.get("subjectId", subject) == subject
    }


def holds(identity: str, pairs: Iterable[tuple[Value, Value]]) -> Iterable[Fact]:
    """The facts of a subject's pairs."""
    return [Holds(identity, _id(role), _id(division)) for role, division in pairs]


def _id(value: Value) -> str:
    return value if isinstance(value, str) else str(value)


def revocations(live: Live, field: str, lost: Iterable[Value], reason: str) -> tuple[Step, ...]:
    """Requests that take single pairs of `field` away, in order."""
    steps, left = [], live.fields
    for index, pair in enumerate(sorted(lost)):
        left = {**left, field: left[field] - {pair}}
        method, path, body = _revocation(live.id, *pair)
        steps.append(Step(f"revoke-{index}", "request", method, path, body, left, reason))
    return tuple(steps)


def _revocation(subject: str, role: str, division: str) -> tuple[str, str, Json]:
    """One pair; that of every division has no path of its own and goes as a list of one."""
    if division == EVERYWHERE:
        body = {"grants": [{"roleId": role, "divisionId": division}]}
        return "POST", f"{SUBJECTS}/{subject}/bulkremove", body
    return "DELETE", f"{SUBJECTS}/{subject}/divisions/{division}/roles/{role}", None
