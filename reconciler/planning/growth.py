"""Growth: a role grows only once those who are to lose it have lost it.

In one run the order of operations sees to that. Where a guard holds the loss back, the growth waits with
it: else who keeps the role for now would get what neither the old nor the new manifests give.
"""

from __future__ import annotations

from reconciler.model.access import Allows, Holds
from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.planning.draft import Draft
from reconciler.planning.narrow import narrowed_fields
from reconciler.planning.project import facts_after, facts_before, gained


def hold_growth(drafts: list[Draft], registry: Registry) -> list[Draft]:
    """Hold back what roles gain while somebody keeps them whose loss is held back; what they lose goes on."""
    kept = _kept(drafts, registry)
    return [_unless_kept(draft, kept, registry) if draft.runs else draft for draft in drafts]


def _kept(drafts: list[Draft], registry: Registry) -> dict[str, Address]:
    """Roles that are still held because a loss is held back, and by whom (the first by address)."""
    losing = sorted((draft for draft in drafts if not draft.runs), key=lambda draft: draft.change.address)
    return {
        fact.role: draft.change.address
        for draft in reversed(losing)
        for fact in facts_before(draft, registry) - facts_after(draft, registry)
        if isinstance(fact, Holds)
    }


def _unless_kept(draft: Draft, kept: dict[str, Address], registry: Registry) -> Draft:
    growing = (fact.role for fact in gained(draft, registry) if isinstance(fact, Allows))
    holder = next((kept[role] for role in growing if role in kept), None)
    if holder is None or draft.before is None:
        return draft
    less = narrowed_fields(draft, registry)
    if less == draft.before:
        reason = f"it waits for {holder}, which is to lose this role first"
        return draft.withhold("waiting", reason, f"release {holder}")
    return draft.lead_to(
        less, f"what it gains waits for {holder}, which is to lose this role first", registry
    )
