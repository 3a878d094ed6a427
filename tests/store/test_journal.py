"""What a journal was told is kept, durably and in order, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Table, insert, select, update

from reconciler.errors import JournalError, UsageError
from reconciler.model.address import Address
from reconciler.model.secret import Secret
from reconciler.store import opening
from reconciler.store.archive import Archive
from reconciler.store.place import File, Server
from reconciler.store.tables import OPERATIONS, REPAIRS, RUNS, SCHEMA, VERSION
from tests.architecture.source import ROOT
from tests.store.kept import ORG_ID, START, file, ids, intent, journal, run

Place = File | Server
MOMENT = timedelta(seconds=35)


def test_a_run_is_read_as_it_was_told(place: Place) -> None:
    book = journal(place)
    book.begin(run())
    book.intend(run().id, intent(2))
    book.intend(run().id, intent(1))
    book.conclude(run().id, intent(2).operation, "")
    book.conclude(run().id, intent(1).operation, "409 already there")
    ended = run(ended="2026-11-20T14:03:00.000Z", code=5, summary={"created": 1, "failed": 1}, error="")
    book.end(ended)
    book.close()
    found, steps = Archive(place).one(run().id)
    assert found == ended
    assert [(step.intent, step.fate, step.error) for step in steps] == [
        (intent(2), "done", ""),
        (intent(1), "failed", "409 already there"),
    ]


def test_an_intent_without_an_answer_stays_unresolved(place: Place) -> None:
    book = journal(place)
    book.begin(run())
    book.intend(run().id, intent())
    found, (step,) = Archive(place).one(run().id)
    assert (found.ended, found.code, found.unresolved) == ("", None, 1)
    assert (step.fate, step.concluded) == ("unresolved", "")
    book.close()


def test_an_intent_that_is_told_again_is_dated_anew_and_keeps_its_place(place: Place) -> None:
    times = iter(START + timedelta(seconds=number) for number in range(9))
    book = journal(place, now=lambda: next(times))
    book.begin(run())
    for each in (intent(2), intent(1)):
        book.intend(run().id, each)
    book.conclude(run().id, intent(2).operation, "interrupted")
    book.intend(run().id, intent(2))
    first, second = Archive(place).one(run().id)[1]
    assert (first.intent, first.fate, first.error) == (intent(2), "unresolved", "")
    assert first.intended > second.intended and second.intent == intent(1)
    book.close()


KILLED = """
import os, signal, sys
from reconciler.store.place import place_of
from tests.store.kept import intent, journal, run
book = journal(place_of(sys.argv[1], {}))
book.begin(run())
book.intend(run().id, intent())
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_told_outlives_a_process_that_is_killed(place: Place) -> None:
    setting = place.url if isinstance(place, Server) else str(place.path)
    killed = subprocess.run([sys.executable, "-c", KILLED, setting], cwd=ROOT, check=False)
    assert killed.returncode == -9
    found, (step,) = Archive(place).one(run().id)
    assert (found.unresolved, step.intent) == (1, intent())
    again = journal(place)
    again.begin(run(2))
    again.close()
    assert ids(place) == [run(2).id, run(1).id]


def test_the_newest_run_comes_first_and_others_organisations_only_when_asked_for(place: Place) -> None:
    book = journal(place)
    for each in (run(2), run(3, organization_id="another", org_name="fabrikam"), run(1)):
        book.begin(each)
    book.intend(run(1).id, intent())
    book.close()
    archive = Archive(place)
    ours = [(each.id, each.unresolved) for each in archive.newest(ORG_ID, 10)[0]]
    assert ours == [(run(2).id, 0), (run(1).id, 1)]
    assert ids(place)[0] == run(3).id
    newest, total = archive.newest("", 1)
    assert ([each.id for each in newest], total) == ([run(3).id], 3)
    assert archive.newest("nobody", 10) == ((), 0)


def test_a_run_is_found_by_what_only_it_begins_or_ends_with(place: Place) -> None:
    book = journal(place)
    for number in range(1, 8):
        book.begin(run(number))
    book.close()
    archive = Archive(place)
    assert archive.one("2026-11-20T14:03")[0].id == archive.one("000003")[0].id == run(3).id
    with pytest.raises(UsageError, match=r"is not one run: .*, …"):
        archive.one("2026-11-20")
    for nobody in ("2027", "%", "_", "3"):
        with pytest.raises(UsageError, match="there is no run"):
            archive.one(nobody)


