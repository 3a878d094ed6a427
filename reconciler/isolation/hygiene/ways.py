"""Ways: which programs sign in by a way that is outdated."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding
from reconciler.model.rule import GradedRule
from reconciler.model.tokens import Way


def findings(rule: GradedRule, evidence: Evidence, way: Way, what: str) -> Iterator[Finding]:
    """One finding for each program that signs in that way; `what` says so in words."""
    for program in evidence.programs:
        told = evidence.tokens.get(program.id)
        if told and told.way is way:
            remedy = f"{rule.remedy[:1].lower()}{rule.remedy[1:].removesuffix('.')}"
            yield found(
                rule, program.id, f"{program.name} {what}", remedy, program.name, f"signs in by {way}"
            )
