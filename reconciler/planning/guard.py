"""Guards: small pure functions, each holding back what it must not let pass, with reason and release.

`held_back` runs them in order. A guard never removes a change; it withholds it, so that the plan
shows what was stopped and how to release it. There is no force.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from reconciler.model.kind import Registry
from reconciler.model.state import LiveState
from reconciler.model.words import counted, inhabitants
from reconciler.planning.draft import Draft
from reconciler.planning.options import PlanOptions
from reconciler.planning.project import facts_after, facts_before
from reconciler.planning.resolve import DesiredState


class Situation(NamedTuple):
    """What guards may look at. `suspended` are the tenants whose suspension by command stands."""

    desired: DesiredState
    live: LiveState
    options: PlanOptions
    registry: Registry
    suspended: frozenset[str] = frozenset()


NOT_EMPTY = "not-empty"
"""The guard that holds back the end of what is still in use."""

Guard: TypeAlias = Callable[[list[Draft], Situation], list[Draft]]


def outside_only(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """What `--only` leaves out is not part of the plan."""
    return [draft for draft in drafts if situation.options.selects(draft.change.address)]


def empty_input(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """Manifests that declare nothing at all are an accident, not a wish."""
    if situation.desired.resources or situation.desired.retired:
        return drafts
    reason = "the manifests declare nothing at all, and objects of ours are live"
    return [
        draft.withhold("empty", reason, "check the root directory; retire tenants one by one")
        for draft in drafts
    ]


def own_client(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """Our own client's fields and grants are never ours to change."""
    operator = situation.live.operator_id
    return [
        draft.withhold("operator", "it is our own client", "manage it outside these manifests")
        if draft.live and draft.live.id == operator
        else draft
        for draft in drafts
    ]


def protected(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """What `protect` selects is never deleted, deactivated or stripped, declared or not."""
    return [_unless_unprotected(draft, situation) for draft in drafts]


def _unless_unprotected(draft: Draft, situation: Situation) -> Draft:
    address = draft.change.address
    selector = next((item for item in situation.desired.org.protect if item.matches(address)), None)
    if selector is None or not is_removal(draft, situation.registry):
        return draft
    return draft.withhold(
        "protected", f"`protect` lists {selector}", "remove it from `protect` of the Org document"
    )


def not_empty(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """A wall goes only when nothing lives behind it."""
    wall = situation.registry.pair[1]
    return [
        _if_empty(draft, situation)
        if draft.change.action == "delete" and draft.change.address.kind == wall
        else draft
        for draft in drafts
    ]


def _if_empty(draft: Draft, situation: Situation) -> Draft:
    counts = situation.live.counts.get(draft.identity)
    if counts is not None and not any(counts.values()):
        return draft
    reason = f"it still holds {inhabitants(counts)}" if counts else "how many objects live there is unknown"
    return draft.withhold(NOT_EMPTY, reason, "move or delete them first")


def wall_room(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """No more walls are made than the organisation has room for; of too many the first by address are."""
    wall, limit = situation.registry.pair[1], situation.live.wall_limit
    new = sorted(item.change.address for item in drafts if _makes(item, wall))
    room = max(0, limit - len(situation.live.of(wall))) if limit is not None else len(new)
    late = set(new[room:])
    reason = (
        f"the organisation may have {counted(limit or 0, wall)}, {len(new)} are to be made, {room} fit in"
    )
    release = "delete some, or ask the vendor to raise the limit; --only picks which come first"
    return [
        draft.withhold("division-limit", reason, release) if draft.change.address in late else draft
        for draft in drafts
    ]


def _makes(draft: Draft, kind: str) -> bool:
    return draft.runs and draft.change.action == "create" and draft.change.address.kind == kind


def is_removal(draft: Draft, registry: Registry) -> bool:
    """Whether the object is deleted, retired (stripped, deactivated) or loses its last grant."""
    if draft.after is None:
        return True
    if draft.live is None or draft.change.action == "adopt":
        return False
    if draft.change.origin is None:
        return draft.after != draft.before  # an orphan on its way out
    return bool(facts_before(draft, registry)) and not facts_after(draft, registry)


GUARDS: tuple[Guard, ...] = (
    outside_only,
    empty_input,
    own_client,
    protected,
    not_empty,
    wall_room,
)
"""Those that look at one change alone, in order; `guard_access` and `guard_limits` look at all of them."""


def held_back(drafts: list[Draft], situation: Situation) -> list[Draft]:
    """The drafts after every guard here had its say."""
    for guard in GUARDS:
        drafts = guard(drafts, situation)
    return drafts
