"""Steps of one change: what its kind compiles, plus the narrowing that must come before a widening.

A narrowing is a write of its own where a role that is lost grows in this run, and where the write that
switches an object on would take pairs from it too: one cache may know of the one, another of the other.
"""

from __future__ import annotations

from reconciler.model.access import Fact, Holds
from reconciler.model.kind import Registry, Step, kept_nonce
from reconciler.model.value import Fields, Value
from reconciler.planning.draft import Draft
from reconciler.planning.twins import is_switched_on


def steps_of(draft: Draft, growing: frozenset[str], registry: Registry) -> tuple[Step, ...]:
    """The steps that carry out `draft`, in order. `growing` are roles that will allow more."""
    kind = registry[draft.change.address.kind]
    steps = kind.compile(kind.collection, kind.write, draft.work)
    reason = _why_narrow(steps, draft, growing, registry)
    if not reason or draft.live is None or draft.after is None:
        return steps
    path = f"{kind.collection.path}/{draft.live.id}"
    narrowed = {name: _common(value, draft.after[name]) for name, value in draft.live.fields.items()}
    body = kind.write(narrowed, draft.live.raw)
    narrow = Step("narrow", "request", "PUT", path, body, narrowed, reason, kept_nonce(draft.live))
    place = _place_to_narrow(steps, draft, registry)
    return (*steps[:place], narrow, *steps[place:])


def _place_to_narrow(steps: tuple[Step, ...], draft: Draft, registry: Registry) -> int:
    """Before anything is gained, and before a secret is made: what is delivered must not wait for a role."""
    for place, step in enumerate(steps):
        if step.does == "deliver":
            return place - 1
        if _gains(draft, step, registry) or _wakes(draft, step, registry):
            return place
    return len(steps)


def _gains(draft: Draft, step: Step, registry: Registry) -> bool:
    return step.fields is not None and bool(_facts(draft, step.fields, draft.before or {}, registry))


def _wakes(draft: Draft, step: Step, registry: Registry) -> bool:
    """Whether an object that was switched off no longer is after `step`."""
    return is_switched_on(registry[draft.change.address.kind].collection, draft.before, step.fields)


def _why_narrow(steps: tuple[Step, ...], draft: Draft, growing: frozenset[str], registry: Registry) -> str:
    """Why `draft` must lose something in a write of its own; "" where it need not.

    A subject's pairs are not written as one: it loses them before it gains any, whatever grows.
    """
    pair_by_pair = registry[draft.change.address.kind].collection.subjects is not None
    if draft.before is None or draft.after is None or pair_by_pair:
        return ""
    lost, gained = (
        _facts(draft, draft.before, draft.after, registry),
        _facts(draft, draft.after, draft.before, registry),
    )
    if gained and any(isinstance(fact, Holds) and fact.role in growing for fact in lost):
        return "a role it loses is about to grow: lose it first"
    if _wakes_and_takes(steps, draft, draft.before, registry):
        return "it is about to be switched on: lose first what it loses"
    return ""


def _wakes_and_takes(steps: tuple[Step, ...], draft: Draft, before: Fields, registry: Registry) -> bool:
    """Whether one write switches it on and takes pairs from it."""
    for step in steps:
        if step.fields is None:
            continue
        if _wakes(draft, step, registry):
            taken = _facts(draft, before, step.fields, registry)
            return any(isinstance(fact, Holds) for fact in taken)
        before = step.fields
    return False


def _common(before: Value, after: Value) -> Value:
    """Of a set what stays in it; anything else as it was."""
    return before & after if isinstance(before, frozenset) else before


def _facts(draft: Draft, some: Fields, others: Fields, registry: Registry) -> set[Fact]:
    kind = registry[draft.change.address.kind]
    return set(kind.facts(draft.identity, some)) - set(kind.facts(draft.identity, others))
