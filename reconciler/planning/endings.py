"""How a look ended, from what it found or what went wrong. Pure."""

from __future__ import annotations

from reconciler.errors import (
    LeaseError,
    ManifestError,
    OrgError,
    PartlyVisible,
    ReconcilerError,
    Refused,
    SinkError,
    Unfinished,
    UsageError,
    WrongOrganisation,
)
from reconciler.model.drift import DriftReport
from reconciler.model.watched import Ending

_TOO_MANY = 429
_CORRECTED: dict[int, Ending] = {0: "corrected", 4: "withheld", 9: "held"}


def of_report(report: DriftReport) -> Ending:
    """How an organisation stands that was only looked at."""
    if report.leaks:
        return "leak"
    if report.objects:
        return "drifted"
    return "pending" if report.pending else "as declared"


def of_correction(code: int) -> Ending:
    """How it stands after a correction that ended with this exit code."""
    return _CORRECTED.get(code, "failed")


def of_error(error: BaseException) -> Ending:
    """Why there is no answer."""
    if isinstance(error, ManifestError):
        return "invalid"
    if isinstance(error, LeaseError):
        return "held"
    if isinstance(error, Refused | WrongOrganisation | PartlyVisible | UsageError):
        return "refused"
    if isinstance(error, OrgError):
        return "limited" if error.status == _TOO_MANY else "unreachable"
    if isinstance(error, SinkError | Unfinished | ReconcilerError):
        return "failed"
    return "bug"
