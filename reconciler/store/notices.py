"""What was told to those who watch, in the database that the journal is in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from reconciler.store import opening
from reconciler.store.place import File, Server
from reconciler.store.tables import NOTICES
from reconciler.store.trouble import told


class SqlNotices:
    """Implements `ports.Notices`."""

    def __init__(self, place: File | Server) -> None:
        self._place = place

    def told(self, organization_id: str, command: str) -> Collection[str]:
        """Digests of what this command told last; raises `JournalError`."""
        with self._connected() as connection:
            found = connection.scalars(select(NOTICES.c.digest).where(_of(organization_id, command)))
            return frozenset(found)

    def keep(self, organization_id: str, command: str, digests: Collection[str]) -> None:
        """In one transaction; raises `JournalError`."""
        rows = [
            {"organization_id": organization_id, "command": command, "digest": each}
            for each in sorted(set(digests))
        ]
        with self._connected() as connection:
            connection.execute(delete(NOTICES).where(_of(organization_id, command)))
            if rows:
                connection.execute(insert(NOTICES), rows)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = opening.open_to_write(self._place)
        try:
            with told(self._place, "the memory of what was told"), engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


def _of(organization_id: str, command: str) -> ColumnElement[bool]:
    return and_(NOTICES.c.organization_id == organization_id, NOTICES.c.command == command)
