"""How many people a change of a role concerns, told with the change: nobody reviews ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.model.access import Allows, Holds
from reconciler.model.kind import Registry
from reconciler.model.state import LiveState
from reconciler.model.words import population
from reconciler.planning.draft import Draft
from reconciler.planning.project import facts_after, facts_before


def tell_reach(
    drafts: list[Draft], live: LiveState, registry: Registry, labels: Mapping[str, str]
) -> list[Draft]:
    """The drafts; those that change what a live role allows say who holds it. `labels` by identity."""
    roles = {draft.identity for draft in drafts if draft.live and _changes_role(draft, registry)}
    if not roles:
        return drafts
    holders: dict[str, set[str]] = {role: set() for role in roles}
    for kind in registry:
        for item in live.of(kind.name):
            for fact in kind.facts(item.id, item.fields):
                if isinstance(fact, Holds) and fact.role in roles:
                    holders[fact.role].add(labels.get(fact.subject, fact.subject))
    return [_told(draft, holders.get(draft.identity, set())) for draft in drafts]


def _changes_role(draft: Draft, registry: Registry) -> bool:
    changed = facts_before(draft, registry) ^ facts_after(draft, registry)
    return any(isinstance(fact, Allows) for fact in changed)


def _told(draft: Draft, holders: set[str]) -> Draft:
    if not holders:
        return draft
    reason = f"{draft.change.reason}; it is held by {population(sorted(holders))}"
    return replace(draft, change=replace(draft.change, reason=reason))
