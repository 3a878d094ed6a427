"""A rotation replaces a secret and nothing else, and whatever cuts it, the next run ends it well."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from reconciler.engine import cycle
from reconciler.genesys import GenesysApi
from reconciler.kinds import REGISTRY
from reconciler.model.address import Address
from reconciler.model.marker import split
from reconciler.model.outcome import ApplyReport
from reconciler.model.plan import Plan
from reconciler.model.rotation import Move
from reconciler.model.secret import Credential, Destination, Held, Receipt
from reconciler.planning.options import PlanOptions
from tests.engine.world import CLIENTS, World, manifests, outcome, owner, results, tenant, world
from tests.support.clock import run
from tests.support.org import connect

ACME, GLOBEX = Address("acme", "client", "metrics"), Address("globex", "client", "metrics")
PLACE = "acme/metrics.json"
WANTED = manifests(tenant("acme"))
BOTH = manifests(tenant("acme"), tenant("globex"))
SIDES = pytest.mark.parametrize("old", ["dies", "lives"])


def options(**more: Any) -> PlanOptions:
    return PlanOptions(date(2026, 11, 20), "2026-11-20T14:00:00Z", "0.1.0", **more)


async def planned(here: World, moves: dict[Address, Move], wanted: Any = WANTED) -> Plan:
    return await cycle.plan(here.api, wanted, options(rotate=moves), REGISTRY)


async def rotate(here: World, moves: dict[Address, Move], wanted: Any = WANTED) -> ApplyReport:
    return await here.apply(await planned(here, moves, wanted))


async def recover(here: World, wanted: Any = WANTED) -> ApplyReport:
    return await here.apply(await cycle.plan(here.api, wanted, options(recover=True), REGISTRY))


async def signs_in(here: World, held: dict[str, str]) -> bool:
    async with connect(here.sim, client_id=held["id"], client_secret=held["secret"]) as api:
        try:
            await api.read("/api/v2/organizations/me")
        except Exception:
            return False
        return True


def client(here: World, name: str = "acme-metrics") -> dict[str, Any]:
    return here.rows(CLIENTS)[name]


def unchanged(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("dateModified", "modifiedBy")}


@SIDES
def test_a_new_secret_leaves_all_else_as_it_was(old: str) -> None:
    async def scenario() -> None:
        async with world({"old-secret": old}) as here:
            await here.reconcile(WANTED)
            before, first = client(here), dict(here.sink.held[PLACE])
            report = await rotate(here, {ACME: "renew"})
            second = here.sink.held[PLACE]
            assert results(report) == {str(ACME): "done"}
            assert unchanged(client(here)) == unchanged(before)
            assert (second["id"], second["secret"] != first["secret"]) == (first["id"], True)
            assert await signs_in(here, second)
            assert await signs_in(here, first) is (old == "lives")
            assert (await here.plan(WANTED)).operations == ()

    run(scenario())


def test_the_nonce_stands_from_before_the_new_secret_until_it_has_arrived() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            seen: list[tuple[str, bool]] = []

            def look() -> None:
                marker = split(client(here)["description"])[1]
                seen.append((client(here)["state"], bool(marker and marker.nonce)))

            here.sink.before = look
            since = len(here.sim.requests)
            await rotate(here, {ACME: "renew"})
            assert seen == [("active", True)]
            own = f"{CLIENTS}/{client(here)['id']}"
            wrote = [
                f"{each.method} {each.path}"
                for each in here.sim.requests[since:]
                if each.path.startswith(own)
            ]
            assert wrote[:3] == [f"PUT {own}", f"POST {own}/secret", f"PUT {own}"]

    run(scenario())


def test_a_place_that_cannot_be_written_costs_no_secret() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            before, first = client(here), dict(here.sink.held[PLACE])
            here.sink.refuses = True
            wrote = len(here.written())
            report = await rotate(here, {ACME: "renew"})
            assert outcome(report, str(ACME)).result == "failed"
            assert [line for line in here.written()[wrote:] if CLIENTS in line] == []
            assert client(here) == before and await signs_in(here, first)

    run(scenario())


def test_a_marker_goes_on_saying_what_was_last_written() -> None:
    """Else a rotation would make somebody's change look like ours."""

    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            row = client(here)
            body = {**row, "accessTokenValiditySeconds": 900}
            assert here.sim.edit("PUT", f"{CLIENTS}/{row['id']}", body)[0] < 300
            await rotate(here, {ACME: "renew"})
            assert client(here)["accessTokenValiditySeconds"] == 900
            causes = {change.address: change.cause for change in (await here.plan(WANTED)).changes}
            assert causes[ACME] == "drift"

    run(scenario())


