"""Apply: carry out a plan, exactly it, and say what became of each of its changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from reconciler.engine.context import Basis, Context, Memory
from reconciler.engine.halt import Halt
from reconciler.engine.outline import outline
from reconciler.engine.run import Run
from reconciler.engine.target import known_from
from reconciler.model.kind import Registry
from reconciler.model.manifest import Org
from reconciler.model.outcome import ApplyReport, Requests
from reconciler.model.plan import Plan
from reconciler.ports import Clock, Fence, Journal, OrgApi, Progress, SecretSink


async def apply(
    plan: Plan,
    *,
    api: OrgApi,
    sinks: Mapping[str, SecretSink],
    registry: Registry,
    clock: Clock,
    journal: Journal,
    progress: Progress,
    org: Org,
    nonces: Callable[[], str],
    run_id: str,
    hosts: tuple[str, str],
    stop: asyncio.Event,
    basis: Basis | None = None,
    fence: Fence | None = None,
    concurrency: int = 6,
) -> ApplyReport:
    """Carry out the plan's operations and read back what they wrote.

    A failure ends what depends on it and nothing else; it is an outcome, not an exception. When `stop` is
    set nothing new starts, and what is in flight ends, a secret in hand up to its delivery. `nonces` makes
    eight characters of [0-9a-z]; `hosts` are the API's and the login's, without a scheme; with the `basis` of
    the plan its targets are looked at again where that is old; the `fence` is asked before deliveries.

    Raises `UsageError` before anything is written when the operations are out of order; an
    exception that nobody foresaw is raised once everything in flight has ended.
    """
    context = Context(
        plan, outline(plan, registry), api, sinks, registry, clock, journal, progress, org, nonces,
        run_id, hosts, Halt(stop), asyncio.Semaphore(concurrency), _memory(plan, basis, registry), fence
    )  # fmt: skip
    before = api.requests
    progress.planned(sum(item.does == "request" for item in plan.operations), plan.estimate.seconds)
    run = Run(context)
    async with context.halt.watching():
        await run.all()
    if context.halt.fault is not None:
        raise context.halt.fault
    return _report(run, before)


def _memory(plan: Plan, basis: Basis | None, registry: Registry) -> Memory:
    ids = {change.address: change.id for change in plan.changes if change.id}
    return Memory(ids, known=known_from(plan, basis, registry))


def _report(run: Run, before: Requests) -> ApplyReport:
    plan, context = run.context.plan, run.context
    spent = Requests(*(now - then for now, then in zip(context.api.requests, before, strict=True)))
    return ApplyReport(
        run_id=context.run_id,
        outcomes=tuple(run.outcomes[change.address] for change in plan.running),
        unchanged=plan.summary.unchanged,
        withheld=plan.summary.withheld,
        requests=spent,
        verified_at=_iso(context.clock.now()),
        digest=plan.digest,
        interrupted=context.halt.by_user,
        stale=bool(context.memory.moved) and not spent.write,
    )


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
