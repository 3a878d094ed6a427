"""What has to wait is judged and announced when it leaves, each time that it leaves; not when it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from reconciler.engine.context import Basis
from reconciler.errors import JournalError
from reconciler.model.history import Intent
from reconciler.model.outcome import ApplyReport
from reconciler.model.plan import Plan
from reconciler.planning.fresh import KNOWN_FOR
from tests.engine.test_failures import shorter_tokens
from tests.engine.world import CLIENTS, ROLES, Diary, World, manifests, outcome, owner, results, tenant, world
from tests.support.clock import run

MINE = "kept by an administrator"
LATE = KNOWN_FOR + 1
FEW, MANY = (45, "30/60"), (420, "300/60")
"""How many writes are ready at once, and at what rate they leave: in both cases the last ones after 80 s."""


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Dated(Diary):
    """Keeps when each intent was told, and whether its end was heard; takes at most so many intents."""

    takes: int = 100_000
    intended: list[tuple[float, Intent]] = field(default_factory=list)
    heard: list[tuple[str, bool]] = field(default_factory=list)

    def intend(self, run: str, intent: Intent) -> None:
        if len(self.intended) == self.takes:
            raise JournalError("the disk is full")
        super().intend(run, intent)
        self.intended.append((now(), intent))

    def conclude(self, run: str, operation: str, error: str, *, heard: bool = True) -> None:
        super().conclude(run, operation, error, heard=heard)
        self.heard.append((error, heard))


@dataclass
class Ready:
    """A plan that writes many roles at the same time, and what it was made of."""

    world: World
    diary: Dated
    plan: Plan
    basis: Basis

    async def apply(self) -> ApplyReport:
        return await self.world.apply(self.plan, basis=self.basis)

    def edit(self, number: int) -> None:
        """An administrator describes a role."""
        body = {"name": team(number), "description": MINE, "permissionPolicies": POLICIES}
        assert self.world.sim.edit("PUT", f"{ROLES}/{self._row(number)['id']}", body)[0] == 200

    def described(self, number: int) -> str:
        return str(self._row(number)["description"])

    def _row(self, number: int) -> Any:
        rows = self.world.sim.org.live.roles.rows.values()
        return next(row for row in rows if row["name"] == team(number))

    def fault(self, kind: str, **rule: Any) -> None:
        """Something strikes the next write of a role."""
        self.world.sim.faults([{"kind": kind, "method": "PUT", "path": f"{ROLES}/*", **rule}])

    def sent(self) -> list[float]:
        """When each write came in."""
        return [each.at for each in self.world.sim.requests if each.method == "PUT"]


POLICIES = [{"domain": "routing", "entityName": "queue", "actionSet": ["view"], "allowConditions": False}]


def team(number: int) -> str:
    return f"Team {number:03d}"


@asynccontextmanager
async def ready(number: int, **settings: Any) -> AsyncIterator[Ready]:
    """An organisation that has so many roles already, which are to be adopted by one write each."""
    roles = [
        {"key": f"team-{each:03d}", "name": team(each), "permissions": ["routing:queue:view"], "adopt": True}
        for each in range(number)
    ]
    async with world(**settings) as here:
        for each in range(number):
            here.sim.edit("POST", ROLES, {"name": team(each), "permissionPolicies": POLICIES})
        plan, basis = await here.based_plan(manifests(shared=owner("org", role=roles)))
        here.diary = diary = Dated()
        yield Ready(here, diary, plan, basis)


def ended(report: ApplyReport, number: int) -> tuple[str, str]:
    (found,) = [item for item in report.outcomes if item.address.key == f"team-{number:03d}"]
    return found.result, found.error


@pytest.mark.parametrize(
    ("age", "edited"), [(0.0, 70), (LATE, LATE + 120)], ids=["read-just-now", "read-long-ago"]
)
@pytest.mark.parametrize(("number", "rate"), [FEW, pytest.param(*MANY, marks=pytest.mark.full)])
def test_what_somebody_edits_while_a_write_waits_for_its_turn_is_reported_and_stands(
    number: int, rate: str, age: float, edited: float
) -> None:
    """Read long ago, each is looked at: not all of them first."""

    async def scenario() -> None:
        async with ready(number, rate_limit=rate) as here:
            await asyncio.sleep(age)
            asyncio.get_running_loop().call_at(edited, here.edit, number - 1)
            report = await here.apply()
            assert here.described(number - 1) == MINE
        result, error = ended(report, number - 1)
        assert result == "failed" and "somebody changed it meanwhile (description)" in error
        assert [item.result for item in report.outcomes].count("done") == number - 1

    run(scenario())


def test_what_leaves_within_a_minute_costs_no_look() -> None:
    async def scenario() -> None:
        async with ready(20) as here:
            before = len(here.world.sim.requests)
            report = await here.apply()
            assert len(here.world.sim.requests) - before == 2 * 20
        assert {item.requests for item in report.outcomes} == {2}

    run(scenario())


def test_of_what_waits_longer_each_is_looked_at_once() -> None:
    number, rate = FEW

    async def scenario() -> None:
        async with ready(number, rate_limit=rate) as here:
            await asyncio.sleep(LATE)
            before = len(here.world.sim.requests)
            report = await here.apply()
            assert len(here.world.sim.requests) - before == 3 * number
        assert {item.requests for item in report.outcomes} == {3}

    run(scenario())


def test_an_intent_is_dated_when_its_request_leaves() -> None:
    number, rate = FEW

    async def scenario() -> None:
        async with ready(number, rate_limit=rate) as here:
            here.fault("status", status=429, retryAfter="50", nth=3)
            report = await here.apply()
            times = [at for at, _ in here.diary.intended]
            assert times == pytest.approx(here.sent()) and len(times) == number + 1
        assert set(results(report).values()) == {"done"}

    run(scenario())


HELD_UP = {
    "limited": {"kind": "status", "status": 429, "retryAfter": "100"},
    "unanswered": {"kind": "timeout-before", "seconds": 100.0},
    "unavailable": {"kind": "status", "status": 503, "retryAfter": "100"},
}


@pytest.mark.parametrize("fault", HELD_UP.values(), ids=HELD_UP)
def test_what_somebody_edits_before_a_late_repeat_is_reported_and_stands(fault: dict[str, Any]) -> None:
    async def scenario() -> None:
        async with ready(1) as here:
            here.fault(**fault)
            asyncio.get_running_loop().call_later(50, here.edit, 0)
            report = await here.apply()
            assert here.described(0) == MINE and len(here.sent()) == 1
            ((error, heard),) = here.diary.heard
        assert ended(report, 0)[0] == "failed" and "somebody changed it meanwhile" in error
        assert heard == (fault.get("status") == 429)

    run(scenario())


@pytest.mark.parametrize("fault", HELD_UP.values(), ids=HELD_UP)
def test_a_late_repeat_of_what_nobody_touched_is_sent_after_one_look(fault: dict[str, Any]) -> None:
    async def scenario() -> None:
        async with ready(1) as here:
            here.fault(**fault)
            report = await here.apply()
            assert len(here.sent()) == len(here.diary.intended) == 2
            assert here.diary.heard == [("", True)]
        assert set(results(report).values()) == {"done"}

    run(scenario())


def test_what_somebody_edits_while_a_birth_is_not_seen_everywhere_is_reported_and_stands() -> None:
    async def scenario() -> None:
        async with world() as here:
            unseen = {"kind": "status", "status": 404, "method": "PUT", "path": f"{CLIENTS}/*", "times": 7}
            here.sim.faults([unseen])
            asyncio.get_running_loop().call_later(60, shorter_tokens, here)
            report = await here.reconcile(manifests(tenant("acme")))
            row = here.rows(CLIENTS)["acme-metrics"]
            assert (row["accessTokenValiditySeconds"], row["state"]) == (600, "inactive")
        assert "somebody changed it meanwhile" in outcome(report, "acme/client/metrics").error

    run(scenario())


def test_a_late_repeat_takes_nobody_elses_edit_for_what_it_wrote_itself() -> None:
    async def scenario() -> None:
        async with ready(1) as here:
            here.fault("timeout-after", seconds=100.0)
            report = await here.apply()
            assert len(here.sent()) == 2
        assert set(results(report).values()) == {"done"}

    run(scenario())


def test_what_is_held_up_after_each_look_is_given_up_and_told() -> None:
    async def scenario() -> None:
        async with ready(1) as here:
            here.fault("status", status=429, retryAfter="70", times=None)
            report = await here.apply()
            assert len(here.sent()) == 10
            assert here.diary.heard[0][1]
        result, error = ended(report, 0)
        assert result == "failed" and "was held up too long after the look at its target" in error

    run(scenario())


def test_a_journal_that_takes_no_second_intent_keeps_the_repeat_back() -> None:
    async def scenario() -> None:
        async with ready(1) as here:
            here.fault("status", status=429, retryAfter="5")
            here.diary.takes = 1
            with pytest.raises(JournalError):
                await here.apply()
            assert len(here.sent()) == 1
            assert here.diary.heard == [("interrupted before it was sent again", True)]

    run(scenario())


def test_what_never_left_is_in_no_journal() -> None:
    async def scenario() -> None:
        async with ready(30, rate_limit="30/60") as here:
            asyncio.get_running_loop().call_later(20, here.world.stop.set)
            report = await here.apply()
            assert len(here.sent()) == len(here.diary.intended) == len(here.diary.heard) < 30
            assert here.diary.heard[-1] == ("", True)
        assert report.interrupted

    run(scenario())