def test_where_nothing_was_kept_nothing_is_read_and_nothing_is_made(place: Place) -> None:
    assert Archive(place).newest("", 10) == ((), 0)
    with pytest.raises(UsageError, match="there is no run"):
        Archive(place).one("2026")
    if isinstance(place, File):
        assert not place.path.parent.exists()


def test_text_from_outside_never_stops_a_journal(place: Place) -> None:
    book, odd = journal(place), "a\0b \ud800 \x1b[2J Ω \U0001f600"
    book.begin(run(actor=odd))
    book.intend(run().id, intent(path=odd))
    book.conclude(run().id, intent().operation, odd)
    book.end(run(ended="2026-11-20T14:03:00.000Z", error=odd))
    book.close()
    found, (step,) = Archive(place).one(run().id)
    told = "a\\x00b \\ud800 \x1b[2J Ω \U0001f600"
    assert [found.actor, found.error, step.intent.path, step.error] == [told] * 4


@pytest.mark.parametrize("field", ["operation", "method", "nonce"])
def test_a_secret_cannot_be_told(place: Place, field: str) -> None:
    book = journal(place)
    book.begin(run())
    with pytest.raises(JournalError) as refused:
        book.intend(run().id, intent()._replace(**{field: cast(Any, Secret("CANARY-secret"))}))
    assert "CANARY" not in str(refused.value)
    assert Archive(place).one(run().id)[1] == ()
    book.close()


def test_no_intent_without_its_run(place: Place) -> None:
    book = journal(place)
    with pytest.raises(JournalError):
        book.intend(run().id, intent())
    book.close()


def test_a_run_of_the_same_name_is_refused_and_the_first_one_stays(place: Place) -> None:
    book = journal(place)
    book.begin(run(actor="dana"))
    with pytest.raises(JournalError):
        book.begin(run(actor="kim"))
    assert Archive(place).one(run().id)[0].actor == "dana"
    book.close()


def test_first_runs_at_the_same_moment_make_the_tables_once(place: Place) -> None:
    def first(number: int) -> None:
        book = journal(place)
        book.begin(run(number))
        book.close()

    with ThreadPoolExecutor(6) as several:
        list(several.map(first, range(6)))
    assert len(ids(place)) == 6


def test_tables_of_a_newer_version_are_left_alone(place: Place) -> None:
    book = journal(place)
    book.begin(run())
    book.close()
    engine = opening.connect(place)
    with engine.begin() as connection:
        connection.execute(update(SCHEMA).values(version=VERSION + 1))
    for use in (lambda: journal(place), lambda: Archive(place).newest("", 1)):
        with pytest.raises(JournalError) as refused:
            use()
        assert f"newer reconciler (version {VERSION + 1}" in refused.value.message
        assert "use that version" in refused.value.remedy and "`off`" in refused.value.remedy
    with engine.begin() as connection:
        connection.execute(update(SCHEMA).values(version=VERSION))
    engine.dispose()
    assert ids(place) == [run().id]


