"""divisions/telling-name · An unused division tells every tenant of somebody they do not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.isolation.naming import words
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "divisions/telling-name",
    "Reading the names of divisions takes no permission: every tenant's token may. A division that was made "
    "ahead of a contract tells all of them who is about to become a customer.",
    "Give it a neutral name until it is used, or delete it.",
    Severity.LOW,
    "inferred",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Divisions of nobody with nothing in them and no grant, whose first word no other division has."""
    population = evidence.population
    granted = {division for pairs in population.access.holds.values() for _, division in pairs}
    first = {wall: words(population.name(wall))[:1] for wall in population.walls}
    known = Counter(first.values())
    for wall, owner in sorted(population.walls.items()):
        unused = not owner and wall not in granted and population.counts.get(wall) == 0
        if unused and wall not in (evidence.home, *evidence.tenants) and known[first[wall]] == 1:
            name = population.name(wall)
            yield found(
                RULE,
                wall,
                f"division {name} is not used, and every token reads its name",
                "rename it, or delete it until it is needed",
                name,
                "nothing in it, nothing granted in it",
            )
