"""Opening a database: durable, patient with its neighbours, and of a version that we know."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, delete, event, insert, inspect, select, text
from sqlalchemy.engine import make_url

from reconciler.errors import JournalError
from reconciler.store import files
from reconciler.store.place import GO_ON, File, Server
from reconciler.store.tables import METADATA, SCHEMA, STEPS, VERSION
from reconciler.store.trouble import told

PATIENCE = 15
"""Seconds to wait for another process that writes at this moment, or for a server to answer."""

_PROBES = {"keepalives_idle": PATIENCE, "keepalives_interval": PATIENCE // 3, "keepalives_count": 3}
"""Whether a server that took a query is there still: the kernel alone would wait two hours for its answer."""

STALLED = 10
"""Seconds after which a server takes back what a paused process left half done: whoever waits outlasts it."""

READING = {"reading": True}
"""Execution options of a transaction that only reads."""

_LOCK = 0x7265_636F
"""An advisory lock of ours on a PostgreSQL server: two first runs do not make the tables twice."""


def open_to_write(place: File | Server) -> Engine:
    """An engine on tables of our version, made or brought forward; raises `JournalError`."""
    if isinstance(place, File):
        files.prepare(place.itself)
    engine = connect(place)
    try:
        with told(place):
            if version(engine, place) < VERSION:
                _bring_forward(engine)
    except JournalError:
        engine.dispose()
        raise
    return engine


def try_out(place: File) -> None:
    """Raises `JournalError` where no run could keep its journal in that file; makes nothing."""
    files.require_usable(place.itself)
    if not files.is_there(place.itself):
        return
    engine = connect(place)
    try:
        with told(place):
            version(engine, place)
    finally:
        engine.dispose()


def connect(place: File | Server) -> Engine:
    """An engine; nothing is asked yet. Raises `JournalError` where its driver is missing."""
    return _sqlite(place) if isinstance(place, File) else _postgres(place)


def version(engine: Engine, place: File | Server) -> int:
    """The version of the tables, 0 where there are none; raises `JournalError` for a newer one than ours."""
    with engine.connect().execution_options(**READING) as connection:
        found = _version(connection)
    if found > VERSION:
        raise JournalError(
            f"{place.shown} was written by a newer reconciler (version {found} of its tables; "
            f"this one knows {VERSION})",
            remedy=f"use that version, or {GO_ON}",
        )
    return found


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(SCHEMA.name):
        return 0
    return connection.execute(select(SCHEMA.c.version)).scalar() or 0


def _bring_forward(engine: Engine) -> None:
    """In one transaction, and only what nobody else has done meanwhile."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = _version(connection)
        if found >= VERSION:
            return
        for tables in STEPS[found:]:
            METADATA.create_all(connection, tables=tables)
        connection.execute(delete(SCHEMA))
        connection.execute(insert(SCHEMA).values(version=VERSION))


def _sqlite(place: File) -> Engine:
    url = URL.create("sqlite", database=str(place.path))
    options = {"timeout": PATIENCE, "isolation_level": None}
    engine = create_engine(url, connect_args=options, hide_parameters=True)
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin)
    return engine


def _make_durable(connection: Any, _record: Any) -> None:
    """What is committed is on the disk; whoever reads does not hold up whoever writes."""
    with suppress(sqlite3.OperationalError):  # locked: a neighbour is switching it on, and it stays on
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    """A writer asks for the lock at once: one that reads first may be refused it without any waiting."""
    reads = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgres(place: Server) -> Engine:
    waits = {"connect_timeout": PATIENCE, "tcp_user_timeout": PATIENCE * 1000, **_PROBES}
    try:
        engine = create_engine(
            make_url(place.url).set(drivername="postgresql+psycopg"),
            connect_args={**waits, "prepare_threshold": None},  # poolers between us and the server
            pool_pre_ping=True,  # a run waits for minutes, and idle connections are cut
            hide_parameters=True,
        )
        from reconciler.store.line import Line
    except ImportError:
        raise JournalError(
            "RECONCILER_STATE is a PostgreSQL URL, and its driver is not installed",
            remedy='install the extra: pip install "genesyscloud-reconciler[postgres]"',
        ) from None
    event.listen(engine, "do_connect", Line())
    event.listen(engine, "connect", _limit_waiting)
    return engine


def _limit_waiting(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {PATIENCE * 1000}")
        cursor.execute(f"SET idle_in_transaction_session_timeout = {round(STALLED * 1000)}")
    connection.commit()
