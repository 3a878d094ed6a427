"""Order among requests about groups and users: their role's marker tells of them, and one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise, product

from reconciler.model.access import Fact, Holds
from reconciler.model.kind import Registry
from reconciler.planning.draft import Draft
from reconciler.planning.graph import Node, in_order


def order_subjects(nodes: Mapping[str, Node], running: Iterable[Draft], registry: Registry) -> None:
    """Add the edges of requests that change what subjects hold."""
    unlisted = {kind.name for kind in registry if kind.collection.subjects}
    theirs = [node for node in nodes.values() if node.operation.address.kind in unlisted]
    if not theirs:
        return
    for draft in running:
        _tell_of_them(draft, nodes, theirs)
    _one_at_a_time(nodes, theirs)


def _tell_of_them(draft: Draft, nodes: Mapping[str, Node], theirs: list[Node]) -> None:
    """A role's marker says that somebody is given it before anybody is, and until nobody is any more."""
    telling = nodes.get(f"{draft.change.address}:update")
    was = draft.live is not None and draft.live.marker is not None and draft.live.marker.granted
    if telling is None or was == draft.work.granted:
        return
    for node in theirs:
        if draft.work.granted and _has(draft.identity, node.gained):
            node.after[telling.id] = "the role's marker tells of it first"
        if was and _has(draft.identity, node.lost):
            telling.after[node.id] = "the role's marker tells of it until then"


def _has(role: str, facts: Iterable[Fact]) -> bool:
    return any(isinstance(fact, Holds) and fact.role == role for fact in facts)


def _one_at_a_time(nodes: Mapping[str, Node], theirs: list[Node]) -> None:
    """One subject's grants are not changed by two requests at once: first it loses, then it gains.

    What it could not be taken keeps what it is to be given, or it might reach two tenants at once; else
    a failure does not keep the rest.
    """
    by_subject: dict[str, list[Node]] = defaultdict(list)
    places = {operation.id: place for place, operation in enumerate(in_order(nodes))}
    for node in sorted(theirs, key=lambda node: (bool(node.gained), places[node.id])):
        by_subject[_subject(node)].append(node)
    for several in by_subject.values():
        for earlier, later in pairwise(several):
            if earlier.id not in later.after and bool(earlier.gained) == bool(later.gained):
                later.after[earlier.id] = "one request at a time"
                later.whatever.add(earlier.id)
        for loss, gain in product(*_sides(several)):
            gain.after.setdefault(loss.id, "it loses before it gains")


def _sides(nodes: list[Node]) -> tuple[list[Node], list[Node]]:
    return [node for node in nodes if not node.gained], [node for node in nodes if node.gained]


def _subject(node: Node) -> str:
    return next(fact.subject for fact in node.gained | node.lost if isinstance(fact, Holds))
