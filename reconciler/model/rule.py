"""Rules: the ids that findings carry, each with its reason, written down where the rule is."""

from __future__ import annotations


class Rule(str):
    """The id of a rule, `family/slug`; it never changes. A text like any other, which knows its reason.

    `why` says what the rule guards, in words for people who answer for it; `remedy` what to do in general,
    where a finding knows more. `explain` finds every rule by this type.
    """

    __slots__ = ("remedy", "why")

    why: str
    remedy: str

    def __new__(cls, id: str, why: str = "", remedy: str = "") -> Rule:
        """The rule `id`."""
        rule = super().__new__(cls, id)
        rule.why, rule.remedy = why, remedy
        return rule
