"""A database that an older version made is brought forward, and what it holds is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from reconciler.errors import JournalError
from reconciler.model.address import Address
from reconciler.model.lease import Claim, Taken
from reconciler.store import opening
from reconciler.store.archive import Archive
from reconciler.store.lease_file import FileLease
from reconciler.store.lease_server import ServerLease
from reconciler.store.notices import SqlNotices
from reconciler.store.place import File, Server
from reconciler.store.tables import METADATA, VERSION
from tests.store import older
from tests.store.kept import ORG_ID, START, intent, journal, now, run

Place = File | Server
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
EACH = pytest.mark.parametrize("version", range(1, VERSION))


def old(place: Place, version: int) -> None:
    """Such a database is at that place."""
    if isinstance(place, File):
        place.path.parent.mkdir(exist_ok=True)
    engine = opening.connect(place)
    with engine.begin() as connection:
        older.make(connection, version)
    engine.dispose()


def asked(place: Place, question: Callable[[Connection], Any]) -> Any:
    engine = opening.connect(place)
    with engine.connect() as connection:
        answer = question(connection)
    engine.dispose()
    return answer


def version_of(place: Place) -> int:
    return int(
        asked(place, lambda it: it.execute(text("SELECT version FROM reconciler_schema")).scalar_one())
    )


def shape(connection: Connection) -> dict[str, Any]:
    """Every table with its columns, keys and indexes, however it came to be."""
    ask = inspect(connection)
    return {
        table: (
            [(each["name"], str(each["type"]), each["nullable"]) for each in ask.get_columns(table)],
            ask.get_pk_constraint(table)["constrained_columns"],
            [(each["constrained_columns"], each["referred_table"]) for each in ask.get_foreign_keys(table)],
            [(each["name"], each["column_names"], each["unique"]) for each in ask.get_indexes(table)],
        )
        for table in ask.get_table_names()
    }


def test_every_older_version_is_known_here() -> None:
    """A new version fails here until what its predecessor was stands in `older.py`."""
    assert len(older.OLDER) == VERSION - 1


@EACH
def test_what_an_older_version_kept_is_kept(place: Place, version: int) -> None:
    old(place, version)
    book = journal(place)
    book.begin(run())
    book.intend(run().id, intent())
    book.repaired(run().id, [Address.parse(older.MENDED)])
    book.close()
    assert version_of(place) == VERSION
    past = Archive(place)
    found, steps = past.one(older.RUN)
    assert (found.actor, found.code, found.summary) == ("dana@desk", 5, {"created": 1, "failed": 1})
    assert [(str(each.intent.address), each.intent.nonce, each.fate) for each in steps] == [
        (older.BORN, "n1", "done"),
        (older.LOST, "n2", "unresolved"),
    ]
    assert past.repairs(ORG_ID, LONG_AGO) == {Address.parse(older.MENDED): 2 if version >= 2 else 1}


@pytest.mark.full
@EACH
def test_the_epoch_of_an_older_lease_goes_on_and_what_was_told_is_remembered(
    place: Place, version: int
) -> None:
    old(place, version)
    lease = ServerLease(place) if isinstance(place, Server) else FileLease(place, now)
    taken = lease.take(Claim(ORG_ID, "northwind", "next", "kim@desk", "desk"), 300.0)
    lease.close()
    assert isinstance(taken, Taken) and taken.epoch == (older.EPOCH + 1 if version >= 3 else 1)
    notices = SqlNotices(place)
    notices.keep(ORG_ID, "drift", ["a"])
    assert notices.told(ORG_ID, "drift") == {"a"}


@EACH
def test_an_older_database_becomes_what_a_new_one_is(place: Place, version: int) -> None:
    old(place, version)
    journal(place).close()
    forward = asked(place, shape)
    engine = opening.connect(place)
    with engine.begin() as connection:
        METADATA.drop_all(connection)
    engine.dispose()
    journal(place).close()
    assert forward == asked(place, shape) and len(forward) == len(METADATA.tables)


@EACH
def test_the_history_of_an_older_version_is_read_and_left_as_it_is(place: Place, version: int) -> None:
    old(place, version)
    past = Archive(place)
    ((newest,), total) = past.newest(ORG_ID, 5)
    assert (newest.id, newest.unresolved, total) == (older.RUN, 1, 1)
    assert past.repairs(ORG_ID, LONG_AGO) == ({Address.parse(older.MENDED): 1} if version >= 2 else {})
    assert past.recent(ORG_ID, timedelta(seconds=35), START) is not None
    assert version_of(place) == version


@pytest.mark.full
@EACH
def test_a_change_that_is_cut_short_leaves_the_older_version_whole(
    place: Place, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    old(place, version)
    before = asked(place, shape)

    def no_space(*anything: object) -> None:
        raise OperationalError("", None, Exception("no space is left"))

    with monkeypatch.context() as cut:
        cut.setattr(opening, "insert", no_space)  # every table is made, and its version not yet told
        with pytest.raises(JournalError, match="no space is left"):
            journal(place)
    assert (asked(place, shape), version_of(place)) == (before, version)
    journal(place).close()
    assert version_of(place) == VERSION and Archive(place).one(older.RUN)


def test_what_calls_itself_older_and_is_not_is_no_bug(place: Place) -> None:
    """Somebody's restored table without the rest."""
    if isinstance(place, File):
        place.path.parent.mkdir(exist_ok=True)
    engine = opening.connect(place)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE reconciler_schema (version INTEGER NOT NULL)")
        connection.exec_driver_sql("INSERT INTO reconciler_schema VALUES (2)")
    engine.dispose()
    with pytest.raises(JournalError):
        Archive(place).newest("", 1)
