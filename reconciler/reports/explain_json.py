"""Explanations as JSON, and the published schema of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.isolation.explanations import Explanation
from reconciler.isolation.myths import Where
from reconciler.model.finding import Severity
from reconciler.model.plan import FORMAT_VERSION
from reconciler.reports.schema_parts import Schema, list_of, object_of, text, version


def explain_document(told: Iterable[Explanation]) -> dict[str, Any]:
    """The explain document."""
    return {"formatVersion": FORMAT_VERSION, "rules": [_rule(each) for each in told]}


def _rule(each: Explanation) -> dict[str, Any]:
    names = [
        {"where": str(sign.where), "names": list(sign.names), "instead": sign.instead} for sign in each.signs
    ]
    return {
        "rule": each.rule,
        "says": each.says,
        "why": each.why,
        "remedy": each.remedy,
        "severity": each.severity,
        "confidence": each.confidence,
        "recognised": names,
    }


def explain() -> Schema:
    """The schema of the explain document."""
    sign = object_of(
        "Names by which a wrong recipe is recognised.",
        where=text("Where they are written.", enum=[str(where) for where in Where]),
        names=list_of("As people write them; case and separators do not matter.", text("A name.")),
        instead=text("What does it; empty where a grant does."),
    )
    rule = object_of(
        "A rule.",
        rule=text("`family/slug`; never changes.", pattern="^[a-z0-9-]+/[a-z0-9-]+$"),
        says=text("A wrong recipe contradicted in one clause; empty for other rules."),
        why=text("What the rule guards."),
        remedy=text("What to do in general; a finding may know more."),
        severity=text("Empty where each finding has its own.", enum=["", *(str(each) for each in Severity)]),
        confidence=text(
            "How sure a wrong recipe is one; empty for other rules.",
            enum=["", "documented", "seen", "inferred"],
        ),
        recognised=list_of("How a wrong recipe is recognised.", sign),
    )
    return object_of(
        "What rules mean.", formatVersion=version(), rules=list_of("Those that were asked for.", rule)
    )
