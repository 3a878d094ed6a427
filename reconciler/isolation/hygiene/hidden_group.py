"""groups/hidden-holder · A group that lists may leave out holds access."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.access import Nature
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "groups/hidden-holder",
    "A group that only its members or owners may see grants access all the same. A review that goes through "
    "the list of groups never comes to it, and does not miss it.",
    "Make the group public, or grant what its members need to a group that is.",
    Severity.MEDIUM,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """Groups with a grant that are hidden, or that the list of groups does not hold, where it was read."""
    listed = {group.id: group for group in evidence.objects.groups}
    for subject in sorted(evidence.population.subjects.values()) if listed else ():
        held = evidence.held(subject.id) if subject.nature is Nature.GROUP else []
        if held and (subject.id not in listed or listed[subject.id].hidden):
            why = "is hidden from lists" if subject.id in listed else "is in no list of groups"
            yield found(
                RULE,
                subject.id,
                f"{subject.name} {why} and holds {evidence.pair(*held[0])}",
                "make the group public, or grant it to one that is",
                subject.name,
                why,
                evidence.pair(*held[0]),
            )
