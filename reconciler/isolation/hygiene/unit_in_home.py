"""wfm/unit-misplaced · A tenant's unit lies in Home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.shelves import BUSINESS, MANAGEMENT
from reconciler.model.stock import Item
from reconciler.model.words import counted

RULE = GradedRule(
    "wfm/unit-misplaced",
    "Business units and management units are made in Home unless somebody says otherwise, and their division "
    "is what confines schedules and adherence. While a tenant's unit lies in Home its own clients read "
    "nothing of it, and whoever holds such a role in Home reads all of it.",
    "Move the unit to its tenant's division.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Units in Home that are a tenant's by their agents, by the unit above them, or by their name."""
    units = {item.id: item for item in evidence.objects.of(BUSINESS)}
    walls = {person.id: person.wall for person in evidence.objects.people}
    for item in evidence.objects.of(BUSINESS, MANAGEMENT):
        if not evidence.in_home(item.wall):
            continue
        for tenant, why in _signs(item, units, walls, evidence):
            yield found(
                RULE,
                item.id,
                f"{item.sort} {item.name} lies in {evidence.place(item.wall)}: {why}",
                f"move it to a division of {tenant}",
                item.name,
                f"in {evidence.place(item.wall)}",
                why,
            )
            break


def _signs(
    item: Item, units: dict[str, Item], walls: dict[str, str], evidence: Evidence
) -> Iterator[tuple[str, str]]:
    """Whose it is and what shows it, the surest first."""
    agents = evidence.objects.members.get(item.id, frozenset())
    tenants = Counter(evidence.tenant(walls.get(agent, "")) for agent in sorted(agents))
    del tenants[""]
    for tenant, number in tenants.most_common(1):
        yield tenant, f"{counted(number, 'agent')} of {tenant} in it"
    above = units.get(item.above)
    if above and (tenant := evidence.tenant(above.wall)):
        yield tenant, f"it is part of {above.name} in {evidence.place(above.wall)}"
    if tenant := evidence.called_after(item.name):
        yield tenant, f"it is called after {tenant}"
