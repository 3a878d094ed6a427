"""A simulated organisation through several runs of the engine, seen after every single write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any, TypeVar

from reconciler.engine import apply as applying
from reconciler.engine import cycle
from reconciler.errors import SinkError
from reconciler.kinds import REGISTRY
from reconciler.model.finding import errors
from reconciler.model.manifest import Manifests
from reconciler.model.outcome import ApplyReport
from reconciler.model.plan import Plan
from reconciler.model.secret import Credential, Destination, Held, Receipt
from reconciler.simulator import Settings, Simulator
from reconciler.simulator.exchange import Answer, Request
from reconciler.simulator.faults import Lost, Outcome
from tests.support.build import options
from tests.support.clock import LoopClock, VirtualLoop
from tests.support.org import connect
from tests.support.people import SEED

T = TypeVar("T")


class Story:
    """One organisation. `watch` is called after every write with the state the write left.

    Use it as a context manager; time goes on from run to run and takes none.
    """

    def __init__(self) -> None:
        self.loop = VirtualLoop()
        chosen = Settings(rate_limit="0")
        self.sim = Simulator(SEED, chosen, clock=self.loop.time, sleep=LoopClock().sleep)
        self.secrets: dict[str, str] = {}
        self.places: dict[str, Held] = {}
        self.watch: Callable[[dict[str, Any]], None] = lambda state: None
        self.left: int | None = None
        self._nonces = count(1)
        self._respond = self.sim.respond
        self.sim.respond = self._answer  # type: ignore[method-assign]

    def __enter__(self) -> Story:
        return self

    def __exit__(self, *error: object) -> None:
        self.loop.close()

    @property
    def dead(self) -> bool:
        """Whether the process of this run has died: nothing reaches the organisation or a sink any more."""
        return self.left == 0

    def _answer(self, request: Request) -> Outcome:
        if self.left == 0:
            return Outcome(Answer(0), Lost(0))
        outcome = self._respond(request)
        if request.method in ("POST", "PUT", "DELETE", "PATCH") and request.path.startswith("/api/v2"):
            self.watch(self.sim.snapshot())
            self.left = None if self.left is None else self.left - 1
        return Outcome(outcome.answer, Lost(0)) if self.dead else outcome

    def edit(self, method: str, path: str, body: Any) -> Any:
        """An administrator's hand; it must succeed."""
        status, answer = self.sim.edit(method, f"/api/v2/{path}", body)
        assert status < 300, answer
        return answer

    def plan(self, wanted: Manifests, deep: bool = False) -> Plan:
        """The plan with the allowances it asks for, however often it asks."""
        allow: dict[str, int] = {}
        for _ in range(8):
            made = self._run(self._plan(wanted, allow, deep))
            asked = _asked(made)
            if not asked:
                return made
            allow |= asked
        raise AssertionError(f"a plan that goes on asking: {allow}, then {asked}")

    def apply(self, plan: Plan, wanted: Manifests, dies_after: int | None = None) -> ApplyReport:
        """Carry a plan out; the process dies after that many writes, the answer to the last one unheard."""
        self.left = dies_after
        try:
            return self._run(self._apply(plan, wanted))
        finally:
            self.left = None

    def settle(self, wanted: Manifests, runs: int, deep: bool = False) -> Plan:
        """Plan and apply until nothing is left to do, at most `runs` times; the last plan."""
        for number in range(runs + 1):
            plan = self.plan(wanted, deep)
            if not plan.running:
                assert plan.operations == ()
                return plan
            if number == runs:
                break
            report = self.apply(plan, wanted)
            bad = [item for item in report.outcomes if item.result != "done"]
            assert not bad, [(str(item.address), item.result, item.error) for item in bad]
        raise AssertionError([(str(item.address), item.action, item.fields) for item in plan.running])

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    async def _plan(self, wanted: Manifests, allow: dict[str, int], deep: bool) -> Plan:
        async with connect(self.sim) as api:
            made = await cycle.plan(api, wanted, options(allow=allow, deep=deep), REGISTRY)
        mistakes = [item for item in errors(made.findings) if item.rule.startswith("manifest/")]
        assert not mistakes, mistakes
        return made

    async def _apply(self, plan: Plan, wanted: Manifests) -> ApplyReport:
        async with connect(self.sim) as api:
            return await applying.apply(
                plan, api=api, sinks={"vault": _Sink(self)}, registry=REGISTRY, clock=LoopClock(),
                journal=_Silent(), progress=_Silent(), org=wanted.org,
                nonces=lambda: f"{next(self._nonces):08d}", run_id="run",
                hosts=("api.example", "login.example"), stop=asyncio.Event(),
            )  # fmt: skip


def _asked(plan: Plan) -> dict[str, int]:
    """The allowances that a plan asks for."""
    releases = [item.withheld.release for item in plan.withheld if item.withheld]
    pairs = [item.removeprefix("--allow ").split("=") for item in releases if item.startswith("--allow ")]
    return {name: int(number) for name, number in pairs}


class _Sink:
    """Holds secrets by client id; nothing arrives from a process that has died."""

    def __init__(self, story: Story) -> None:
        self._story = story

    async def reserve(self, destination: Destination) -> None:
        self._alive()

    async def deliver(self, destination: Destination, credential: Credential) -> Receipt:
        self._alive()
        self._story.secrets[credential.client_id] = credential.secret.reveal()
        held = Held(credential.client_id, str(credential.address), credential.nonce, credential.issued)
        self._story.places[destination.path] = held
        return Receipt(destination.sink, destination.path)

    async def status(self, destination: Destination) -> Held | None:
        self._alive()
        return self._story.places.get(destination.path)

    def _alive(self) -> None:
        if self._story.dead:
            raise SinkError("the process has died", remedy="start another")


class _Silent:
    """Journal and progress that nobody reads."""

    def intend(self, run: str, intent: Any) -> None: ...

    def conclude(self, run: str, operation: str, error: str, *, heard: bool = True) -> None: ...

    def planned(self, writes: int, seconds: int) -> None: ...

    def waiting(self, address: Any, seconds: float, reason: str) -> None: ...

    def finished(self, outcome: Any) -> None: ...
