"""Exit codes: one table, one pure function.

The first that is true decides. 3, 6, 7 and 9 mean that nothing was written.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import (
    LeaseError,
    ManifestError,
    OrgError,
    ReconcilerError,
    SinkError,
    StalePlan,
    Unfinished,
)

TABLE: tuple[tuple[int, str], ...] = (
    (0, "done, or nothing to do"),
    (1, "usage error, or a bug"),
    (2, "changes are planned (`plan --detailed-exitcode`), drift was found, outputs or secrets need a hand"),
    (3, "the manifests are invalid, or `lint` found a wrong recipe"),
    (4, "a guard withheld something"),
    (5, "a write was sent and something failed, was skipped or stayed unconfirmed"),
    (6, "stale: what was approved is not what would run"),
    (7, "the organisation refused, is unreachable, the wrong one, or only partly visible"),
    (8, "a leak: access that crosses tenants"),
    (9, "another run holds the lease, or this one lost it before it wrote"),
    (130, "interrupted"),
)
"""Every exit code and what it means, for help and docs."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What became of a run, as far as its exit code is concerned."""

    interrupted: bool = False
    usage: bool = False
    invalid: bool = False
    leak: bool = False
    incomplete: bool = False
    refused: bool = False
    leased: bool = False
    stale: bool = False
    withheld: bool = False
    changes: bool = False


def exit_code(facts: Facts) -> int:
    """The code of the first fact that is true, in the order of the contract."""
    order = (
        (facts.interrupted, 130),
        (facts.usage, 1),
        (facts.invalid, 3),
        (facts.leak, 8),
        (facts.incomplete, 5),
        (facts.refused, 7),
        (facts.leased, 9),
        (facts.stale, 6),
        (facts.withheld, 4),
        (facts.changes, 2),
    )
    return next((code for true, code in order if true), 0)


def of_error(error: ReconcilerError) -> int:
    """The code of a run that an error ended before anything was written."""
    return exit_code(
        Facts(
            usage=not isinstance(
                error, ManifestError | OrgError | LeaseError | StalePlan | SinkError | Unfinished
            ),
            invalid=isinstance(error, ManifestError),
            refused=isinstance(error, OrgError),
            leased=isinstance(error, LeaseError),
            stale=isinstance(error, StalePlan),
            incomplete=isinstance(error, SinkError | Unfinished),
        )
    )
