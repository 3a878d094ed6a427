"""What somebody changes between the plan and the write is reported, and not written over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from reconciler.engine import target
from reconciler.engine.lookup import find
from reconciler.model.lease import Taken
from reconciler.planning.fresh import KNOWN_FOR
from reconciler.store.lease_file import FileLease
from tests.journeys.world import APPLY, World

CANADA = ("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")


@pytest.fixture
def store() -> str:
    """These stories let time pass where the lease is taken."""
    return "kept"


def later(world: World, seconds: float, deed: Callable[[], Any] = lambda: None) -> None:
    """So long after the plan, somebody has done that, when the next apply begins to write."""
    take = FileLease.take

    def taking(lease: FileLease, *arguments: Any) -> Any:
        loop: Any = asyncio.get_running_loop()
        taken = cast(Taken, take(lease, *arguments))
        loop.advance(seconds)
        deed()
        return taken._replace(quiet=1e9)

    world.patch.setattr(FileLease, "take", taking)


def edit_client(world: World, client: str, **fields: Any) -> None:
    row = world.row("clients", client)
    world.drift("PUT", f"oauth/clients/{row['id']}", {**row, **fields})


@pytest.fixture
def planned(settled: World) -> World:
    """A grant is declared, and a client renamed by its description."""
    settled.change(*CANADA)
    settled.wait(60)
    return settled


def twice(looked: list[Any]) -> int:
    """Requests of two looks by one token: with a file for a journal what gives access is planned twice."""
    return 2 * len(looked) - 1


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        pytest.param({"accessTokenValiditySeconds": 1234}, "tokenSeconds", marks=pytest.mark.full),
        pytest.param({"name": "theirs"}, "name", marks=pytest.mark.full),
        pytest.param({"state": "inactive"}, "state", marks=pytest.mark.full),
        ({"roleDivisions": []}, "grants"),
        ({"dateToDelete": "2027-01-01T00:00:00.000Z"}, "dateModified"),
    ],
)
def test_an_edit_after_the_plan_is_reported_and_stands(
    planned: World, fields: dict[str, Any], named: str
) -> None:
    later(planned, KNOWN_FOR + 1, lambda: edit_client(planned, "acme-adherence", **fields))
    ran, writes = planned.wrote(*APPLY)
    assert ran.code == 5, ran
    row = planned.row("clients", fields.get("name", "acme-adherence"))
    assert ran.code == 5 and f"somebody changed it meanwhile ({named}); plan again" in ran.out, ran
    assert writes == [] and row | fields == row


def test_where_nothing_was_written_yet_the_plan_is_stale(settled: World) -> None:
    """No borrowing comes before a division's PUT, so that it would have been the first write."""
    settled.change("tenants/globex-bank.yaml", "name: GLOBEX", "name: GLOBEX-BANK")
    row = settled.row("divisions", "GLOBEX")
    path = f"authorization/divisions/{row['id']}"
    mine = {"name": "GLOBEX", "description": f"mine {row['description']}"}
    later(settled, KNOWN_FOR + 1, lambda: settled.drift("PUT", path, mine))
    ran, writes = settled.wrote(*APPLY, "--only", "globex-bank/division")
    assert (ran.code, writes) == (6, []), ran
    assert "somebody changed it meanwhile (description); plan again" in ran.out
    assert settled.row("divisions", "GLOBEX")["description"].startswith("mine ")


def test_what_somebody_removed_meanwhile_is_not_made_up(settled: World) -> None:
    settled.change("tenants/globex-bank.yaml", "name: GLOBEX", "name: GLOBEX-BANK")
    row = settled.row("divisions", "GLOBEX")
    path = f"authorization/divisions/{row['id']}?force=true"
    later(settled, KNOWN_FOR + 1, lambda: settled.drift("DELETE", path))
    ran, writes = settled.wrote(*APPLY, "--only", "globex-bank/division")
    assert (ran.code, writes) == (6, []) and "(it is gone)" in ran.out, ran


def test_what_is_as_it_was_is_written_after_one_more_look_at_it(planned: World) -> None:
    _, before = planned.counted("plan")
    later(planned, KNOWN_FOR + 1)
    ran, asked = planned.counted(*APPLY)
    change, lending, look = 1 + 1, 1 + 1 + 2 + 1, 1
    assert ran.code == 0 and len(asked) == twice(before) + change + lending + look, ran


def test_a_cache_that_lags_behind_once_accuses_nobody(
    planned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    async def lagging(api: Any, path: str) -> Any:
        looks.append(path)
        seen: Any = await find(api, path)
        return {**seen, "name": "as it was last week"} if len(looks) == 1 else seen

    monkeypatch.setattr(target, "find", lagging)
    later(planned, KNOWN_FOR + 1)
    assert planned.apply().code == 0 and len(looks) == 2


def test_what_was_read_a_moment_ago_costs_no_look(planned: World) -> None:
    _, before = planned.counted("plan")
    later(planned, KNOWN_FOR - 30)
    ran, asked = planned.counted(*APPLY)
    assert ran.code == 0 and len(asked) == twice(before) + 2 + 5


def test_a_fresh_apply_that_takes_long_does_not_mistrust_its_own_writes(
    make_world: Callable[..., World],
) -> None:
    """At ten requests a minute minutes lie between a client's birth and its grant."""
    world = make_world(rate_limit="10/60")
    ran = world.apply()
    assert ran.code == 0, ran
    assert world.time.reached > 3 * KNOWN_FOR
    assert world.apply().last.startswith("nothing to do")
