"""Whatever a run puts down beside its intents may be refused, or be where it dies: the next run finishes.

That is: that it began, its lease, what it repaired, its end, its record.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from reconciler.cli.recording import Recording
from reconciler.reports import schema
from reconciler.secrets.file import FileSink
from reconciler.store.journal import SqlJournal
from reconciler.store.lease_file import FileLease
from tests.journeys.test_faults import _converges
from tests.journeys.test_journal import runs
from tests.journeys.world import APPLY, World

pytestmark = pytest.mark.full
RECORDED = (*APPLY, "--record", "records")


@pytest.fixture
def store() -> str:
    """These stories are about it."""
    return "kept"


@pytest.fixture
def begun(world: World) -> World:
    """Divisions are there, one changed by hand: the next run repairs it, and makes all else."""
    world.settle("--only", "org/division")
    row = world.row("divisions", "NW-Shared")
    body = {"name": row["name"], "description": f"mine now {row['description']}"}
    world.drift("PUT", f"authorization/divisions/{row['id']}", body)
    return world


class Killed(BaseException):
    """The process is no more."""


WRITES: tuple[tuple[type, str], ...] = (
    *((SqlJournal, name) for name in ("begin", "intend", "conclude", "repaired", "end")),
    *((FileLease, name) for name in ("take", "release")),
    *((FileSink, name) for name in ("reserve", "deliver")),
    (Recording, "_reserve"),
    (Recording, "_write"),
    (Path, "replace"),
)
"""Everything that a run changes on its own disk."""


class Point(NamedTuple):
    """Where a run dies: at the `number`-th call of such a write.

    `unfinished` runs are on record after it, for a death before and after the write is carried out.
    """

    whose: type
    name: str
    number: int
    unfinished: tuple[int, int]


class Death:
    """A process that dies there: from then on nothing of it reaches disk or organisation.

    What only goes with the process (a lock of the kernel, connections) goes as its objects are closed.
    """

    def __init__(self, world: World, point: Point, *, done: bool) -> None:
        self.dead, self._left = False, point.number
        self._at, self._done = (point.whose, point.name), done
        self._patch = world.patch
        self._respond = world.sim.respond
        for each in WRITES:
            self._watch(*each)
        world.patch.setattr(world.sim, "respond", self._answered)

    def _watch(self, whose: type, name: str) -> None:
        write: Callable[..., Any] = getattr(whose, name)

        def watching(own: Any, *given: Any, **more: Any) -> Any:
            self._live()
            self._left -= (whose, name) == self._at
            if (whose, name) != self._at or self._left:
                return write(own, *given, **more)
            if self._done:
                write(own, *given, **more)
            self.dead = True
            raise Killed

        self._patch.setattr(whose, name, watching)

    def _answered(self, request: Any) -> Any:
        self._live()
        return self._respond(request)

    def _live(self) -> None:
        if self.dead:
            raise Killed


def die(world: World, point: Point, *, done: bool) -> None:
    """An apply that dies there."""
    with pytest.MonkeyPatch.context() as patch:
        kept, world.patch = world.patch, patch
        death = Death(world, point, done=done)
        with pytest.raises(BaseException) as ended:
            world.run(*RECORDED)
        world.patch = kept
    assert death.dead and (ended.type is Killed or ended.group_contains(Killed)), ended
    unfinished = [each for each in runs(world) if each["exitCode"] is None]
    assert len(unfinished) == point.unfinished[done]


EARLY = [
    Point(Recording, "_reserve", 1, (0, 0)),
    Point(SqlJournal, "begin", 1, (0, 1)),
    Point(FileLease, "take", 1, (1, 1)),
]
"""Before anything is sent."""
LATE = [
    Point(FileLease, "release", 1, (1, 1)),
    Point(SqlJournal, "repaired", 1, (1, 1)),
    Point(SqlJournal, "end", 1, (1, 0)),
    Point(Recording, "_write", 2, (0, 0)),
    Point(Path, "replace", 2, (0, 0)),
]
"""After everything was sent; the last one between a record and its name."""


BOTH = pytest.mark.parametrize("done", [False, True], ids=["before", "after"])


def _points(chosen: list[Point]) -> pytest.MarkDecorator:
    names = [f"{each.whose.__name__}.{each.name}" for each in chosen]
    return pytest.mark.parametrize("point", chosen, ids=names)


@BOTH
@_points(EARLY)
def test_who_dies_before_anything_is_sent_has_changed_nothing(begun: World, point: Point, done: bool) -> None:
    before = len(begun.sim.writes())
    die(begun, point, done=done)
    assert len(begun.sim.writes()) == before
    _goes_on(begun)


@BOTH
@_points(LATE)
def test_who_dies_when_everything_was_sent_leaves_nothing_to_do(
    begun: World, point: Point, done: bool
) -> None:
    die(begun, point, done=done)
    _goes_on(begun)
    assert len([each for each in begun.sim.writes() if (each.method, each.path) == BIRTH]) == 7


BIRTH = ("POST", "/api/v2/oauth/clients")


def _goes_on(world: World) -> None:
    """Nobody holds the lease, the history can be read, records are whole, and runs end with nothing to do."""
    unfinished = [each for each in runs(world) if each["exitCode"] is None]
    _converges(world)
    assert [each for each in runs(world) if each["exitCode"] is None] == unfinished
    assert world.run(*RECORDED).code == 0
    for path in (world.place / "records").glob("*.json"):
        Draft202012Validator(schema("run")).validate(json.loads(path.read_text("utf-8")))


REFUSING = "CREATE TRIGGER refusing BEFORE {what} BEGIN SELECT RAISE(ABORT, 'the disk has had enough'); END"
BEGINS = {
    "run record": "INSERT ON reconciler_runs",
    "lease, taken": "UPDATE OF epoch ON reconciler_leases",
}
ENDS = {
    "repaired": ("INSERT ON reconciler_repairs", "the end of this run is not on record"),
    "end": ("UPDATE ON reconciler_runs", "the end of this run is not on record"),
    "lease, given back": (
        "UPDATE OF released ON reconciler_leases WHEN new.released > 0",
        "was not given back",
    ),
}


def refuse(world: World, what: str) -> None:
    _told_database(world, REFUSING.format(what=what))


def _told_database(world: World, statement: str) -> None:
    with sqlite3.connect(world.history) as database:
        database.execute(statement)
    database.close()


@pytest.mark.parametrize("what", BEGINS)
def test_where_the_run_or_its_lease_cannot_be_put_down_nothing_is_sent(begun: World, what: str) -> None:
    refuse(begun, BEGINS[what])
    ran, writes = begun.wrote(*RECORDED)
    assert (ran.code, writes) == (1, []), ran
    assert "the disk has had enough" in ran.err and "RECONCILER_STATE" in ran.err and "bug" not in ran.err
    _told_database(begun, "DROP TRIGGER refusing")
    _goes_on(begun)


@pytest.mark.parametrize("what", ENDS)
def test_what_cannot_be_put_down_at_the_end_is_told_and_changes_no_code(begun: World, what: str) -> None:
    statement, told = ENDS[what]
    refuse(begun, statement)
    ran = begun.run(*RECORDED)
    assert ran.code == 0 and told in ran.err and "the disk has had enough" in ran.err, ran
    _told_database(begun, "DROP TRIGGER refusing")
    _goes_on(begun)
