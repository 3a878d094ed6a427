"""Steps of one change: what its kind compiles, plus the narrowing that must come before a role grows."""

from __future__ import annotations

from reconciler.model.access import Fact, Holds
from reconciler.model.kind import Registry, Step, kept_nonce
from reconciler.model.value import Fields, Value
from reconciler.planning.draft import Draft


def steps_of(draft: Draft, growing: frozenset[str], registry: Registry) -> tuple[Step, ...]:
    """The steps that carry out `draft`, in order. `growing` are roles that will allow more."""
    kind = registry[draft.change.address.kind]
    steps = kind.compile(kind.collection, kind.write, draft.work)
    narrowed = _narrowed(draft, growing, registry)
    if narrowed is None or draft.live is None:
        return steps
    path = f"{kind.collection.path}/{draft.live.id}"
    body = kind.write(narrowed, draft.live.raw)
    reason = "a role it loses is about to grow: lose it first"
    nonce = kept_nonce(draft.live)
    narrow = Step("narrow", "request", "PUT", path, body, narrowed, reason, nonce)
    place = _place_to_narrow(steps, draft, registry)
    return (*steps[:place], narrow, *steps[place:])


def _place_to_narrow(steps: tuple[Step, ...], draft: Draft, registry: Registry) -> int:
    """Before anything is gained, and before a secret is made: what is delivered must not wait for a role."""
    for place, step in enumerate(steps):
        if step.does == "deliver":
            return place - 1
        if _gains(draft, step, registry):
            return place
    return len(steps)


def _gains(draft: Draft, step: Step, registry: Registry) -> bool:
    return step.fields is not None and bool(_facts(draft, step.fields, draft.before or {}, registry))


def _narrowed(draft: Draft, growing: frozenset[str], registry: Registry) -> Fields | None:
    """What `draft` keeps, where it must lose something before it gains anything; None where one step does.

    A subject's pairs are not written as one: it loses them before it gains any, whatever grows.
    """
    pair_by_pair = registry[draft.change.address.kind].collection.subjects is not None
    if draft.before is None or draft.after is None or pair_by_pair:
        return None
    lost, gained = (
        _facts(draft, draft.before, draft.after, registry),
        _facts(draft, draft.after, draft.before, registry),
    )
    if not gained or not any(isinstance(fact, Holds) and fact.role in growing for fact in lost):
        return None
    return {name: _common(value, draft.after[name]) for name, value in draft.before.items()}


def _common(before: Value, after: Value) -> Value:
    """Of a set what stays in it; anything else as it was."""
    return before & after if isinstance(before, frozenset) else before


def _facts(draft: Draft, some: Fields, others: Fields, registry: Registry) -> set[Fact]:
    kind = registry[draft.change.address.kind]
    return set(kind.facts(draft.identity, some)) - set(kind.facts(draft.identity, others))
