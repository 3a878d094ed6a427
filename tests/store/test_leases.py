"""One holder at a time, whose epoch only rises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import literal_column, select, update

from reconciler.errors import JournalError, LeaseLost
from reconciler.model.lease import Claim, Held, Taken
from reconciler.ports import LeaseStore
from reconciler.store import opening
from reconciler.store.lease_file import FileLease
from reconciler.store.lease_server import ServerLease
from reconciler.store.place import File, Server
from reconciler.store.tables import LEASES
from tests.architecture.source import ROOT
from tests.store.kept import ORG_ID, now

Place = File | Server
Open = Callable[[], LeaseStore]


def claim(run: str, organization_id: str = ORG_ID) -> Claim:
    """A run that wants to write."""
    return Claim(organization_id, "northwind", run, f"{run}@laptop", "laptop")


@pytest.fixture
def opened(place: Place) -> Iterator[Open]:
    """Another run's way to the lease; all are closed in the end."""
    made: list[LeaseStore] = []

    def make() -> LeaseStore:
        made.append(ServerLease(place) if isinstance(place, Server) else FileLease(place, now))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_the_second_run_is_told_who_holds_it(opened: Open) -> None:
    first, second = opened(), opened()
    assert isinstance(first.take(claim("first"), 300.0), Taken)
    held = second.take(claim("second"), 300.0)
    assert isinstance(held, Held) and held.alive and held.lease
    assert (held.lease.run, held.lease.actor, held.lease.host) == ("first", "first@laptop", "laptop")
    assert held.lease.epoch == 1 and held.lease.released is None


def test_what_is_given_back_is_free_at_once_and_every_holder_has_a_higher_epoch(opened: Open) -> None:
    epochs = []
    for number in range(5):
        store = opened()
        taken = store.take(claim(f"run-{number}"), 86_400.0)
        assert isinstance(taken, Taken)
        epochs.append(taken.epoch)
        store.beat(86_400.0)
        store.release()
        store.close()
    assert epochs == [1, 2, 3, 4, 5]


def test_the_first_holder_knows_that_nobody_was_there_and_the_next_how_long_ago(opened: Open) -> None:
    first = opened().take(claim("first", "nobody-yet"), 1.0)
    assert isinstance(first, Taken) and first.quiet > 1e9
    store = opened()
    store.take(claim("first"), 1.0)
    store.release()
    store.close()
    second = opened().take(claim("second"), 1.0)
    assert isinstance(second, Taken) and 0.0 <= second.quiet < 30.0


def test_organisations_do_not_wait_for_each_other(opened: Open) -> None:
    assert isinstance(opened().take(claim("first"), 1.0), Taken)
    assert isinstance(opened().take(claim("second", "another-organisation"), 1.0), Taken)


def test_a_lease_that_was_given_back_cannot_be_prolonged(opened: Open) -> None:
    store = opened()
    store.take(claim("first"), 1.0)
    store.release()
    with pytest.raises(LeaseLost):
        store.beat(1.0)


def test_odd_names_of_people_and_machines_are_stored_all_the_same(opened: Open) -> None:
    odd = claim("first")._replace(actor="a\0b \ud800", host="Ω\0")
    assert isinstance(opened().take(odd, 1.0), Taken)
    held = opened().take(claim("second"), 1.0)
    assert isinstance(held, Held) and held.lease and held.lease.host == "Ω\\x00"


def test_a_lock_file_that_is_removed_ends_the_lease(place: Place, opened: Open) -> None:
    if isinstance(place, Server):
        return
    store = opened()
    store.take(claim("first"), 1.0)
    store.check()
    (lock,) = place.path.parent.glob("*.lease")
    assert lock.stat().st_mode & 0o777 == 0o600
    lock.unlink()
    assert isinstance(opened().take(claim("second"), 1.0), Taken)
    with pytest.raises(LeaseLost, match="removed while this run held it"):
        store.check()
    with pytest.raises(LeaseLost):
        store.beat(1.0)


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        ("epoch", "'first'", False),
        ("host", "x'ff00'", False),
        ("since", "'yesterday'", False),
        ("released", "'no'", False),
        ("since", "1e300", True),
        ("expires", "'infinity'", True),
        ("token_until", "-9e99", True),
    ],
)
def test_a_lease_that_makes_no_sense_is_told_as_such_and_left_as_it_is(
    place: Place, opened: Open, name: str, value: str, typed: bool
) -> None:
    if isinstance(place, Server) and not typed:
        return  # a server keeps no such thing in that column
    holder = opened()
    assert isinstance(holder.take(claim("first"), 300.0), Taken)
    broken = put(place, name, value)
    with pytest.raises(JournalError) as held:
        opened().take(claim("second"), 300.0)
    if isinstance(place, Server):
        with pytest.raises(JournalError, match="cannot be read"):
            holder.beat(300.0)
    holder.close()
    with pytest.raises(JournalError) as free:
        opened().take(claim("third"), 300.0)
    for each in (held, free):
        assert f"`{name}` of the lease is no " in each.value.message and place.shown in each.value.message
        assert "RECONCILER_STATE" in each.value.remedy
    assert row(place) == broken


def put(place: Place, name: str, value: str) -> dict[str, object]:
    """Let somebody write that into the lease's row; how it stands then."""
    engine = opening.connect(place)
    with engine.begin() as connection:
        connection.execute(update(LEASES).values({name: literal_column(value)}))
    engine.dispose()
    return row(place)


def row(place: Place) -> dict[str, object]:
    """The one lease, as it is kept."""
    engine = opening.connect(place)
    with engine.connect() as connection:
        (found,) = connection.execute(select(LEASES)).mappings()
    engine.dispose()
    return dict(found)


HOLDING = """
import sys
from reconciler.model.lease import Taken
from reconciler.store.place import place_of
from reconciler.store.state import state
from tests.store.kept import now
from tests.store.test_leases import claim
lease = state(sys.argv[1], {}, now).lease()
print(type(lease.take(claim("child"), 300.0)).__name__, flush=True)
sys.stdin.read()
"""


def test_a_process_keeps_others_off_until_it_is_killed(place: Place, opened: Open) -> None:
    """On one machine its death frees the lease in that moment; elsewhere its token has to end first."""
    setting = place.url if isinstance(place, Server) else str(place.path)
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDING, setting], cwd=ROOT, stdin=-1, stdout=-1, text=True
    )
    assert child.stdout and child.stdout.readline() == "Taken\n"
    store = opened()
    held = store.take(claim("parent"), 300.0)
    assert isinstance(held, Held) and held.alive and held.lease and held.lease.run == "child"
    child.kill()
    child.communicate()
    after = once_its_end_is_known(store, "parent")
    if isinstance(place, Server):
        assert isinstance(after, Held) and 290.0 < after.seconds <= 310.0
    else:
        assert after == Taken(2, 0.0)


def once_its_end_is_known(store: LeaseStore, run: str) -> Taken | Held:
    """What that run is answered when the holder before it is no longer said to live."""
    for _ in range(2000):
        answer = store.take(claim(run), 300.0)
        if isinstance(answer, Taken) or not answer.alive:
            return answer
    raise AssertionError("it is still said to live")
