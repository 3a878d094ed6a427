"""The lease on a PostgreSQL server: who fell silent is taken over when its tokens have ended, not before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from reconciler.errors import JournalError, LeaseLost
from reconciler.model.lease import Held, Taken
from reconciler.planning import lease as rules
from reconciler.store import lease_rows, lease_server, opening, session
from reconciler.store.lease_server import ServerLease, lock_key
from reconciler.store.place import Server, place_of
from tests.store.pooler import Pooler, startup
from tests.store.test_leases import claim

TOKEN = 900.0


@pytest.fixture
def place(database: str) -> Server:
    found = place_of(database, {})
    assert isinstance(found, Server)
    return found


class Time:
    """The server's clock, in our hands."""

    now = 1_000.0


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(lease_server, "server_time", lambda connection: clock.now)
    return clock


@pytest.fixture
def dead(place: Server, time: Time) -> ServerLease:
    """A run that took the lease and whose session has ended since; it may be paused and not know it."""
    store = ServerLease(place)
    assert isinstance(store.take(claim("dead"), TOKEN), Taken)
    end_session(store)
    return store


@pytest.fixture
def other(place: Server) -> Iterator[ServerLease]:
    store = ServerLease(place)
    yield store
    store.close()


def end_session(store: ServerLease) -> None:
    """What the server does with a session that is idle for too long."""
    assert store._session is not None
    store._session.connection.dbapi_connection.close()  # type: ignore[union-attr]
    key = {"key": lock_key(claim("dead").organization_id)}
    with (
        store._engine.begin() as another
    ):  # the server sees it some milliseconds later, and lets go of the lock
        another.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)


def test_a_silent_holder_is_taken_over_once_its_token_has_ended_and_not_before(
    dead: ServerLease, other: ServerLease, time: Time
) -> None:
    ends = time.now + TOKEN + rules.SKEW_SECONDS
    for moment in (time.now, time.now + rules.LEASE_SECONDS + 30.0, ends - 0.1):
        time.now = moment
        held = other.take(claim("other"), TOKEN)
        assert isinstance(held, Held) and not held.alive and held.seconds == pytest.approx(ends - time.now)
    time.now = ends
    assert other.take(claim("other"), TOKEN) == Taken(2, 0.0)
    dead.close()


def test_who_was_taken_over_can_neither_prolong_nor_give_back_what_is_another_runs(
    place: Server, time: Time, other: ServerLease
) -> None:
    paused = ServerLease(place)
    paused.take(claim("paused"), TOKEN)
    with other._engine.begin() as connection:  # its session, but not its connection
        connection.execute(text("UPDATE reconciler_leases SET epoch = 2, run = 'other', token_until = 9e9"))
    with pytest.raises(LeaseLost, match="no longer ours"):
        paused.beat(TOKEN)
    paused.release()
    paused.close()
    held = other.take(claim("third"), TOKEN)
    assert isinstance(held, Held) and held.lease and (held.lease.run, held.lease.epoch) == ("other", 2)


def test_a_holder_whose_session_ended_hears_of_it_with_its_next_heartbeat(dead: ServerLease) -> None:
    with pytest.raises(JournalError, match="the lease postgresql:"):
        dead.beat(TOKEN)
    dead.close()


def test_a_holder_whose_session_ended_gives_the_lease_back_all_the_same(
    dead: ServerLease, other: ServerLease
) -> None:
    dead.release()
    dead.close()
    taken = other.take(claim("other"), TOKEN)
    assert isinstance(taken, Taken) and taken.epoch == 2


def test_a_heartbeat_puts_the_end_off_and_never_forgets_a_longer_token(
    place: Server, time: Time, other: ServerLease
) -> None:
    store = ServerLease(place)
    store.take(claim("first"), TOKEN)
    time.now += 60.0
    store.beat(10.0)
    held = other.take(claim("other"), TOKEN)
    assert isinstance(held, Held) and held.lease
    assert held.lease.expires == time.now + rules.LEASE_SECONDS
    assert held.lease.token_until == 1_000.0 + TOKEN
    store.close()


def test_the_server_ends_the_session_of_a_holder_that_sends_no_heartbeat(
    place: Server, other: ServerLease, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a paused process, whose connection looks well, does not keep the lease for ever."""
    monkeypatch.setattr(session, "LEASE_SECONDS", 0.05)
    paused = ServerLease(place)
    paused.take(claim("paused"), TOKEN)
    monkeypatch.undo()
    for _ in range(3000):
        held = other.take(claim("other"), TOKEN)
        assert isinstance(held, Held)
        if not held.alive:
            break
    else:
        pytest.fail("its session still lives")
    paused.close()


@contextmanager
def paused_half_way(place: Server) -> Iterator[None]:
    """A process that is paused in the middle of its heartbeat, with the row locked."""
    paused = ServerLease(place)
    paused.take(claim("paused"), TOKEN)
    assert paused._session and paused._claim
    beat = paused._session.begin()
    lease_rows.prolong(paused._session, *paused._claim, 9e9, 9e9)
    try:
        yield
    finally:
        with suppress(DBAPIError):
            beat.close()
        paused.close()


def test_who_is_paused_in_the_middle_of_a_heartbeat_is_named_at_once(
    place: Server, other: ServerLease
) -> None:
    other.take(claim("other", "another-organisation"), TOKEN)
    assert other._session is not None
    with other._session.begin():
        other._session.execute(text("SET lock_timeout = 50"))
    with paused_half_way(place):
        held = other.take(claim("other"), TOKEN)
    assert isinstance(held, Held) and held.lease and (held.alive, held.lease.run) == (True, "paused")


def test_the_server_ends_the_session_of_who_is_paused_in_the_middle_of_a_heartbeat(
    place: Server, other: ServerLease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "STALLED", 0.3)
    with paused_half_way(place):
        for _ in range(3000):
            held = other.take(claim("other"), TOKEN)
            assert isinstance(held, Held) and held.lease and held.lease.expires < 9e9
            if not held.alive:
                return
    pytest.fail("its session still lives")


def test_what_is_taken_is_on_the_disk_whatever_the_server_usually_does(other: ServerLease) -> None:
    other.take(claim("first"), TOKEN)
    assert other._session is not None
    with other._session.begin():
        assert other._session.execute(text("SHOW synchronous_commit")).scalar_one() == "on"


@pytest.fixture
def pooled(server: str, database: str) -> Iterator[str]:
    """The URL of that database through a pooler that lends sessions by the transaction."""
    with psycopg.connect(database) as connection:
        (path,) = connection.execute("SHOW search_path").fetchone() or ("",)
    (directory,) = parse_qs(urlsplit(server).query)["host"]
    with TemporaryDirectory() as place:
        options = startup(user="postgres", database="postgres", options=f"-csearch_path={path}")
        pooler = Pooler(Path(directory) / ".s.PGSQL.5432", options, Path(place) / ".s.PGSQL.5432")
        yield f"postgresql://postgres@/postgres?host={place}"
        pooler.close()


def test_a_pooler_that_lends_sessions_by_the_transaction_is_refused(pooled: str) -> None:
    place = place_of(pooled, {})
    assert isinstance(place, Server)
    store = ServerLease(place)
    with pytest.raises(JournalError, match="a pooler stands between") as refused:
        store.take(claim("first"), TOKEN)
    assert "session mode" in refused.value.remedy
    store.close()
