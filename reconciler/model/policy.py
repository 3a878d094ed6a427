"""A plan under the policy of another revision: who proposes a policy is not judged by it alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Side = Literal["base", "head"]
"""Whose policy: that of the revision that is compared with, or the one that is proposed."""


class HeldUnder(NamedTuple):
    """A change that only one side's policy withholds: which side, what, by which guard, and why."""

    side: Side
    address: str
    guard: str
    reason: str


@dataclass(frozen=True, slots=True)
class PolicyReview:
    """The Org document against that of commit `base`.

    `held` are changes that one of both withholds; `unclear` says why that cannot be told, "" where it can.
    """

    base: str
    held: tuple[HeldUnder, ...] = ()
    unclear: str = ""


def document(review: PolicyReview) -> dict[str, Any]:
    """The review as it stands in a plan."""
    return {
        "base": review.base,
        "held": [each._asdict() for each in review.held],
        "unclear": review.unclear or None,
    }
