"""A file or a directory that this user may not use is told, by whatever reads, writes or looks."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from reconciler.errors import JournalError
from reconciler.store.archive import Archive
from reconciler.store.place import File
from reconciler.store.state import state
from tests.store.kept import file, file_with_a_run, ids, journal, now, run

NOBODY = 65534
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def place(tmp_path: Path) -> File:
    return file_with_a_run(tmp_path)


def reading(place: File) -> None:
    """As `history` does."""
    Archive(place).newest("", 1)


def looking(place: File) -> None:
    """As `doctor` does, which tells instead of raising."""
    if trouble := state(str(place.path), {}, now).one_writer().trouble:
        raise JournalError(trouble.message, remedy=trouble.remedy)


@ROOT_ONLY
@pytest.mark.parametrize("use", [journal, reading, looking])
def test_a_directory_of_somebody_else_is_told(place: File, use: Callable[[File], object]) -> None:
    told = as_nobody(lambda: use(place))
    assert f"{place.path} cannot be " in told and "Permission denied" in told and "`off`" in told


@ROOT_ONLY
@pytest.mark.parametrize("use", [journal, looking])
def test_a_file_of_somebody_else_is_told(use: Callable[[File], object]) -> None:
    with TemporaryDirectory() as directory:  # where everybody may go, unlike to pytest's own
        place = File(Path(directory) / "history.sqlite")
        journal(place).close()
        place.path.chmod(0o444)
        Path(directory).chmod(0o777)
        assert "cannot be written: Permission denied" in as_nobody(lambda: use(place))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("use", [journal, looking])
def test_a_read_only_file_is_told(place: File, use: Callable[[File], object]) -> None:
    place.path.chmod(0o400)
    with pytest.raises(JournalError, match="Permission denied"):
        use(place)
    assert ids(place) == [run().id]


def test_whoever_looks_makes_nothing_and_finds_a_place_that_can_be_made_usable(tmp_path: Path) -> None:
    looking(file(tmp_path))
    assert list(tmp_path.iterdir()) == []


def as_nobody(deed: Callable[[], object]) -> str:
    """What that ends with in a child, so that this process keeps its rights."""
    told, say = os.pipe()
    if (child := os.fork()) == 0:
        os.setuid(NOBODY)
        try:
            deed()
        except JournalError as error:
            os.write(say, str(error).encode())
        finally:
            os._exit(0)
    os.close(say)
    with os.fdopen(told) as words:
        heard = words.read()
    os.waitpid(child, 0)
    return heard