def test_one_client_at_a_time_and_a_failure_stops_no_other() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(BOTH)
            plan = await planned(here, {GLOBEX: "renew", ACME: "renew"}, BOTH)
            own = [item.address for item in plan.operations if item.address in (ACME, GLOBEX)]
            assert own == sorted(own)
            _breaks(here, PLACE)
            report = await here.apply(plan)
            assert results(report) == {str(ACME): "failed", str(GLOBEX): "done"}

    run(scenario())


def _breaks(here: World, path: str) -> None:
    """Nothing can be put at this path."""
    deliver = here.sink.deliver

    async def breaking(destination: Destination, credential: Credential) -> Receipt:
        here.sink.breaks = destination.path == path
        return await deliver(destination, credential)

    here.sink.deliver = breaking  # type: ignore[method-assign]


class Killed(BaseException):
    """The process is gone: nothing handles this."""


@dataclass
class Dying:
    """An API whose process is killed at its nth write, before it is sent or after it was carried out."""

    api: GenesysApi
    nth: int
    after: bool
    count: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.api, name)

    async def write(self, *given: Any) -> Any:
        self.count += 1
        if self.count == self.nth and not self.after:
            raise Killed
        answer = await self.api.write(*given)
        if self.count == self.nth:
            raise Killed
        return answer


WRITES = 5
"""To borrow, to announce, a new secret, to confirm, to return."""
KILLS = pytest.mark.parametrize(
    ("nth", "after", "way"),
    [
        pytest.param(n, after, way, marks=() if (n + after) % 2 == (way == "apply") else pytest.mark.full)
        for n in range(1, WRITES + 1)
        for after in (False, True)
        for way in ("recover", "apply")
    ],
)


async def killed(here: World, nth: int, after: bool, move: Move = "renew", wanted: Any = WANTED) -> int:
    """Rotate with a process that dies; how often it wrote."""
    here.api, alive = Dying(here.api, nth, after), here.api  # type: ignore[assignment]
    with suppress(Killed):
        await rotate(here, {ACME: move}, wanted)
    here.api, dead = alive, here.api
    return dead.count  # type: ignore[attr-defined, no-any-return]


async def _is_well(here: World, grants: Any) -> None:
    row, held = client(here), here.sink.held[PLACE]
    marker = split(row["description"])[1]
    assert marker is not None and marker.nonce == ""
    assert (row["state"], row["roleDivisions"], held["id"]) == ("active", grants, row["id"])
    assert await signs_in(here, held)
    assert (await here.plan(WANTED)).operations == ()


@KILLS
def test_killed_at_any_write_the_next_run_ends_with_a_working_secret(nth: int, after: bool, way: str) -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            grants = client(here)["roleDivisions"]
            assert await killed(here, nth, after) == nth
            await (recover(here) if way == "recover" else here.reconcile(WANTED))
            await _is_well(here, grants)

    run(scenario())


def test_a_rotation_writes_as_often_as_is_killed_above() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            assert await killed(here, 99, after=False) == WRITES

    run(scenario())


@pytest.mark.parametrize(
    ("kind", "old", "way"),
    [
        ("timeout-after", "dies", "recover"),
        ("truncate", "lives", "apply"),
        ("status-500", "dies", "apply"),
    ],
)
def test_an_answer_that_is_lost_costs_another_secret_and_no_access(kind: str, old: str, way: str) -> None:
    async def scenario() -> None:
        async with world({"old-secret": old}) as here:
            await here.reconcile(WANTED)
            grants = client(here)["roleDivisions"]
            told = {"kind": "status", "status": 500} if kind == "status-500" else {"kind": kind}
            here.sim.faults([{**told, "method": "POST", "path": "*/secret", "times": None}])
            report = await rotate(here, {ACME: "renew"})
            assert outcome(report, str(ACME)).result == "failed"
            here.sim.faults([])
            await (recover(here) if way == "recover" else here.reconcile(WANTED))
            await _is_well(here, grants)

    run(scenario())


def test_a_delivery_that_fails_is_made_good_by_the_next_run() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            grants, here.sink.breaks = client(here)["roleDivisions"], True
            assert outcome(await rotate(here, {ACME: "renew"}), str(ACME)).result == "failed"
            here.sink.breaks = False
            assert results(await recover(here)) == {str(ACME): "done"}
            await _is_well(here, grants)
            assert results(await recover(here)) == {}

    run(scenario())


