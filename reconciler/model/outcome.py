"""Outcomes: what an apply did, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from reconciler.model.address import Address
from reconciler.model.kind import Action
from reconciler.model.plan import FORMAT_VERSION, is_loan

Result = Literal["done", "failed", "skipped", "unconfirmed"]


class Requests(NamedTuple):
    """What a run asked of the organisation. Token requests count as reads.

    `retried` of them were repeats; `limited` were answered 429, because too many had come.
    """

    read: int = 0
    write: int = 0
    retried: int = 0
    limited: int = 0

    def document(self) -> dict[str, int]:
        """As documents tell it."""
        return {"read": self.read, "write": self.write, "retried": self.retried}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change.

    `error` says why it failed, was skipped or is unconfirmed; `note` adds good news.
    """

    address: Address
    action: Action
    result: Result
    error: str = ""
    requests: int = 0
    seconds: float = 0.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """The whole of one apply. Times are ISO 8601 UTC; `interrupted` says that the user stopped it.

    `stale` says that nothing was written, as what was to be written had been changed since it was planned.
    """

    run_id: str
    outcomes: tuple[Outcome, ...]
    unchanged: int
    withheld: int
    requests: Requests
    verified_at: str
    digest: str
    interrupted: bool = False
    stale: bool = False

    def count(self, action: Action) -> int:
        """How many changes of that action were carried out and seen."""
        return sum(
            item.action == action and item.result == "done" and not is_loan(item.address, action)
            for item in self.outcomes
        )

    def results(self, result: Result) -> tuple[Outcome, ...]:
        """The outcomes with that result."""
        return tuple(item for item in self.outcomes if item.result == result)


def document(report: ApplyReport) -> dict[str, Any]:
    """The apply document of the contract, ready for JSON."""
    past = {
        "created": "create",
        "updated": "update",
        "deleted": "delete",
        "adopted": "adopt",
        "revoked": "revoke",
    }
    done = {word: report.count(action) for word, action in past.items()}  # type: ignore[arg-type]  # values are Actions
    return {
        "formatVersion": FORMAT_VERSION,
        "runId": report.run_id,
        "summary": {
            **done,
            "unchanged": report.unchanged,
            "failed": len(report.results("failed")),
            "skipped": len(report.results("skipped")),
            "withheld": report.withheld,
            "unconfirmed": len(report.results("unconfirmed")),
        },
        "outcomes": [
            {
                "address": str(item.address),
                "action": item.action,
                "result": item.result,
                "error": item.error or None,
                "requests": item.requests,
            }
            for item in report.outcomes
        ],
        "requests": report.requests.document(),
        "verifiedAt": report.verified_at,
        "digest": report.digest,
    }
