"""people/moved · Somebody lies in a division in which nothing was granted."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.access import EVERYWHERE, Nature
from reconciler.model.address import ORG
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "people/moved",
    "The division somebody lies in grants nothing: it says who may see that person. Who was moved and not "
    "granted anew still works for the former tenant, while the new one's administrators think otherwise.",
    "Grant the role in the new division and revoke it in the old one, or move the person back.",
    Severity.MEDIUM,
    "inferred",
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """People of one tenant's division whose own grants all lie behind another tenant's walls."""
    walls = evidence.population.walls
    for person in sorted(evidence.population.subjects.values()):
        held = evidence.held(person.id)
        places = {division for _, division in held}
        owners = {walls.get(division, "") or division for division in places}
        tenant = walls.get(person.wall, "") or person.wall
        if person.nature is not Nature.PERSON or not held or tenant in ("", ORG, evidence.home):
            continue  # staff lie in Home or in the organisation's own, and work elsewhere
        if EVERYWHERE not in places and tenant not in owners:
            yield found(
                RULE,
                person.id,
                f"{person.name} lies in {evidence.population.name(person.wall)} and holds nothing there",
                "grant the role there and revoke the old pair, or move the person back",
                person.name,
                f"lies in {evidence.population.name(person.wall)}",
                evidence.pair(*held[0]),
            )
