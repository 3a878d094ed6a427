"""What one run came to: the value that metrics and notifications are made of. No secret is in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from reconciler.model.drift import DriftReport
from reconciler.model.outcome import ApplyReport, Requests
from reconciler.model.plan import Plan
from reconciler.model.proof import Proof
from reconciler.model.rotation import Standing

ANSWERS = frozenset({0, 2, 4, 8})
"""Exit codes of a reading run that came to an answer, good news or not."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run found and did, as far as it came; None for what it did not ask."""

    requests: Requests = field(default_factory=Requests)
    plan: Plan | None = None
    applied: ApplyReport | None = None
    drift: DriftReport | None = None
    proof: Proof | None = None
    secrets: tuple[Standing, ...] | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of `command`. Times are UTC.

    `org_name` and `organization_id` are "" where the manifests could not be read; `tenants` are those
    that they declare; `error` says what ended it, "" for nothing; `writes`
    whether the command may write.
    """

    id: str
    command: str
    writes: bool
    org_name: str
    organization_id: str
    tenants: tuple[str, ...]
    began: datetime
    ended: datetime
    code: int
    error: str = ""
    looked: Looked = field(default_factory=Looked)

    @property
    def succeeded(self) -> bool:
        """Whether it did what it is for: reading, it came to an answer; writing, nothing is left undone."""
        return self.code == 0 if self.writes else self.code in ANSWERS
