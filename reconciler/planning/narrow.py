"""Narrowing: of every difference only what takes access away.

For the hour in which somebody has seen too much: nothing is created, renamed, gained or deleted, and
what is declared stays, in whatever form it is held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.access import Allows, Fact
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.rule import Rule
from reconciler.model.value import Fields, Value
from reconciler.planning.draft import Draft

REVOKE_ONLY = Rule(
    "plan/revoke-only",
    "A run that only takes access away leaves the rest as it is; that is not to be taken for all there "
    "was to do.",
    "Plan without --revoke-only for the rest.",
)

WHY = "only what takes access away"


def narrowed(drafts: Iterable[Draft], registry: Registry) -> list[Draft]:
    """Each draft reduced to the access it takes; those that take none are left out."""
    return [reduced for draft in drafts if (reduced := _narrowed(draft, registry)) is not None]


def left_alone(drafts: list[Draft], narrow: list[Draft]) -> tuple[Finding, ...]:
    """A word about the differences that were left out, so that a short plan does not look like peace."""
    count = len(drafts) - len(narrow)
    if not count:
        return ()
    message = f"{count} {'difference is' if count == 1 else 'differences are'} left alone: {WHY} is planned"
    return (Finding(REVOKE_ONLY, Severity.INFO, message, "plan without --revoke-only for the rest"),)


def _narrowed(draft: Draft, registry: Registry) -> Draft | None:
    if draft.before is None or draft.after is None:
        return None
    less = narrowed_fields(draft, registry)
    if less == draft.before:
        return None
    return draft if less == draft.after else draft.lead_to(less, WHY, registry)


def narrowed_fields(draft: Draft, registry: Registry) -> Fields:
    """The fields of something live without the access that nobody declared; nothing else of them changes."""
    kind = registry[draft.change.address.kind]
    return {name: _less(kind, draft, name) for name in draft.before or {}}


def _less(kind: AnyKind, draft: Draft, name: str) -> Value:
    """A field as it is, without the elements that give access which nobody declared."""
    before, after = draft.before or {}, draft.after or {}
    if not isinstance(before[name], frozenset):
        return before[name]
    declared = set(_unconditional(kind.facts(draft.identity, after)))
    return frozenset(
        item
        for item in before[name]
        if item in after[name] or declared.issuperset(_given(kind, draft.identity, before, name, item))
    )


def _given(kind: AnyKind, identity: str, fields: Fields, name: str, item: Value) -> Iterator[Fact]:
    """The access facts of one element alone."""
    alone = {key: _nothing(value) for key, value in fields.items()} | {name: frozenset([item])}
    return _unconditional(kind.facts(identity, alone))


def _nothing(value: Value) -> Value:
    return frozenset[Value]() if isinstance(value, frozenset) else value


def _unconditional(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Conditions never narrow a proof, so a permission under other conditions still is the one declared."""
    return (Allows(fact.role, fact.permission) if isinstance(fact, Allows) else fact for fact in facts)