def test_tables_that_a_newer_version_makes_at_this_moment_stay_newer(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen as missing, and there when the transaction begins."""
    journal(place).close()
    engine = opening.connect(place)
    with engine.begin() as connection:
        connection.execute(update(SCHEMA).values(version=VERSION + 1))
    with monkeypatch.context() as before:
        before.setattr(opening, "version", lambda engine, place: 0)
        journal(place).close()
    with engine.connect() as connection:
        assert connection.execute(select(SCHEMA.c.version)).scalars().all() == [VERSION + 1]
    engine.dispose()


def test_what_another_program_keeps_there_is_left_alone(place: Place) -> None:
    """A database may be shared; only our own tables are ours."""
    if isinstance(place, File):
        place.path.parent.mkdir()
    engine = opening.connect(place)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (x INTEGER)")
        connection.exec_driver_sql("INSERT INTO theirs VALUES (7)")
    assert Archive(place).newest("", 10) == ((), 0)
    book = journal(place)
    book.begin(run())
    book.close()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT x FROM theirs").scalar() == 7
    engine.dispose()


def test_every_column_of_a_step_is_needed(place: Place) -> None:
    """A row that is not whole is refused by the database too."""
    book = journal(place)
    book.begin(run())
    engine = opening.connect(place)
    with pytest.raises(Exception, match=r"(?i)not.null"), engine.begin() as connection:
        connection.execute(insert(OPERATIONS).values(run=run().id, operation="x", number=1))
    engine.dispose()
    book.close()


def test_a_connection_that_was_cut_while_idle_is_made_anew(database: str) -> None:
    import psycopg

    place = Server(database, "postgresql://here", "")
    book = journal(place)
    book.begin(run())
    with psycopg.connect(database) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
    book.intend(run().id, intent())
    book.end(replace(run(), ended="2026-11-20T14:03:00.000Z"))
    book.close()
    assert Archive(place).one(run().id)[0].unresolved == 1


def test_what_was_put_right_is_counted_by_runs_of_that_organisation_since_then(place: Place) -> None:
    wall, other = Address("acme", "division", "us"), Address("acme", "division", "ca")
    book = journal(place)
    for number in (1, 2, 3):
        book.begin(run(number))
        book.repaired(run(number).id, [wall, other] if number == 2 else [wall])
    book.begin(run(4, organization_id="another"))
    book.repaired(run(4).id, [wall])
    book.close()
    past = Archive(place)
    assert past.repairs(ORG_ID, START) == {wall: 3, other: 1}
    assert past.repairs(ORG_ID, START + timedelta(minutes=3)) == {wall: 1}


def test_what_was_written_moments_ago_is_found_again(place: Place) -> None:
    book = journal(place)
    book.begin(run())
    for number in (1, 2, 3, 5):
        book.intend(run().id, intent(number))
    book.intend(run().id, intent(4, method="PUT"))
    book.conclude(run().id, intent(1).operation, "")
    book.conclude(run().id, intent(2).operation, "no answer", heard=False)
    book.conclude(run().id, intent(5).operation, "409 already there")
    book.close()
    past = Archive(place)
    found = past.recent(ORG_ID, MOMENT, START)
    assert found is not None
    assert [step.fate for step in found.steps] == ["done", "unresolved", "unresolved", "failed", "unresolved"]
    assert found.whole == isinstance(place, Server)
    assert past.recent("another", MOMENT, START) is None


def test_what_was_written_long_ago_is_not_recent(place: Place) -> None:
    began_and_intended(place)
    set_times(place, "2026-11-20T13:59:00.000Z")
    found = Archive(place).recent(ORG_ID, MOMENT, START)
    assert found is not None and found.steps == ()


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(hours=1)], ids=["behind", "ahead"])
def test_on_a_server_the_runners_clocks_do_not_matter(place: Place, off: timedelta) -> None:
    """In a file the one machine's clock counts."""
    began_and_intended(place)
    found = Archive(place).recent(ORG_ID, MOMENT, START + off)
    assert found is not None
    if isinstance(place, File):
        assert found.now == START + off and len(found.steps) == (off < timedelta())
        return
    (step,) = found.steps
    ages = [found.now - datetime.fromisoformat(each) for each in (step.intended, step.concluded)]
    assert all(timedelta() <= age < timedelta(minutes=1) for age in ages) and ages[0] >= ages[1]


@pytest.mark.parametrize(
    ("table", "broken"),
    [
        (OPERATIONS, {"address": "no address"}),
        (OPERATIONS, {"intended": "tomorrow"}),
        (OPERATIONS, {"intended": "2099-01-01T00:00:00"}),
        (OPERATIONS, {"concluded": "yesterday"}),
        (RUNS, {"summary": "{"}),
        (RUNS, {"summary": "[]"}),
        (REPAIRS, {"address": "no address"}),
    ],
)
def test_a_record_that_cannot_be_read_is_told_as_such(
    tmp_path: Path, table: Table, broken: dict[str, str]
) -> None:
    place = file(tmp_path)
    began_and_intended(place)
    engine = opening.connect(place)
    with engine.begin() as connection:
        connection.execute(update(table).values(broken))
    engine.dispose()
    past = Archive(place)
    ask: dict[Table, Callable[[], Any]] = {
        OPERATIONS: lambda: past.recent(ORG_ID, MOMENT, START),
        RUNS: lambda: past.newest("", 1),
        REPAIRS: lambda: past.repairs(ORG_ID, START),
    }
    with pytest.raises(JournalError) as caught:
        ask[table]()
    assert place.shown in caught.value.message and "RECONCILER_STATE" in caught.value.remedy


def began_and_intended(place: Place) -> None:
    """A run with one write that was answered, and one thing put right."""
    book = journal(place)
    book.begin(run())
    book.intend(run().id, intent())
    book.conclude(run().id, intent().operation, "")
    book.repaired(run().id, [intent().address])
    book.close()


def set_times(place: Place, text: str) -> None:
    engine = opening.connect(place)
    with engine.begin() as connection:
        connection.execute(update(OPERATIONS).values(intended=text, concluded=text))
    engine.dispose()
