"""Everything that can go wrong, what it means for the exit code, and whether trying again helps.

ReconcilerError
├── UsageError           the command line or the environment is off            exit 1
├── ManifestError        an author must change a file                          exit 3
├── OrgError             the organisation answered badly or not at all         exit 7
│   ├── WrongOrganisation  the token's organisation is not the pinned one
│   ├── PartlyVisible    something was not fully read; absence cannot be proven
│   ├── Refused          401, 403: fix the credential or its role
│   ├── Unreadable       an answer that is not what the vendor documents
│   ├── Rejected         400, 404, 409 …: this request will not succeed as it is
│   └── Unavailable      no connection, time-out, 429, 5xx; `sent` tells if a write may have been committed
├── LeaseError           this run may not write, or no longer               exit 9
│   ├── LeaseHeld          another run holds the lease
│   └── LeaseLost          the lease is no longer ours, or nobody can say so
├── StalePlan            what was approved is not what would run               exit 6
├── SinkError            a secret could not be delivered                       exit 5
├── JournalError         the journal or the history cannot be used            exit 1
└── Unfinished           something ended the run after a write was sent     exit 5

Messages start in lower case, say what happened and where, and end with what to do.
They never hold a secret or a whole response body.
"""

from __future__ import annotations


class ReconcilerError(Exception):
    """The root: anything we raise on purpose. `remedy` is the sentence that says what to do."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message}\n  {remedy}" if remedy else message)


class UsageError(ReconcilerError):
    """The command line or the environment cannot be acted on."""


class ManifestError(ReconcilerError):
    """The manifests are invalid; the findings say where."""


class OrgError(ReconcilerError):
    """The organisation answered badly. `correlation` is the vendor's id to quote to their support."""

    def __init__(
        self, message: str, *, remedy: str = "", status: int = 0, code: str = "", correlation: str = ""
    ) -> None:
        self.status = status
        self.code = code
        self.correlation = correlation
        super().__init__(message, remedy=remedy)


class WrongOrganisation(OrgError):
    """The credentials belong to another organisation than the manifests pin."""


class PartlyVisible(OrgError):
    """A reading is incomplete: what it does not show may be there all the same."""


class Refused(OrgError):
    """401 or 403: the credential is wrong, expired or lacks a permission."""


class Unreadable(OrgError):
    """An answer that cannot be what the vendor documents: HTML, cut JSON, a page that lost entities."""


class Rejected(OrgError):
    """A 4xx that repeating will not mend; `status` tells 404 and 409 apart."""


class Unavailable(OrgError):
    """No answer, a time-out, 429 or 5xx. `sent` is False only where the request surely never left."""

    def __init__(
        self, message: str, *, sent: bool, status: int = 0, remedy: str = "", correlation: str = ""
    ) -> None:
        self.sent = sent
        super().__init__(message, remedy=remedy, status=status, correlation=correlation)


class LeaseError(ReconcilerError):
    """One run at a time writes to an organisation, and it is not this one."""


class LeaseHeld(LeaseError):
    """Another run holds the lease."""


class LeaseLost(LeaseError):
    """The lease was ours and may be no longer: nothing more may be sent."""


class StalePlan(ReconcilerError):
    """The organisation or the manifests moved since the plan was approved."""


class SinkError(ReconcilerError):
    """A secret sink refused or could not be proven writable."""


class JournalError(ReconcilerError):
    """The journal or the history cannot be opened, read or written; never tells a password."""


class Unfinished(ReconcilerError):
    """A bug, the journal or the lease ended the run after a write; the cause is chained."""