def test_a_sink_that_then_holds_another_client_is_believed() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)

            async def status(destination: Any) -> Held:
                return Held("somebody else")

            here.sink.status = status  # type: ignore[method-assign]
            end = outcome(await rotate(here, {ACME: "renew"}), str(ACME))
            assert end.result == "failed" and "holds client somebody else" in end.error
            marker = split(client(here)["description"])[1]
            assert marker is not None and marker.nonce != ""

    run(scenario())


def test_recovering_brings_nothing_else_that_the_manifests_want() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            await killed(here, 3, after=True)
            pairs = [{"role": "queue-metrics", "divisions": ["main"]}]
            told = {"key": "metrics", "name": "acme-metrics", "grants": pairs, "secret": {"sink": "local"}}
            spec = {**told, "tokenSeconds": 600}
            walls = [{"key": "main", "name": "ACME"}, {"key": "more", "name": "ACME-MORE"}]
            wanted = manifests(owner("acme", division=walls, client=[spec]))
            assert results(await recover(here, wanted)) == {str(ACME): "done"}
            assert client(here)["accessTokenValiditySeconds"] == 3600

    run(scenario())


def test_interrupted_with_a_secret_in_hand_it_is_delivered_first() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            here.diary.on = lambda line: here.stop.set() if line == f"conclude {ACME}:renew" else None
            first = dict(here.sink.held[PLACE])
            report = await rotate(here, {ACME: "renew"})
            assert report.interrupted and here.sink.held[PLACE] != first
            assert await signs_in(here, here.sink.held[PLACE])

    run(scenario())


BIRTH, SUCCESSION = 4, 5
"""To borrow, to make, to grant, to return; to revoke, to retire, to borrow, to promote, to return."""


def _kills(writes: int) -> pytest.MarkDecorator:
    """Every second one by default."""
    return pytest.mark.parametrize(
        ("nth", "after"),
        [
            pytest.param(n, after, marks=() if (n + after) % 2 else pytest.mark.full)
            for n in range(1, writes + 1)
            for after in (False, True)
        ],
    )


@_kills(BIRTH)
def test_killed_while_a_successor_is_born_the_first_client_works_on(nth: int, after: bool) -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            first = dict(here.sink.held[PLACE])
            assert await killed(here, nth, after, "succeed") == nth
            assert await signs_in(here, first)
            await here.reconcile(WANTED)
            assert await signs_in(here, first) and await signs_in(here, here.sink.held[PLACE])
            assert (await here.plan(WANTED)).operations == ()
            born = "acme-metrics (next)" in here.rows(CLIENTS)
            assert born == (here.sink.held[PLACE] != first) == ((nth, after) >= (2, True))

    run(scenario())


@_kills(SUCCESSION)
def test_killed_while_the_first_retires_the_second_works_and_has_its_place_in_the_end(
    nth: int, after: bool
) -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            grants = client(here)["roleDivisions"]
            await rotate(here, {ACME: "succeed"})
            second = dict(here.sink.held[PLACE])
            assert await killed(here, nth, after, "retire") == nth
            assert await signs_in(here, second)
            await here.reconcile(WANTED)
            assert await signs_in(here, second)
            await rotate(here, {ACME: "retire"})
            await _is_well(here, grants)
            assert here.rows(CLIENTS)["acme-metrics (old)"]["roleDivisions"] == []
            assert (client(here)["id"], client(here, "acme-metrics (old)")["state"]) == (
                second["id"],
                "inactive",
            )

    run(scenario())


def test_both_kinds_of_rotation_write_as_often_as_is_killed_above() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            assert await killed(here, 99, after=False, move="succeed") == BIRTH
            assert await killed(here, 99, after=False, move="retire") == SUCCESSION

    run(scenario())


def test_an_overlap_never_widens_what_its_entry_reaches() -> None:
    """Neither client ever holds what the other, or the manifest, does not have."""

    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(WANTED)
            grants = client(here)["roleDivisions"]
            seen: list[tuple[str, ...]] = []

            def look(line: str) -> None:
                for row in here.rows(CLIENTS).values():
                    if row["name"].startswith("acme-metrics"):
                        assert row["roleDivisions"] in ([], grants)
                        seen.append((row["name"], row["state"]))

            here.diary.on = look
            await rotate(here, {ACME: "succeed"})
            await rotate(here, {ACME: "retire"})
            assert {("acme-metrics (next)", "inactive"), ("acme-metrics (old)", "inactive")} <= set(seen)

    run(scenario())
