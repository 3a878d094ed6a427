"""objects/everywhere · Some objects are everybody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.access import EVERYWHERE
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule
from reconciler.model.stock import Item, by_name
from reconciler.model.words import counted

RULE = GradedRule(
    "objects/everywhere",
    "What lies in every division is shown to each tenant that may see such objects at all. That is right for "
    "what is common to all of them, and nothing else should be among it.",
    "Look through them, and put what is one tenant's into its division.",
    Severity.INFO,
)


def find(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each sort of objects in every division, but for those that bear a tenant's name."""
    common: dict[str, list[Item]] = defaultdict(list)
    for item in by_name(evidence.objects.items):
        if item.wall == EVERYWHERE and not evidence.called_after(item.name):
            common[item.sort].append(item)
    for sort, items in sorted(common.items()):
        yield found(
            RULE,
            items[0].id,
            f"{counted(len(items), sort)} in every division, {items[0].name} among them",
            "look through them, and put what is one tenant's into its division",
            *(item.name for item in items),
        )
