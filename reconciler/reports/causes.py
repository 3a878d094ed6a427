"""What made a difference, for each subject of it: a line of a profile, a role, or nothing that many share.

What is alike and has one cause may share a row. What is graver never shares one with what is less grave:
which consent is asked for, and of whom, is part of being alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.model.consent import GRAVITY, Ground, gravest
from reconciler.model.plan import Change, Plan
from reconciler.model.proposal import Proposal
from reconciler.reports.names import Names

_REACHING = frozenset({"org-wide", "cross-tenant"})
_GRAVE = GRAVITY.index("increase")


@dataclass(frozen=True, slots=True)
class Causes:
    """By subject, as `Names.subject` calls it: what made it gain or lose, and its graver grounds."""

    words: Mapping[str, str] = field(default_factory=dict)
    grounds: Mapping[str, tuple[Ground, ...]] = field(default_factory=dict)

    def of(self, subject: str) -> str:
        """In words; "" for what is nobody's but its own."""
        return self.words.get(subject, "")

    def gravity(self, subject: str) -> int:
        """The place of its gravest ground in `GRAVITY`; what is no graver than an increase is 0."""
        found = self.grounds.get(subject, ())
        return GRAVITY.index(gravest(found)) if found else 0

    def asks(self, subject: str) -> tuple[tuple[str, ...], ...]:
        """What is asked because of it, and of whom unless it is its own tenant."""
        found = self.grounds.get(subject, ())
        return tuple(
            sorted((each.consent, *(each.asked if each.consent in _REACHING else ())) for each in found)
        )


def _of_whom(ground: Ground) -> tuple[str, ...]:
    return ground.asked if ground.consent in _REACHING else ()


def of_plan(plan: Plan, names: Names) -> Causes:
    """By the profile that its entry comes from, else by the role that changed."""
    changes = {str(change.address): change for change in plan.running}
    ways: dict[str, set[str]] = defaultdict(set)
    for item in (*plan.access.gains, *plan.access.losses):
        ways[names.subject(item.subject)].add(names.subject(item.via))
    words = {subject: _words(subject, vias, changes) for subject, vias in ways.items()}
    return Causes(words, _graver(plan.grounds, names))


def of_proposal(found: Proposal, names: Names) -> Causes:
    """By the profile that its entry comes from."""
    words = {address: from_profile(profile, address) for address, profile in found.profiles.items()}
    return Causes(words, _graver(found.grounds, names))


def from_profile(profile: str, address: str) -> str:
    """`profile standard: client metrics`."""
    _, kind, key = address.split("/")
    return f"profile {profile}: {kind} {key}"


def _words(subject: str, vias: Iterable[str], changes: Mapping[str, Change]) -> str:
    own = changes.get(subject)
    if own is not None:
        return from_profile(own.profile, subject) if own.profile else ""
    roles = sorted(vias)
    return f"changed {', '.join(roles)}" if all(role in changes for role in roles) else ""


def _graver(grounds: Iterable[Ground], names: Names) -> dict[str, tuple[Ground, ...]]:
    found: dict[str, tuple[Ground, ...]] = defaultdict(tuple)
    for each in grounds:
        if GRAVITY.index(each.consent) > _GRAVE:
            found[names.subject(each.address)] += (each,)
    return dict(found)
