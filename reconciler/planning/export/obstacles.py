"""Obstacles: what keeps an object out of the manifests, whatever they could say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from typing import NamedTuple

from reconciler.model.finding import Severity
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.rule import Rule
from reconciler.model.state import Live, LiveState
from reconciler.planning.export.entries import Known
from reconciler.planning.export.values import Brief, Obstacle, shown
from reconciler.planning.handing import Pair, covered
from reconciler.planning.index import lost_once_ours, ours

UNUSED_ROLE = Rule(
    "export/unused-role",
    "A role that nobody holds gives no access; taking it over would only make it somebody's.",
    "Declare it with `adopt` if it is to be managed.",
)
DUPLICATE_NAME = Rule(
    "export/duplicate-name",
    "Two objects of one name: which of them a manifest means, only you can tell.",
    "Rename all but one, then try again.",
)
DUPLICATE_MARKER = Rule(
    "export/duplicate-marker",
    "Two objects carry the marker of one entry, so that one of them is a copy with access of its own.",
    "Remove the marker from all but one.",
)
FOREIGN_MARKER = Rule(
    "export/foreign-marker",
    "It belongs to another installation, which would put it back as it was.",
    "Let that installation manage it, or remove its marker.",
)
UNFINISHED = Rule(
    "export/unfinished",
    "Its secret has not arrived; declared as it is, it would look finished.",
    "Let an apply of the manifests it came from finish it first.",
)
DEFAULT_ROLE = Rule(
    "export/default-role",
    "The vendor changes its default roles with its releases; no manifest can keep them as they are.",
    "Refer to it with `existing`.",
)
OPERATOR_ROLE = Rule(
    "export/operator-role",
    "Our own client works by this role; a manifest that changed it could lock us out.",
    "Refer to it with `existing`.",
)
NOT_HELD = Rule(
    "export/not-held",
    "Who hands a role on has to hold it, and our client may not lend itself one that is not ours.",
    "Give the operator what it lacks, or leave the object unmanaged.",
)

UNUSED = Obstacle(
    UNUSED_ROLE,
    "nobody who is exported holds it",
    "declare it with `adopt` if it is to be managed",
    Severity.INFO,
)
"""Of roles that could be taken over, and need not be."""


class Scene(NamedTuple):
    """What an export looks at. `barred` are ids that have to stay out, by what was learnt of them."""

    live: LiveState
    registry: Registry
    brief: Brief
    barred: Mapping[str, Obstacle]

    @property
    def org(self) -> str:
        """The installation whose marker says that something is ours."""
        return self.brief.org.name

    def objects(self, kind: AnyKind) -> list[Live]:
        """What may be exported of a kind: not what is protected, our own client, half a rotation."""
        return [
            item
            for item in self.live.of(kind.name)
            if not item.protected
            and item.id != self.live.operator_id
            and not (item.marker and item.marker.address.part)
        ]


def doubled(items: list[Live], org: str) -> Mapping[str, Obstacle]:
    """Objects of one kind that share a name, or a marker, with another: an author has to tell them apart."""
    names = Counter(item.name.casefold() for item in items)
    markers = Counter(item.marker.address for item in items if ours(item, org) and item.marker)
    found: dict[str, Obstacle] = {}
    for item in items:
        number = names[item.name.casefold()]
        if ours(item, org) and item.marker:
            if markers[item.marker.address] > 1:
                found[item.id] = _same_marker(item)
        elif number > 1:
            found[item.id] = _same_name(item, number)
    return found


def _same_name(item: Live, number: int) -> Obstacle:
    reason = f"{number} are called {shown(item.name)}, and a manifest names each once"
    return Obstacle(DUPLICATE_NAME, reason, "rename all but one, then try again")


def _same_marker(item: Live) -> Obstacle:
    reason = f"another {item.kind} carries its marker too"
    return Obstacle(DUPLICATE_MARKER, reason, "remove the marker from all but one")


def common(item: Live, twins: Mapping[str, Obstacle], scene: Scene) -> Obstacle | None:
    """What may be in the way of an object of any kind."""
    if item.id in scene.barred:
        return scene.barred[item.id]
    if item.marker is not None and not ours(item, scene.org):
        reason = f"it belongs to {item.marker.org}/{item.marker.address}"
        remedy = "leave it to that installation, or export under its name (--name)"
        return Obstacle(FOREIGN_MARKER, reason, remedy)
    if item.marker is not None and item.marker.nonce:
        reason = "its secret has not arrived yet"
        return Obstacle(UNFINISHED, reason, "let an apply of the manifests it came from finish it first")
    return twins.get(item.id)


def role_obstacle(item: Live, scene: Scene) -> Obstacle | None:
    """Why a role is not ours to take, though it may well be referred to."""
    if item.protected:
        return Obstacle(DEFAULT_ROLE, item.protected, "no manifest changes it", Severity.INFO)
    if ours(item, scene.org):
        return None
    if item.id in lost_once_ours(scene.live, scene.brief.org):
        reason = "our own client holds it, and would have to return it once the role is ours"
        remedy = "give our client another role, then try again; or leave it unmanaged"
        return Obstacle(OPERATOR_ROLE, reason, remedy)
    return None


def not_handed_on(
    pairs: Set[Pair], lent: Set[str], refused: Mapping[str, Obstacle], scene: Scene, known: Known
) -> Obstacle | None:
    """Why our client could not write an object that holds these pairs, as a plan would find.

    `lent` are the roles that are ours or about to be, `refused` says why others are not.
    """
    own = scene.live.operator_pairs
    lending = scene.brief.org.hand_on == "borrow"
    missing = sorted(pair for pair in pairs if not (lending and pair[0] in lent) and not covered(pair, own))
    if not missing:
        return None
    named = ", ".join(f"{known.name(role)} in {known.name(wall)}" for role, wall in missing[:3])
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    why = refused.get(missing[0][0]) if lending else None
    because = f" (that role is not ours to lend: {why.reason})" if why else ""
    reason = f"our client could not hand on what it holds: {named}{more}{because}"
    remedy = f"grant these to `{scene.brief.org.operator}`, or take the role off the client; then try again"
    return Obstacle(NOT_HELD, reason, remedy)
