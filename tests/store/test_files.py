"""The SQLite file: its owner's alone, shared by processes, and nothing is lost when it is of no use."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import JournalError
from reconciler.store import files, opening
from reconciler.store.archive import Archive
from reconciler.store.place import File
from tests.architecture.source import ROOT
from tests.store.kept import file, file_with_a_run, ids, intent, journal, now, run


@pytest.fixture
def place(tmp_path: Path) -> File:
    return file_with_a_run(tmp_path)


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    before, place = os.umask(0), file(tmp_path)
    try:
        book = journal(place)
        book.begin(run())
        modes = {path.name: path.stat().st_mode & 0o777 for path in place.path.parent.iterdir()}
        book.close()
    finally:
        os.umask(before)
    assert place.path.parent.stat().st_mode & 0o777 == 0o700
    assert set(modes.values()) == {0o600} and "history.sqlite-wal" in modes


def test_a_commit_is_on_the_disk_before_it_is_told() -> None:
    """WAL alone may lose the last commits with the power; FULL is what makes an intent an intent."""
    connection = opening.connect(File(Path(":memory:"))).raw_connection()
    assert connection.cursor().execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()


def _garbage(path: Path) -> None:
    path.write_bytes(b"this is no database" * 500)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _holes(path: Path) -> None:
    """The first page, which says what there is, survives; the tables do not."""
    kept = path.read_bytes()
    path.write_bytes(kept[:4096] + b"\xff" * (len(kept) - 4096))


def _runs_only(path: Path) -> None:
    """The version can be read, and no run be written."""
    with sqlite3.connect(path) as database:
        (page,) = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'reconciler_runs'"
        ).fetchone()
    database.close()
    kept = bytearray(path.read_bytes())
    kept[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(kept)


@pytest.mark.parametrize("damage", [_garbage, _cut, _holes, _runs_only])
def test_a_damaged_file_is_set_aside_and_told_and_the_run_goes_on(
    place: File, damage: Callable[[Path], None]
) -> None:
    damage(place.path)
    broken, told = place.path.read_bytes(), list[str]()
    for number in (2, 3):
        book = journal(place, told)
        book.begin(run(number))
        book.intend(run(number).id, intent())
        book.close()
    (aside,) = place.path.parent.glob("*.damaged-20261120T140000Z")
    assert aside.read_bytes() == broken
    assert len(told) == 1 and str(aside) in told[0] and str(place.path) in told[0]
    assert ids(place) == [run(3).id, run(2).id]


def test_damage_on_damage_overwrites_nothing(place: File) -> None:
    for number in range(3):
        place.path.write_bytes(f"no database {number}".encode() * 500)
        book = journal(place)
        book.begin(run())
        book.close()
    kept = {path.read_bytes()[:13] for path in place.path.parent.glob("*.damaged-*")}
    assert kept == {b"no database 0", b"no database 1", b"no database 2"}


def test_what_lies_beside_a_damaged_file_goes_with_it(place: File) -> None:
    """A log that was meant for another file would be played into the new one."""
    _garbage(place.path)
    beside = Path(f"{place.path}-wal")
    beside.write_bytes(b"of a process that was killed")
    aside = files.set_aside(place.path, now())
    assert Path(f"{aside}-wal").read_bytes() == b"of a process that was killed"
    assert not beside.exists() and not place.path.exists()


def test_reading_damage_moves_nothing(place: File) -> None:
    _garbage(place.path)
    with pytest.raises(JournalError, match="is damaged") as refused:
        Archive(place).newest("", 1)
    assert "move the file away" in refused.value.remedy
    assert [path.name for path in place.path.parent.iterdir()] == ["history.sqlite"]


def test_a_file_that_another_process_holds_is_told(place: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    book, other = journal(place), sqlite3.connect(place.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="another process holds it"):
        book.begin(run(2))
    other.execute("ROLLBACK")
    book.begin(run(2))
    book.close()
    other.close()


def test_whoever_reads_does_not_hold_up_whoever_writes(place: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    reader = sqlite3.connect(place.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM reconciler_runs").fetchall()
    book = journal(place)
    book.begin(run(2))
    assert ids(place) == [run(2).id, run(1).id]
    book.close()
    reader.close()


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "history.sqlite", tmp_path, tmp_path / "file" / "below" / "x.sqlite"):
        with pytest.raises(JournalError, match="cannot be written") as refused:
            journal(File(path))
        assert str(path) in refused.value.message and "`off`" in refused.value.remedy


FILLING = """
import sys
from pathlib import Path
from reconciler.errors import JournalError
from reconciler.store.place import File
from tests.store.kept import intent, journal, run
book = journal(File(Path(sys.argv[1])))
book.begin(run(2))
for number in range(500):
    try:
        book.intend(run(2).id, intent(number))
    except JournalError as error:
        print(number, error.message)
        raise SystemExit
"""


def test_a_full_disk_is_told_and_what_was_there_stays(place: File) -> None:
    """A process whose files may not grow beyond some size, as on a disk that is full."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    command = [sys.executable, "-c", FILLING, str(place.path)]
    ran = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, preexec_fn=limited)
    number, _, message = ran.stdout.partition(" ")
    assert str(place.path) in message and "full" in message, ran
    found, steps = Archive(place).one(run(2).id)
    assert found.unresolved == len(steps) == int(number) > 0
    assert ids(place) == [run(2).id, run(1).id]


WRITING = """
import sys
from pathlib import Path
from reconciler.store.place import File
from tests.store.kept import intent, journal, run
me = run(int(sys.argv[2]), organization_id=sys.argv[2])
book = journal(File(Path(sys.argv[1])))
book.begin(me)
print("begun", flush=True)
sys.stdin.readline()
for number in range(60):
    book.intend(me.id, intent(number))
    book.conclude(me.id, intent(number).operation, "")
book.close()
"""


def test_processes_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    """Different organisations, one file; all begin on a file that is not there yet."""
    place = file(tmp_path)
    several = [
        subprocess.Popen(
            [sys.executable, "-c", WRITING, str(place.path), str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2, 3)
    ]
    for each in several:
        assert each.stdout is not None and each.stdout.readline() == "begun\n"
    ends = [each.communicate("go\n")[0] for each in several]
    assert [each.returncode for each in several] == [0, 0, 0], ends
    assert len(ids(place)) == 3
    for number in (1, 2, 3):
        _, steps = Archive(place).one(run(number).id)
        assert [step.intent for step in steps] == [intent(each) for each in range(60)]
        assert {step.fate for step in steps} == {"done"}
