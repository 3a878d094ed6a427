"""Rules: the ids that findings carry, each with its reason, written down where the rule is."""

from __future__ import annotations

from typing import Literal, Self, TypeAlias

from reconciler.model.finding import Severity

Confidence: TypeAlias = Literal["documented", "seen", "inferred"]
"""The vendor's sources say so; answers of its API show it; it follows from what they say."""


class Rule(str):
    """The id of a rule, `family/slug`; it never changes. A text like any other, which knows its reason.

    `why` says what the rule guards, in words for people who answer for it; `remedy` what to do in general,
    where a finding knows more. `explain` finds every rule by this type.
    """

    __slots__ = ("remedy", "why")

    why: str
    remedy: str

    def __new__(cls, id: str, why: str = "", remedy: str = "") -> Self:
        """The rule `id`."""
        rule = super().__new__(cls, id)
        rule.why, rule.remedy = why, remedy
        return rule


class GradedRule(Rule):
    """A rule whose findings are all equally bad, with how sure we are that it is bad at all."""

    __slots__ = ("confidence", "severity")

    severity: Severity
    confidence: Confidence

    def __new__(
        cls,
        id: str,
        why: str,
        remedy: str,
        severity: Severity,
        confidence: Confidence = "documented",
    ) -> Self:
        """The rule `id`."""
        rule = super().__new__(cls, id, why, remedy)
        rule.severity, rule.confidence = severity, confidence
        return rule
