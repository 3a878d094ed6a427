"""Ceilings: which divisions a client may not leave, checked independently of what it is granted.

A ceiling lies within a tenant: it names divisions of its own, or of the organisation. Nothing of it is
written to the organisation, which knows no such thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, OWN, DeclaredCeiling, DeclaredGrant
from reconciler.model.address import ORG, Address
from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule
from reconciler.model.state import Resource
from reconciler.model.value import Ref, Value
from reconciler.planning.pairs import Context
from reconciler.planning.references import look_up, mistake

CONFINE = Rule(
    "manifest/confine",
    "A ceiling says where within its tenant a partner's client may work. One that reaches another tenant, "
    "or that stands on a client without a tenant, would confine nobody.",
    "Name divisions of the tenant, or `org/KEY`.",
)
BEYOND_CONFINE = Rule(
    "manifest/beyond-confine",
    "The ceiling and the grants of a client were written for the same purpose; where they disagree, one of "
    "them is a mistake, and the grant is the one that opens something.",
    "Take the division out of the grant, or name it under `confine`.",
)


class Ceiling(NamedTuple):
    """The walls that `confine` names, and what is wrong with it or with the grants beside it."""

    walls: frozenset[Value] | None
    findings: tuple[Finding, ...] = ()


NONE = Ceiling(None)
"""Of an entry that says nothing of one."""


def resolve_ceiling(
    declared: DeclaredCeiling | None, grants: tuple[DeclaredGrant, ...], context: Context, entry: Origin
) -> Ceiling:
    """The ceiling of one entry, held against its grants; mistakes are collected, never raised."""
    if declared is None:
        return NONE
    place = entry.child(*declared.steps)
    if context.owner == ORG:
        message = f"nothing of {ORG} belongs to a tenant that it could be confined within"
        return Ceiling(None, (mistake(CONFINE, message, "remove `confine`", place),))
    found = [_within(text, context, place.child(index)) for index, text in enumerate(declared.divisions)]
    wrong = tuple(item for item in found if isinstance(item, Finding))
    walls = frozenset(item for item in found if isinstance(item, Address))
    beyond = () if wrong else tuple(_beyond(walls, declared, grants, context, entry))
    return Ceiling(frozenset(map(Ref, walls)), wrong + beyond)


def _within(text: str, context: Context, place: Origin) -> Address | Finding:
    found = look_up(text, context.registry[context.registry.pair[1]], context.owner, context.declared, place)
    if isinstance(found, Finding) or found.owner in (context.owner, ORG):
        return found
    message = f"`{text}` is another tenant's: a ceiling lies within {context.owner}"
    return mistake(CONFINE, message, "name divisions of this tenant, or `org/KEY`", place)


def _beyond(
    walls: frozenset[Address],
    declared: DeclaredCeiling,
    grants: tuple[DeclaredGrant, ...],
    context: Context,
    entry: Origin,
) -> Iterator[Finding]:
    """A finding for each place of a grant that means divisions which the ceiling does not name."""
    named = ", ".join(f"`{text}`" for text in declared.divisions)
    for grant in grants:
        for addresses, place in _granted(grant, context, entry.child(*grant.steps, "divisions")):
            if outside := [_said(each, context) for each in addresses if each not in walls]:
                lie = "lie" if len(outside) > 1 else "lies"
                message = f"{', '.join(outside)} {lie} outside `confine`, which names {named}"
                remedy = "take it out of the grant, or name it under `confine`"
                ceiling = entry.child(*declared.steps)
                yield mistake(BEYOND_CONFINE, message, remedy, place, (ceiling,))


def _said(address: Address, context: Context) -> str:
    return f"`{address.key}`" if address.owner == context.owner else f"`{address.owner}/{address.key}`"


def _granted(
    grant: DeclaredGrant, context: Context, place: Origin
) -> Iterator[tuple[tuple[Address, ...], Origin]]:
    """The divisions of a grant, with where they are written. What means none is told elsewhere."""
    if grant.divisions == OWN:
        yield tuple(ref.address for ref in context.own), place
    elif grant.divisions != EVERYWHERE:
        kind = context.registry[context.registry.pair[1]]
        for index, text in enumerate(grant.divisions):
            found = look_up(text, kind, context.owner, context.declared, place.child(index))
            if isinstance(found, Address):
                yield (found,), place.child(index)


def ceilings(
    resources: Mapping[Address, Resource], ids: Mapping[Address, str]
) -> Mapping[str, frozenset[str]]:
    """The walls beneath which each confined subject stays, by live ids (`{ADDRESS}` where there is none)."""
    return {
        _identity(address, ids): frozenset(
            _identity(wall.address, ids) for wall in resource.ceiling if isinstance(wall, Ref)
        )
        for address, resource in resources.items()
        if resource.ceiling is not None
    }


def _identity(address: Address, ids: Mapping[Address, str]) -> str:
    return ids.get(address, f"{{{address}}}")
