"""Isolation by the manifests alone: what tenants would reach if the organisation held nothing else.

Without the live catalogue the public evidence decides: a permission documented as division aware is
confined, an undecided one is left to the live plan, any other reaches the whole organisation.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from reconciler.isolation.judge import crossings
from reconciler.isolation.matrix import AccessState, delta
from reconciler.model.access import Fact
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import Registry
from reconciler.model.rule import Rule
from reconciler.model.state import Resource
from reconciler.planning.alone import boundaries_alone
from reconciler.planning.located import located
from reconciler.planning.resolve import DesiredState
from reconciler.planning.shares import allowed

UNKNOWN_PERMISSION = Rule(
    "manifest/unknown-permission",
    "A permission that no public source knows may be misspelt, and do nothing; or new, and act in the "
    "whole organisation.",
    "Correct it, or make sure of it in the live catalogue.",
)

NOBODY = AccessState({}, {})


class Evidence(NamedTuple):
    """Public evidence: what a division surely confines, and what it may confine."""

    confined: frozenset[str]
    undecided: frozenset[str]
    known: frozenset[str]


def judge_manifests(
    desired: DesiredState, registry: Registry, evidence: Evidence, today: date
) -> tuple[Finding, ...]:
    """Crossings that the manifests alone show, and permissions that no public source knows."""
    state = AccessState.of(facts_of(desired, registry))
    catalogue = dict.fromkeys(evidence.confined | evidence.undecided, True)
    gains = delta(NOBODY, state, catalogue).gains
    bounds = boundaries_alone(desired, registry, today)
    entries = {f"{{{address}}}": resource for address, resource in desired.resources.items()}
    named = tuple(_placed(leak, item.via, entries) for item in gains for leak in crossings((item,), bounds))
    return named + tuple(_unknown_permissions(desired, registry, evidence))


def facts_of(desired: DesiredState, registry: Registry) -> Iterator[Fact]:
    """Who holds what and what roles allow, with `{ADDRESS}` for every id."""
    for address, resource in desired.resources.items():
        if not resource.existing:
            yield from registry[address.kind].facts(f"{{{address}}}", resource.fields)


def _placed(leak: Finding, role: str, entries: Mapping[str, Resource]) -> Finding:
    """The finding with the entry of the subject it is about; what is wrong with a role is mended there."""
    entry, edits = entries.get(leak.address), located(leak.edits, entries[role])
    return replace(
        leak,
        address=leak.address.strip("{}"),
        location=entry.origin if entry else None,
        edits=edits,
    )


def _unknown_permissions(desired: DesiredState, registry: Registry, evidence: Evidence) -> Iterator[Finding]:
    for address, resource in desired.resources.items():
        for permission in sorted(_permissions(resource, registry) - evidence.known):
            close = difflib.get_close_matches(permission, evidence.known, n=1, cutoff=0.8)
            yield Finding(
                UNKNOWN_PERMISSION,
                Severity.WARNING,
                f"no public source knows the permission `{permission}`",
                f"did you mean `{close[0]}`?" if close else "check its spelling in the role editor",
                str(address),
                location=resource.origin.child("permissions"),
            )


def _permissions(resource: Resource, registry: Registry) -> set[str]:
    return set(allowed(registry[resource.address.kind].facts("", resource.fields)))
