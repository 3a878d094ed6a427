"""Scene: an estate as the reading of an organisation that holds just that.

What the estate only mentions is there too, barred: pairs may refer to it, nobody takes it over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from reconciler.errors import UsageError
from reconciler.model.access import EVERYWHERE
from reconciler.model.estate import HOME, Estate, Record
from reconciler.model.kind import SUBJECT_FIELD, AnyKind, Registry
from reconciler.model.rule import Rule
from reconciler.model.state import Live, LiveState, Reading
from reconciler.planning.export.obstacles import Scene
from reconciler.planning.export.values import Brief, Obstacle, shown
from reconciler.planning.handing import Pair
from reconciler.planning.offline import Evidence
from reconciler.planning.subjects import pairs_of

LOOKED_UP = Rule(
    "convert/looked-up",
    "Terraform only looks it up here; the state does not say what it is, nor who manages it.",
    "Convert the state that manages it, or write the organisation down with `export`.",
)
MENTIONED = Rule(
    "convert/mentioned",
    "Something holds it, and the state says no more of it than its id.",
    "Convert the state that manages it, or write the organisation down with `export`.",
)

_ELSEWHERE = "convert the state that manages it, or use `export`, which asks the organisation"


def scene_of(estate: Estate, registry: Registry, brief: Brief, holds: Sequence[str] = ()) -> Scene:
    """What `propose` looks at.

    What the client that will apply holds is known only where the estate has it; `holds` are names or ids
    of roles that it is said to hold everywhere.

    Raises:
        UsageError: the estate has no such role, or several.
    """
    listed = {
        kind.name: [kind.live(record.body) for record in _of(estate, kind)]
        + _mentioned(estate, kind, registry)
        for kind in registry
        if kind.collection.subjects is None
    }
    met = {
        kind.name: [_person(record, kind, estate) for record in _of(estate, kind) if not record.unfit]
        for kind in registry
        if kind.collection.subjects is not None
    }
    readings = {name: Reading(tuple(lives)) for name, lives in {**listed, **met}.items()}
    operator = _operator(brief.org.operator, listed, registry)
    live = LiveState(
        brief.org.organization_id,
        brief.org.name,
        readings,
        catalogue=public(brief.evidence),
        operator_id=operator.id if operator else "",
        operator_pairs=_pairs(operator, registry) | _said(holds, listed[registry.pair[0]]),
    )
    return Scene(live, registry, brief, dict(_barred(estate, registry, listed)))


def public(evidence: Evidence) -> dict[str, bool]:
    """The catalogue as public sources have it; what they leave open counts as confined, as in `validate`."""
    return {name: name in evidence.confined or name in evidence.undecided for name in evidence.known}


def _of(estate: Estate, kind: AnyKind) -> Iterator[Record]:
    """The records of a kind, each object once."""
    seen: set[str] = set()
    for record in estate.records:
        if record.path == kind.collection.path and record.id and record.id not in seen:
            seen.add(record.id)
            yield record


def _mentioned(estate: Estate, kind: AnyKind, registry: Registry) -> list[Live]:
    """What pairs refer to and no record is about. Of walls only Home: others can be told by their ids."""
    known = {record.id for record in _of(estate, kind)}
    held = {pair for record in estate.records for pair in _held(record, registry)}
    if kind.name == registry.pair[1]:
        home = {"id": HOME, "name": "Home", "homeDivision": True}
        return [kind.live(home)] if any(wall == HOME for _, wall in held) else []
    roles = {role for role, _ in held} - known if kind.name == registry.pair[0] else set()
    return [kind.live({"id": role, "name": ""}) for role in sorted(roles)]


def _held(record: Record, registry: Registry) -> Iterable[Pair]:
    if record.sort:
        return pairs_in(record)
    kind = next(each for each in registry if each.collection.path == record.path)
    second = kind.collection.second
    return kind.read(record.body)[second.field] if second else ()


def pairs_in(record: Record) -> frozenset[Pair]:
    """What a record says that a group or a user holds."""
    return frozenset((role, wall) for role, wall in record.body.get("pairs") or ())


def _person(record: Record, kind: AnyKind, estate: Estate) -> Live:
    name = estate.names.get(record.id, "")
    told = kind.read({"name": name, SUBJECT_FIELD: record.sort})
    fields = {**told, pairs_of(kind): pairs_in(record)}
    return Live(kind.name, record.id, name, fields, {"id": record.id})


def _operator(called: str, listed: Mapping[str, list[Live]], registry: Registry) -> Live | None:
    """The client that will apply, where the estate knows exactly one of that id or name."""
    holders = [live for kind in registry if kind.collection.second for live in listed.get(kind.name, ())]
    pinned = [live for live in holders if live.id == called]
    found = pinned or [live for live in holders if live.name == called]
    return found[0] if len(found) == 1 else None


def _pairs(item: Live | None, registry: Registry) -> frozenset[Pair]:
    second = registry[item.kind].collection.second if item else None
    found: Any = item.fields[second.field] if item and second else frozenset()
    return frozenset(found)


def _said(holds: Iterable[str], roles: list[Live]) -> frozenset[Pair]:
    ids = set()
    for called in holds:
        found = [role for role in roles if called in (role.id, role.name)]
        if len(found) != 1:
            reason = "several roles are" if found else "no role is"
            raise UsageError(f"--holds: {reason} called {shown(called)} in this state", remedy="give its id")
        ids.add(found[0].id)
    return frozenset((role, EVERYWHERE) for role in ids)


def _barred(
    estate: Estate, registry: Registry, listed: Mapping[str, list[Live]]
) -> Iterator[tuple[str, Obstacle]]:
    records = {(record.path, record.id): record for record in estate.records if record.id}
    for kind in registry:
        for live in listed.get(kind.name, ()):
            record = records.get((kind.collection.path, live.id))
            if record is None:
                reason = "the state holds nothing of it but its id"
                yield live.id, Obstacle(MENTIONED, reason, _ELSEWHERE)
            elif record.unfit:
                yield live.id, Obstacle(*record.unfit)
            elif not record.managed:
                reason = "Terraform only looks it up here, and the state does not say what it is"
                yield live.id, Obstacle(LOOKED_UP, reason, _ELSEWHERE)
