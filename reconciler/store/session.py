"""A session of our own on a PostgreSQL server, for what lives and dies with it."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from reconciler.errors import JournalError
from reconciler.planning.lease import LEASE_SECONDS
from reconciler.store import opening
from reconciler.store.place import Server
from reconciler.store.trouble import told

_IDLE_SINCE = (14,)
"""The version of PostgreSQL that learnt to end idle sessions."""


def leased_session(engine: Engine, place: Server) -> Connection:
    """A session that the server ends when its owner is silent for a lease's time; raises `JournalError`.

    Behind a pooler that lends sessions by the transaction it would be somebody else's in a moment.
    """
    session = engine.connect()
    try:
        _require_own(engine, session, place)
        with session.begin():
            session.execute(text("SET synchronous_commit = on"))
            if (session.dialect.server_version_info or ()) >= _IDLE_SINCE:
                session.execute(text(f"SET idle_session_timeout = {round(LEASE_SECONDS * 1000)}"))
    except BaseException:
        session.close()
        raise
    return session


def try_out(place: Server) -> None:
    """Raises `JournalError` where no lease could be kept on that server; writes nothing."""
    engine = opening.connect(place)
    try:
        with told(place, "the lease"):
            leased_session(engine, place).close()
    finally:
        engine.dispose()


def _require_own(engine: Engine, session: Connection, place: Server) -> None:
    """Another connection in between gets, from a pooler, the very backend that just served ours."""
    first = _backend(session)
    with engine.connect() as other, other.begin():
        second = other.execute(text("SELECT pg_backend_pid()")).scalar_one()
        if second != first == _backend(session):
            return
    raise JournalError(
        f"the lease cannot be kept on {place.shown}: a pooler stands between, which lends sessions by the "
        "transaction",
        remedy="let RECONCILER_STATE name the server itself, or a pooler in session mode",
    )


def _backend(session: Connection) -> int:
    with session.begin():
        return int(session.execute(text("SELECT pg_backend_pid()")).scalar_one())
