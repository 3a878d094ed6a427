"""Uses: which roles that programs hold allow something, and by whom they are held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from reconciler.isolation.evidence import Evidence, found
from reconciler.model.finding import Finding
from reconciler.model.patch import Edit
from reconciler.model.rule import GradedRule


class Use(NamedTuple):
    """A role that programs hold, what it says of what was asked for, and (program, division) of each."""

    role: str
    said: tuple[str, ...]
    holders: tuple[tuple[str, str], ...]


def uses(evidence: Evidence, wanted: Callable[[str], bool]) -> Iterator[Use]:
    """The roles that programs hold and that say something wanted. The vendor's own have their own rule."""
    found: dict[str, list[str]] = defaultdict(list)
    for said in sorted(filter(wanted, evidence.saying)):
        for role in evidence.saying[said]:
            found[role].append(said)
    for role, several in sorted(found.items()):
        yield Use(role, tuple(several), evidence.holders[role])


def findings(
    rule: GradedRule,
    evidence: Evidence,
    wanted: Callable[[str], bool],
    remedy: str,
    edits: Callable[[Use], Iterable[Edit]] = lambda use: (),
) -> Iterator[Finding]:
    """One finding for each such role; `remedy` may hold `{said}`, the first permission."""
    name = evidence.population.name
    for use in uses(evidence, wanted):
        holder, division = use.holders[0]
        others = len({each for each, _ in use.holders}) - 1
        held = f"held by {name(holder)}{f' and {others} more' if others else ''}"
        more = f" and {len(use.said) - 1} more" if len(use.said) > 1 else ""
        yield found(
            rule,
            use.role,
            f"{name(use.role)}, {held}, allows {use.said[0]}{more}",
            remedy.format(said=use.said[0]),
            name(holder),
            evidence.pair(use.role, division),
            use.said[0],
            edits=edits(use),
        )
