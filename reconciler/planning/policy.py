"""A policy against another one: where they differ, and what that means for one plan.

Whoever proposes a change of the limits must not pass by the limits proposed: the plan is shown under both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from reconciler.model.address import ORG, Address
from reconciler.model.consent import Ground
from reconciler.model.manifest import Org
from reconciler.model.plan import Change, Plan, is_loan
from reconciler.model.policy import HeldUnder, Side
from reconciler.model.value import Json

GUARDLESS = "absent"
"""In place of a guard, where the other side does not plan the change at all."""
_SHORT = 100
"""Characters of a value that is shown."""


def policy_grounds(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Ground]:
    """A ground for each field of the Org document that says otherwise."""
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old != new:
            yield Ground("policy", ORG, f"{name}: {_said(old)} → {_said(new)}", (ORG,))


def same_organisation(base: Org, head: Org) -> bool:
    """Whether one reading can be planned under both: they are about the same objects."""
    return (base.name, base.organization_id, base.region) == (head.name, head.organization_id, head.region)


def held_under(base: Plan, head: Plan) -> tuple[HeldUnder, ...]:
    """What would run under one of both policies and not under the other, by address; loans are no news."""
    found = (*_only(base, head, "base"), *_only(head, base, "head"))
    return tuple(sorted(found, key=lambda each: (each.address, each.side)))


def _only(strict: Plan, free: Plan, side: Side) -> Iterator[HeldUnder]:
    """What runs in `free` and is held back or missing in `strict`, whose side is named."""
    there: Mapping[Address, Change] = {change.address: change for change in strict.changes}
    for change in free.running:
        other = there.get(change.address)
        if is_loan(change.address, change.action):
            continue
        if other is None:
            yield HeldUnder(side, str(change.address), GUARDLESS, "nothing is planned for it")
        elif other.withheld:
            yield HeldUnder(side, str(change.address), other.withheld.guard, other.withheld.reason)


def _said(value: Json) -> str:
    """A value of a manifest where it is short."""
    if value is None:
        return "the default"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
