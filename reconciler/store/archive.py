"""The history: what journals have left behind, read and never changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, func, inspect, or_, select, true

from reconciler.errors import UsageError
from reconciler.model.address import Address
from reconciler.model.history import Intent, Recent, Run, Step, moment
from reconciler.store import clocks, files, opening
from reconciler.store.place import File, Server
from reconciler.store.tables import OPERATIONS, REPAIRS, RUNS
from reconciler.store.trouble import legible, told

T = TypeVar("T")
WHAT = "the history"
_NAMED = 5


class Archive:
    """Reads what is kept at a place. No file there, or a database without our tables: nothing is kept."""

    def __init__(self, place: File | Server) -> None:
        self._place = place

    def newest(self, organization_id: str, limit: int) -> tuple[tuple[Run, ...], int]:
        """The newest `limit` runs of an organisation ("" for all), newest first, and how many there are."""
        whose = RUNS.c.organization_id == organization_id if organization_id else true()

        def read(connection: Connection) -> tuple[tuple[Run, ...], int]:
            total = connection.execute(select(func.count()).select_from(RUNS).where(whose)).scalar_one()
            return _runs(connection, whose, limit), total

        nothing: tuple[tuple[Run, ...], int] = ((), 0)
        return self._read(read, nothing)

    def one(self, beginning: str) -> tuple[Run, tuple[Step, ...]]:
        """The run whose id begins so, or ends so after a hyphen, with its steps in order.

        Raises UsageError where there is none, or more than one.
        """
        column = RUNS.c.id
        meant = or_(
            column.startswith(beginning, autoescape=True), column.endswith(f"-{beginning}", autoescape=True)
        )

        def read(connection: Connection) -> tuple[Run, tuple[Step, ...]] | None:
            found = _runs(connection, meant, _NAMED)
            if len(found) > 1:
                raise _ambiguous(beginning, found)
            return (found[0], _steps(connection, found[0].id)) if found else None

        if (answer := self._read(read, None)) is None:
            raise UsageError(
                f"there is no run `{beginning}` in {self._place.shown}",
                remedy="`reconciler history` lists the runs that are there",
            )
        return answer

    def repairs(self, organization_id: str, since: datetime) -> Mapping[Address, int]:
        """Implements `ports.Past`."""

        def read(connection: Connection) -> Mapping[Address, int]:
            if not inspect(connection).has_table(REPAIRS.name):  # an older version of the tables
                return {}
            query = (
                select(REPAIRS.c.address, func.count())
                .join(RUNS, RUNS.c.id == REPAIRS.c.run)
                .where(RUNS.c.organization_id == organization_id, RUNS.c.started >= moment(since))
                .group_by(REPAIRS.c.address)
            )
            return {Address.parse(address): number for address, number in connection.execute(query)}

        nothing: Mapping[Address, int] = {}
        return self._read(read, nothing)

    def recent(self, organization_id: str, within: timedelta, now: datetime) -> Recent | None:
        """Implements `ports.Past`: other machines write elsewhere than into this one's file."""

        def read(connection: Connection) -> Recent | None:
            table = OPERATIONS.c
            present = _time(connection.execute(select(clocks.present(self._place, lambda: now))).scalar_one())
            since = moment(present - within)
            if not connection.scalar(
                select(RUNS.c.id).where(RUNS.c.organization_id == organization_id).limit(1)
            ):
                return None
            query = (
                select(OPERATIONS)
                .join(RUNS, RUNS.c.id == table.run)
                .where(RUNS.c.organization_id == organization_id)
                .where(or_(table.intended >= since, table.concluded >= since))
                .order_by(table.intended, table.number)
            )
            steps = tuple(map(_step, connection.execute(query).mappings()))
            return Recent(steps, present, whole=isinstance(self._place, Server))

        nothing: Recent | None = None
        return self._read(read, nothing)

    def _read(self, work: Callable[[Connection], T], nothing: T) -> T:
        if isinstance(self._place, File) and not files.is_there(self._place.itself):
            return nothing
        place = self._place
        with told(place, WHAT), self._connected() as connection, legible(place, WHAT):
            return nothing if connection is None else work(connection)

    @contextmanager
    def _connected(self) -> Iterator[Connection | None]:
        """A connection that reads; None where there are no tables."""
        engine = opening.connect(self._place)
        try:
            if opening.version(engine, self._place) == 0:
                yield None
                return
            with engine.connect().execution_options(**opening.READING) as connection:
                yield connection
        finally:
            engine.dispose()


def _ambiguous(beginning: str, found: tuple[Run, ...]) -> UsageError:
    ids = [run.id for run in found]
    more = ", …" if len(ids) == _NAMED else ""
    return UsageError(f"`{beginning}` is not one run: {', '.join(ids)}{more}", remedy="type more of the id")


def _runs(connection: Connection, where: ColumnElement[bool], limit: int) -> tuple[Run, ...]:
    unheard = (
        select(func.count())
        .where(OPERATIONS.c.run == RUNS.c.id, OPERATIONS.c.concluded == "")
        .scalar_subquery()
    )
    newest = RUNS.c.started.desc(), RUNS.c.id.desc()
    query = select(*RUNS.c, unheard.label("unresolved")).where(where).order_by(*newest).limit(limit)
    return tuple(map(_run, connection.execute(query).mappings()))


def _run(row: RowMapping) -> Run:
    _require_text(row, "id", "started", "summary")
    summary = json.loads(row["summary"])
    if not isinstance(summary, dict):
        raise ValueError(f"run {row['id']} counts nothing that it did")
    return Run(**{**row, "summary": summary})


def _steps(connection: Connection, run: str) -> tuple[Step, ...]:
    query = select(OPERATIONS).where(OPERATIONS.c.run == run).order_by(OPERATIONS.c.number)
    return tuple(map(_step, connection.execute(query).mappings()))


def _step(row: RowMapping) -> Step:
    _require_text(row, "address", "intended", "concluded")
    address = Address.parse(row["address"])
    intent = Intent(row["operation"], address, row["method"], row["path"], row["nonce"])
    for text in filter(None, (row["intended"], row["concluded"])):
        _time(text)
    return Step(intent, row["intended"], row["concluded"], row["error"])


def _require_text(row: RowMapping, *names: str) -> None:
    """A file keeps whatever somebody puts into it."""
    for name in names:
        if not isinstance(row[name], str):
            raise ValueError(f"`{name}` is no text")


def _time(text: str) -> datetime:
    """A time as history writes it; raises ValueError for anything else."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"`{text}` does not say in which zone")
    return time
