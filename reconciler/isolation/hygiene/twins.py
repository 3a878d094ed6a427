"""names/twins · Two things of one sort are called alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from reconciler.isolation.evidence import Evidence, Thing, found
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import GradedRule

RULE = GradedRule(
    "names/twins",
    "Where two things have one name, the next grant, secret or object goes to the wrong one sooner or later, "
    "and whoever looks at the list afterwards sees nothing wrong.",
    "Rename one of them, or pin the right one with `id` in its manifest.",
    Severity.MEDIUM,
)


def told_apart_by(name: str) -> str:
    """What is left of a name to somebody who reads over it: letters and digits."""
    return "".join(filter(str.isalnum, name.casefold())) or name


def find(evidence: Evidence) -> Iterator[Finding]:
    """One finding for each name that several have."""
    alike: dict[tuple[str, str], list[Thing]] = defaultdict(list)
    for thing in evidence.things:
        alike[thing.sort, told_apart_by(thing.name)].append(thing)
    for (sort, _), things in sorted(alike.items()):
        if len(things) > 1:
            first, second, *others = sorted(things, key=lambda thing: (thing.name, thing.id))
            more = f" and {len(others)} more" if others else ""
            yield found(
                RULE,
                first.id,
                f"{sort}s {first.name} and {second.name}{more} are called alike",
                f"rename one, or pin the right one: `id: {first.id}`" if first.made else "rename one",
                f"{first.name} ({first.id})",
                f"{second.name} ({second.id})",
            )
