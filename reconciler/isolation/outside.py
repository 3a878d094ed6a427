"""Outside the proof: what no grant confines, and what the readings cannot show. Said with every verdict."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.isolation.population import Population
from reconciler.isolation.wildcards import is_pattern
from reconciler.model.stock import Stock
from reconciler.model.words import counted

ALWAYS = (
    "reads that need no permission: people, groups, divisions and the like answer every token",
    "objects in `*` or in the wrong division: a grant confines to a division, whatever somebody put there",
    "conversations: each belongs to every division it touched, and shows to all of them",
    "what the catalogue calls confined by divisions is taken at its word; `probe` tries it",
    "changed access takes effect within minutes; open subscriptions may last longer",
    "conditions and access policies, which only narrow, are not counted on",
)
"""True of every organisation (sources: the vendor's API definition and help pages)."""


def outside(population: Population) -> Iterator[str]:
    """What a proof about this population leaves out."""
    yield from ALWAYS
    held = {role for pairs in population.access.holds.values() for role, _ in pairs}
    patterns = {said for role in held for said in population.access.allows.get(role, ()) if is_pattern(said)}
    if patterns:
        number = counted(len(patterns), "wildcard")
        yield f"{number} in roles that are held: whatever they match one day counts as org-wide"
    apps = [each.id for each in population.subjects.values() if each.acts_for_users]
    if apps:
        number = counted(len(apps), "app")
        yield f"{number} with no access of their own: they act with that of who signs in, scopes or none"
    if population.unread:
        yield (
            f"members of {counted(len(population.unread), 'group')} nobody could read: "
            "everybody counts as one"
        )


def unseen(stock: Stock) -> Iterator[str]:
    """What nobody looked at of where objects lie."""
    if not stock.looked:
        yield "where objects lie was not looked at: `--objects` does"
    yield from (f"not looked at: {each}" for each in stock.unseen)
