"""What an administrator changed is told before it is undone, or left alone: nobody writes over it unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reconciler.planning.contested import MOST_REPAIRS
from reconciler.planning.fresh import KNOWN_FOR
from tests.faults.edits import DAY, Edit, Overwritten, Told, fields_of
from tests.faults.organisation import LAG
from tests.faults.watch import Moment, Watch, marker_of

if TYPE_CHECKING:
    from tests.faults.place import Place
    from tests.faults.stage import Stage

OLD = KNOWN_FOR + LAG + 1.0
"""Seconds after which no write may do without a look that shows an edit, caches and the way counted in."""
_TABLES = ("clients", "roles", "divisions")


def told_first(watch: Watch, moment: Moment) -> Iterator[str]:
    """An edit that stood when the plan was read is undone only where the plan tells it."""
    for each, told in _undone(watch, moment):
        if _stood(each, told, moment.place) and not _tells(told, each):
            yield f"{each}, and no plan said so"


def looked_first(watch: Watch, moment: Moment) -> Iterator[str]:
    """One that came later is seen by whoever replaces the object once the edit is old.

    Excepted by design (docs/one-writer.md): what is younger, and pairs that are given one by one.
    """
    for each, told in _undone(watch, moment):
        late = moment.at - each.edit.at > OLD and not _stood(each, told, moment.place)
        if late and _replaces(moment, each.key):
            yield f"{each}, unseen by a run that had read it before"


def no_fight(watch: Watch, moment: Moment) -> Iterator[str]:
    """What runs that are on record put right three times within a day stays as somebody wants it."""
    for each, told in _undone(watch, moment):
        times = [at for at in watch.edits.put_right[each.key] if moment.at - at < DAY]
        if told.remembers and told.is_drift(each.key) and len(times) >= MOST_REPAIRS:
            yield f"{each}, after it was put right {len(times)} times within a day"


def left_alone(place: Place) -> Iterator[str]:
    """What stands in the end as a hand left it is declared so, or told by a plan of the last run."""
    said = {key for told in place.told for key in told.changes}
    for (key, name), edit in place.watch.edits.standing.items() if place.told else ():
        table = next((each for each in _TABLES if key in place.sim.org.live.table(each).rows), "")
        row = place.sim.org.live.table(table).rows[key] if table else {}
        marker = marker_of(row)
        if marker is None or row.get("state") == "deleted" or fields_of(table, row).get(name) != edit.value:
            continue
        if key not in said and not _is_declared(place, table, str(marker.address), edit):
            yield f"{name} of {marker.address} is {edit.value!r} by hand, and no plan says so"


def _undone(watch: Watch, moment: Moment) -> Iterator[tuple[Overwritten, Told]]:
    """What a commit of a run undoes that showed a plan, with that plan."""
    for each in watch.edits.overwritten(moment):
        if moment.place.told:
            yield each, moment.place.told[-1]


def _stood(each: Overwritten, told: Told, place: Stage) -> bool:
    """Whether what was read for the plan showed it, in whatever cache."""
    stale = place.case.weather == "hazy" or any(fault.kind == "stale" for fault in place.struck)
    return each.edit.at < told.since - (LAG if stale else 0.0)


def _replaces(moment: Moment, key: str) -> bool:
    request = moment.request
    return request is not None and request.method in ("PUT", "DELETE") and request.path.endswith(f"/{key}")


def _tells(told: Told, each: Overwritten) -> bool:
    """Whether the plan has that change: the end of the object, or the field as the hand left it."""
    change = told.changes.get(each.key)
    if change is None or change.action == "delete":
        return change is not None
    said = {field.path: field.live for field in change.fields}
    return each.name in said and (not isinstance(each.edit.value, str) or said[each.name] == each.edit.value)


def _is_declared(place: Place, table: str, owner: str, edit: Edit) -> bool:
    """Whether a way without any hand ends so."""
    ends = place.watch.known.end[table] if place.watch.known else []
    value = sorted(edit.value) if isinstance(edit.value, frozenset) else edit.value
    return any(owner in each and value in each for each in ends)
