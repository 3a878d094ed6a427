"""Everything of the product that asks the world asks the arena, in the name of the present runner."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from sqlalchemy import literal

import reconciler.genesys
from reconciler import wiring
from reconciler.engine.aside import Aside
from reconciler.model.history import moment
from reconciler.model.lease import Taken
from reconciler.model.plan import Plan
from reconciler.planning.digest import digest_of
from reconciler.secrets import factory
from reconciler.store import clocks, lease_server, state
from tests.faults.command import carrying
from tests.faults.edits import Told
from tests.faults.rivals.runner import RunnerClock, Shelf, Socket, current
from tests.support.clock import START

_ENVIRONMENT = {
    "GENESYSCLOUD_OAUTHCLIENT_ID": "operator",
    "GENESYSCLOUD_OAUTHCLIENT_SECRET": "operator-secret",
}


@contextmanager
def world_of(time: Callable[[], float], nonce: Callable[[], str]) -> Iterator[io.StringIO]:
    """`time` is that of the server, in seconds; gives what is said meanwhile."""
    said, api = io.StringIO(), reconciler.genesys.GenesysApi

    def connected(*given: Any, **named: Any) -> reconciler.genesys.GenesysApi:
        return api(*given, **named, transport=Socket(current.get()))

    with contextlib.ExitStack() as stack:
        for manager in (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            patch.dict(os.environ, _ENVIRONMENT),
            patch.object(reconciler.genesys, "GenesysApi", connected),
            patch.object(wiring, "SystemClock", lambda: RunnerClock(current.get())),
            patch.object(wiring, "state", _state),
            patch.object(wiring, "run_id", lambda: current.get().run_id),
            patch.object(wiring, "new_nonce", nonce),
            patch.object(factory, "sinks", _sinks),
            patch.object(lease_server, "server_time", lambda connection: START.timestamp() + time()),
            patch.object(clocks, "server_moment", lambda: literal(moment(START + timedelta(seconds=time())))),
            patch.object(Aside, "do", _at_once),
            carrying(_carried),
        ):
            stack.enter_context(manager)
        yield said


def _carried(plan: Plan, since: float) -> None:
    """By what the plan says, not by the digest that it claims; of runs before it the server knows nothing."""
    runner = current.get()
    runner.carried = digest_of(plan)
    runner.place.told.append(Told.of(plan, since, remembers=False))


def _state() -> state.State:
    """The true one, of which whatever is opened is noted."""
    runner = current.get()
    kept = state.state(runner.url, {"USER": runner.name}, wiring.today)

    def noted(make: Callable[..., Any]) -> Callable[..., Any]:
        def made(*given: Any) -> Any:
            runner.stores.append(make(*given))
            return runner.stores[-1]

        return made

    told = SimpleNamespace(
        actor=kept.actor, host=runner.name, is_off=False, past=kept.past,
        journal=noted(kept.journal), lease=noted(kept.lease),
    )  # fmt: skip
    return cast(state.State, told)


def _sinks(org: Any, world: Any) -> dict[str, Shelf]:
    return {"local": Shelf(current.get())}


async def _at_once(aside: Aside, deed: Callable[[], Any]) -> Any:
    """What waits for the server, in a process that may stand still before and after."""
    runner = current.get(None)
    if runner is None:
        raise GeneratorExit  # a dead process is cleared away: it says nothing
    await runner.awake()
    answer = deed()
    if isinstance(answer, Taken):
        runner.epoch = answer.epoch
    await runner.awake()
    return answer
