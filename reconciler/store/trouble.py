"""What goes wrong with a database, in words: what, where, how to go on. Never a password, never a row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from reconciler.errors import JournalError
from reconciler.store.place import GO_ON, File, Server

_SHOWN = 100
_PRIMARY = 0xFF
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_WORDS = {
    sqlite3.SQLITE_BUSY: ("another process holds it", "run again once that has ended"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "check its directory and their permissions"),
    sqlite3.SQLITE_FULL: ("the disk is full", "make room and run again"),
    sqlite3.SQLITE_IOERR: ("the disk failed or is full", "check the disk and run again"),
    sqlite3.SQLITE_READONLY: ("it is read-only", "let this user write it"),
}


class Damaged(JournalError):
    """The file is no database, or a broken one."""


@contextmanager
def told(place: File | Server, what: str = "the journal") -> Iterator[None]:
    """What the database raises in here, raised as `JournalError`, or as `Damaged` where a file is broken."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _translated(error, place, what) from None  # the cause may quote the URL


@contextmanager
def legible(place: File | Server, what: str) -> Iterator[None]:
    """A record that makes no sense, a `ValueError` in here, is damage like any other: `JournalError`."""
    try:
        yield
    except ValueError as error:
        raise JournalError(
            f"{what} {place.shown} holds a record that cannot be read: {str(error)[:_SHOWN]}",
            remedy=f"put that record right or remove it, or {GO_ON}",
        ) from None


def _translated(error: Exception, place: File | Server, what: str) -> JournalError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY
    if code in _DAMAGED:
        return Damaged(f"{what} {place.shown} is damaged", remedy=f"move the file away, or {GO_ON}")
    said, remedy = _WORDS.get(code, (_first_line(cause, place), "mend that and run again"))
    return JournalError(f"{what} {place.shown} cannot be used: {said}", remedy=f"{remedy}; or {GO_ON}")


def _first_line(cause: BaseException | None, place: File | Server) -> str:
    line = (str(cause).strip().splitlines() or ["no reason given"])[0]
    if isinstance(place, Server):
        line = line.replace(place.url, place.shown)
        line = line.replace(place.password, "…") if place.password else line
    return line
