"""From what a run came to, to samples. Pure: what an earlier file remembers enters as a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

from reconciler.model.drift import Drifted, DriftReport
from reconciler.model.outcome import ApplyReport, Result
from reconciler.model.plan import Plan, is_loan
from reconciler.model.proof import Proof, Verdict
from reconciler.model.ran import ANSWERS, Ran
from reconciler.model.rotation import TENDED, Standing
from reconciler.model.watched import ENDINGS, Watched
from reconciler.telemetry.metrics import Sample

LAST_SUCCESS = "reconciler_run_last_success_timestamp_seconds"
DRIFT_SINCE = "reconciler_drift_since_timestamp_seconds"

Before = Mapping[tuple[str, tuple[str, ...]], float]
"""What the last file said, by metric and labels."""

_RESULTS: tuple[Result, ...] = ("done", "failed", "skipped", "unconfirmed")
_ACTIONS = ("create", "update", "delete", "adopt", "revoke")


def named(ran: Ran, before: Before) -> Ran:
    """Where the manifests could not be read, the organisation is that of the last file, if there is one."""
    known = sorted({labels[0] for metric, labels in before if metric == LAST_SUCCESS})
    return replace(ran, org_name=known[0]) if known and not ran.org_name else ran


def samples(ran: Ran, before: Before) -> list[Sample]:
    """Everything that is known after this run."""
    looked, run = ran.looked, (ran.org_name, ran.command)
    found = [*_run(ran, run, before)]
    if looked.drift:
        found += _drift(ran, looked.drift, before)
    if looked.plan:
        found += _plan(looked.plan, run)
    if looked.applied:
        found += _applied(looked.applied, run)
    if looked.proof:
        found += _proof(looked.proof, ran.org_name)
    for each in looked.secrets or ():
        found += _secret(each, ran.org_name, ran.ended)
    return found if ran.code in ANSWERS else [*found, *_unseen(found, before)]


def _unseen(found: Iterable[Sample], before: Before) -> Iterator[Sample]:
    """What a run that failed did not come to: nobody has seen a leak end, so it stands as last seen."""
    measured = {each.metric for each in found}
    return (Sample(*key, value) for key, value in before.items() if key[0] not in measured)


def _run(ran: Ran, run: tuple[str, str], before: Before) -> Iterator[Sample]:
    ended, asked = ran.ended.timestamp(), ran.looked.requests
    yield Sample("reconciler_run_exit_code", run, ran.code)
    yield Sample("reconciler_run_end_timestamp_seconds", run, ended)
    yield Sample("reconciler_run_duration_seconds", run, ended - ran.began.timestamp())
    success = ended if ran.succeeded else before.get((LAST_SUCCESS, run))
    if success is not None:
        yield Sample(LAST_SUCCESS, run, success)
    yield Sample("reconciler_run_requests", (*run, "read"), asked.read)
    yield Sample("reconciler_run_requests", (*run, "write"), asked.write)
    yield Sample("reconciler_run_repeated_requests", run, asked.retried)
    yield Sample("reconciler_run_limited_requests", run, asked.limited)


def _drift(ran: Ran, report: DriftReport, before: Before) -> Iterator[Sample]:
    objects = Counter(item.address.owner for item in report.objects)
    leaks = Counter(item.address.owner for item in report.objects if item.leaks)
    known = Counter(item.address.owner for item in report.acknowledged)
    for owner in sorted({*ran.tenants, "org", *objects, *known}):
        labels = (ran.org_name, owner)
        yield Sample("reconciler_drift_objects", labels, objects[owner])
        yield Sample("reconciler_drift_acknowledged_objects", labels, known[owner])
        yield Sample("reconciler_drift_leaks", labels, leaks[owner])
        if objects[owner]:
            dates = [told for each in report.objects if each.address.owner == owner for told in _dates(each)]
            since = before.get((DRIFT_SINCE, labels), ran.ended.timestamp())
            yield Sample(DRIFT_SINCE, labels, min(since, ran.ended.timestamp(), *dates))
    org = (ran.org_name,)
    yield Sample("reconciler_drift_access_gains", org, len(report.access.gains))
    yield Sample("reconciler_drift_access_losses", org, len(report.access.losses))
    yield Sample("reconciler_drift_pending_changes", org, len(report.pending))


def _dates(item: Drifted) -> Iterator[float]:
    """Moments at which the object surely had drifted, as the organisation tells them."""
    for pair in item.granted:
        if (moment := _moment(pair.at)) is not None:
            yield moment


def _moment(text: str) -> float | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _plan(plan: Plan, run: tuple[str, str]) -> Iterator[Sample]:
    planned = plan.summary._asdict()
    for action in _ACTIONS:
        yield Sample("reconciler_plan_changes", (*run, action), planned[action])
    yield Sample("reconciler_plan_withheld_changes", run, plan.summary.withheld)
    yield Sample("reconciler_plan_access_gains", run, len(plan.access.gains))
    yield Sample("reconciler_plan_access_losses", run, len(plan.access.losses))


def _applied(report: ApplyReport, run: tuple[str, str]) -> Iterator[Sample]:
    results = Counter(item.result for item in report.outcomes if not is_loan(item.address, item.action))
    for result in _RESULTS:
        yield Sample("reconciler_apply_outcomes", (*run, result), results[result])


def _proof(proof: Proof, organisation: str) -> Iterator[Sample]:
    verdicts = Counter(each.verdict for each in proof.tenants)
    for verdict in Verdict:
        yield Sample("reconciler_prove_tenants", (organisation, verdict.value), verdicts[verdict])


def _secret(standing: Standing, organisation: str, now: datetime) -> Iterator[Sample]:
    sink = standing.destination.sink if standing.destination else ""
    labels = (organisation, standing.address.owner, str(standing.address), sink)
    issued = standing.held.issued if standing.held else None
    if issued is not None:
        yield Sample("reconciler_secret_issued_timestamp_seconds", labels, issued.timestamp())
    elif standing.age is not None:
        made = datetime.combine(now.date(), time(), UTC).timestamp() - standing.age * 86_400
        yield Sample("reconciler_secret_issued_timestamp_seconds", labels, made)
    if standing.due is not None:
        due = datetime.combine(standing.due, time(), UTC).timestamp()
        yield Sample("reconciler_secret_due_timestamp_seconds", labels, due)
    yield Sample("reconciler_secret_needs_hand", labels, standing.state in TENDED)


def of_controller(watched: Iterable[Watched]) -> list[Sample]:
    """How the loop itself stands, by organisation."""
    return [sample for each in watched for sample in _watched(each)]


def _watched(each: Watched) -> Iterator[Sample]:
    org = (each.name,)
    yield Sample("reconciler_controller_next_look_timestamp_seconds", org, each.due.timestamp())
    yield Sample("reconciler_controller_unanswered_looks", org, each.fails)
    yield Sample("reconciler_controller_paused", org, bool(each.paused))
    if each.last:
        for ending in ENDINGS:
            said = each.last.ending == ending
            yield Sample("reconciler_controller_last_look", (*org, ending), said)
