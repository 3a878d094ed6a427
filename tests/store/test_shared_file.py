"""The SQLite file while several processes have it open: nobody's locks are lost, and nobody's log."""

from __future__ import annotations

import subprocess
import sys
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest

from reconciler.model.lease import Held, Taken
from reconciler.store import files
from reconciler.store.archive import Archive
from reconciler.store.lease_file import FileLease
from reconciler.store.place import File
from tests.architecture.source import ROOT
from tests.store.kept import file, ids, intent, journal, now, run
from tests.store.test_leases import claim

APPLYING = """
import sys
from pathlib import Path
from reconciler.store.lease_file import FileLease
from reconciler.store.notices import SqlNotices
from reconciler.store.place import File
from tests.store.kept import ORG_ID, intent, journal, now, run
from tests.store.test_leases import claim
place = File(Path(sys.argv[1]))
book = journal(place)
book.begin(run())
if sys.argv[2] == "lease":
    lease = FileLease(place, now)
    lease.take(claim("child"), 300.0)
elif sys.argv[2] == "notices":
    SqlNotices(place).told(ORG_ID, "drift")
else:
    journal(place).close()
print("holds it open", flush=True)
sys.stdin.readline()
for number in range(3):
    book.intend(run().id, intent(number))
print("told", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize(
    "also",
    ["lease", *(pytest.param(each, marks=pytest.mark.full) for each in ("notices", "another journal"))],
)
def test_what_is_told_after_another_process_read_and_left_outlives_a_kill(tmp_path: Path, also: str) -> None:
    """Whoever leaves last takes the log away: it may not believe itself alone while a run has it open.

    A process that closes any descriptor of a file loses all of its own locks on it: an apply that opened
    the file a second time, for its lease, would look to others as if it were not there.
    """
    place = file(tmp_path)
    command = [sys.executable, "-c", APPLYING, str(place.path), also]
    applying = subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True)
    assert applying.stdin and applying.stdout and applying.stdout.readline() == "holds it open\n"
    assert Archive(place).one(run().id)[1] == ()
    applying.stdin.write("go on\n")
    applying.stdin.flush()
    assert applying.stdout.readline() == "told\n"
    applying.kill()
    applying.communicate()
    _, steps = Archive(place).one(run().id)
    assert [step.intent for step in steps] == [intent(number) for number in range(3)]


@pytest.fixture
def link(tmp_path: Path) -> File:
    """A link in one directory to a file in another that is not there yet."""
    for name in ("real", "linked"):
        (tmp_path / name).mkdir()
    found = File(tmp_path / "linked" / "history.sqlite")
    found.path.symlink_to(tmp_path / "real" / "kept.sqlite")
    return found


def test_a_file_that_a_link_leads_to_has_one_lease(link: File) -> None:
    by_link, by_name = FileLease(link, now), FileLease(File(link.path.readlink()), now)
    assert isinstance(by_link.take(claim("first"), 1.0), Taken)
    assert isinstance(by_name.take(claim("second"), 1.0), Held)
    by_link.close()
    by_name.close()


def test_a_file_that_a_link_leads_to_is_made_for_its_owner_alone(link: File) -> None:
    journal(link).close()
    assert link.path.is_symlink() and link.path.stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_that_a_link_leads_to_is_set_aside_where_it_is(link: File) -> None:
    real = link.path.readlink()
    real.write_bytes(b"this is no database" * 500)
    told = list[str]()
    book = journal(link, told)
    book.begin(run())
    book.close()
    (aside,) = real.parent.glob("*.damaged-*")
    assert aside.read_bytes().startswith(b"this is no database") and str(aside) in told[0]
    assert link.path.is_symlink() and ids(File(real)) == ids(link) == [run().id]


@pytest.fixture
def damaged(tmp_path: Path) -> File:
    """A file that is no database."""
    place = file(tmp_path)
    place.path.parent.mkdir()
    place.path.write_bytes(b"this is no database" * 500)
    return place


def asides(place: File) -> list[bytes]:
    return [each.read_bytes()[:19] for each in place.path.parent.glob("*.damaged-*")]


def test_who_finds_a_damaged_file_while_another_run_sets_it_aside_waits_for_the_new_one(
    damaged: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_aside, second = files.set_aside, Thread(target=lambda: journal(damaged).begin(run(2)))

    def slow(path: Path, at: datetime) -> Path:
        monkeypatch.undo()
        second.start()
        second.join(0.2)  # time enough for whoever does not wait
        return set_aside(path, at)

    monkeypatch.setattr(files, "set_aside", slow)
    journal(damaged).begin(run(1))
    second.join()
    assert asides(damaged) == [b"this is no database"]
    assert set(ids(damaged)) == {run(1).id, run(2).id}


def test_what_another_run_began_just_now_is_not_taken_for_the_damaged_file(
    damaged: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was quicker between our look at the damage and our turn."""
    alone, told = files.alone, list[str]()

    def later(path: Path) -> AbstractContextManager[None]:
        monkeypatch.undo()
        journal(damaged).begin(run(1))
        return alone(path)

    monkeypatch.setattr(files, "alone", later)
    journal(damaged, told).begin(run(2))
    assert asides(damaged) == [b"this is no database"] and told == []
    assert ids(damaged) == [run(2).id, run(1).id]


def test_a_kill_in_the_middle_of_setting_aside_leaves_no_log_to_the_next_file(
    damaged: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Path(f"{damaged.path}-wal")
    log.write_bytes(b"of a process that was killed")
    rename, moved = Path.rename, list[Path]()

    def dying(old: Path, new: str) -> Path:
        if moved:
            raise KeyboardInterrupt
        moved.append(old)
        return rename(old, new)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "rename", dying)
        files.set_aside(damaged.path, now())
    assert damaged.path.exists() and not log.exists()
    log.write_bytes(b"of another one")
    aside = files.set_aside(damaged.path, now())
    kept = {each.read_bytes()[:28] for each in aside.parent.glob("*-wal")}
    assert kept == {b"of a process that was killed", b"of another one"}
