"""Strangers: people of one tenant inside what lies in another's division."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding
from reconciler.model.rule import GradedRule


def findings(rule: GradedRule, evidence: Evidence, sort: str, shown: str) -> Iterator[Finding]:
    """One finding for each object of that sort with such people in it; `shown` says what is seen of them.

    Staff who lie in Home or in a division of the organisation serve whom they are sent to, and are none.
    """
    people = {person.id: person for person in evidence.objects.people}
    for item in evidence.objects.of(sort):
        tenant = evidence.tenant(item.wall)
        members = evidence.objects.members.get(item.id, frozenset()) if tenant else ()
        there = (people[member] for member in members if member in people)
        strangers = sorted(
            (each.name, each.wall) for each in there if evidence.tenant(each.wall) not in ("", tenant)
        )
        if strangers:
            name, wall = strangers[0]
            more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            yield found(
                rule,
                item.id,
                f"{name} of {evidence.tenant(wall)}{more} in {sort} {item.name} of {tenant}: {shown}",
                f"take them out of it, or move them to a division of {tenant}",
                name,
                f"lies in {evidence.place(wall)}",
                f"{item.name} in {evidence.place(item.wall)}",
            )
