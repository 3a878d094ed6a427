"""groups/foreign-member · Somebody of one tenant holds what a group was granted for another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.isolation.population import Subject
from reconciler.model.access import EVERYWHERE
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "groups/foreign-member",
    "A group's roles are its members' roles. Whoever is put into a group that works for one tenant reaches "
    "that tenant's data, without a grant in their own name that a review would show.",
    "Take the person out of the group, or move them to the tenant's division if they work for it now.",
    Severity.HIGH,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Groups whose grants all lie with one tenant, and who has members of another."""
    population = evidence.population
    members: dict[str, list[Subject]] = defaultdict(list)
    for person, groups in population.groups.items():
        for group in groups if person in population.subjects else ():
            members[group].append(population.subjects[person])
    for group, people in sorted(members.items()):
        tenant = _served(evidence, group)
        strangers = sorted(
            (each.name, each.wall) for each in people if evidence.tenant(each.wall) not in ("", tenant)
        )
        if tenant and strangers:
            name, wall = strangers[0]
            more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            yield found(
                RULE,
                group,
                f"{name} of {evidence.tenant(wall)}{more} in group {population.name(group)}, which works for "
                f"{tenant}",
                f"take them out of the group, or move them to a division of {tenant}",
                name,
                f"lies in {evidence.place(wall)}",
                population.name(group),
                evidence.pair(*evidence.held(group)[0]),
            )


def _served(evidence: Evidence, group: str) -> str:
    """The only tenant that a group holds anything of; "" for none and for what serves several."""
    places = {division for _, division in evidence.held(group)}
    tenants = {evidence.tenant(place) for place in places} - {""}
    return tenants.pop() if len(tenants) == 1 and EVERYWHERE not in places else ""
