"""How a look ended, from what it found or what went wrong. Pure."""

from __future__ import annotations

from collections.abc import Collection

from reconciler.errors import (
    LeaseError,
    ManifestError,
    OrgError,
    PartlyVisible,
    ReconcilerError,
    Refused,
    SinkError,
    StalePlan,
    Unfinished,
    UsageError,
    WrongOrganisation,
)
from reconciler.model.address import Address
from reconciler.model.drift import DriftReport
from reconciler.model.watched import Ending

_TOO_MANY = 429
_CHANGES, _LEAK, _INTERRUPTED = 2, 8, 130
_CORRECTED: dict[int, Ending] = {0: "corrected", 4: "withheld", 9: "held", 8: "leak"}


def of_report(report: DriftReport) -> Ending:
    """How an organisation stands that was only looked at."""
    if report.leaks:
        return "leak"
    if report.objects:
        return "drifted"
    return "pending" if report.pending else "as declared"


def of_correction(code: int, seen: DriftReport, done: Collection[Address]) -> tuple[Ending, int]:
    """How it stands after a correction of what was `seen`, and the exit code of the look.

    `code` is that of the correction, `done` what it wrote and saw written. A leak that it did not end is one,
    whatever else it did; without a write nothing was corrected.
    """
    if code != _INTERRUPTED and any(item.leaks and item.address not in done for item in seen.objects):
        return "leak", _LEAK
    if code == 0 and not done:
        return of_report(seen), _CHANGES
    return _CORRECTED.get(code, "failed"), code


def of_error(error: BaseException) -> Ending:
    """Why there is no answer."""
    if isinstance(error, ManifestError):
        return "invalid"
    if isinstance(error, LeaseError | StalePlan):
        return "held"
    if isinstance(error, Refused | WrongOrganisation | PartlyVisible | UsageError):
        return "refused"
    if isinstance(error, OrgError):
        return "limited" if error.status == _TOO_MANY else "unreachable"
    if isinstance(error, SinkError | Unfinished | ReconcilerError):
        return "failed"
    return "bug"
