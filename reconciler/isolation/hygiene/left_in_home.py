"""divisions/left-in-home · Objects lie in Home, and a program reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.access import EVERYWHERE
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.words import inhabitants

PEOPLE = "USER"
"""The vendor's type of people: staff of no tenant live in Home rightly."""
RULE = GradedRule(
    "divisions/left-in-home",
    "What is made without a division lies in Home until somebody moves it, whichever tenant it is for. "
    "A program that reaches Home reads all of it.",
    "Move the objects to their tenant's division, and take away grants in Home.",
    Severity.MEDIUM,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """At most one finding: there is one Home."""
    left = inhabitants({kind: number for kind, number in evidence.stock.items() if kind != PEOPLE})
    reaching = [
        (program, role, division)
        for program in evidence.programs
        for role, division in evidence.held(program.id)
        if division in (evidence.home, EVERYWHERE)
    ]
    if left and reaching:
        program, role, division = reaching[0]
        yield found(
            RULE,
            evidence.home,
            f"{left} in Home, and {program.name} reaches it",
            "move them to their tenants' divisions, and grant no program anything in Home",
            program.name,
            evidence.pair(role, division),
            f"{left} there",
        )
