"""Every metric there is: one table, from which samples are checked and the reference is generated."""

from __future__ import annotations

from typing import NamedTuple


class Metric(NamedTuple):
    """A gauge: its name with the unit in it, what it tells, its labels, and who writes it."""

    name: str
    tells: str
    labels: tuple[str, ...]
    by: str


class Sample(NamedTuple):
    """One value of a metric; labels in the order of the table."""

    metric: str
    labels: tuple[str, ...]
    value: float


_ORG, _RUN, _TENANT = ("organisation",), ("organisation", "command"), ("organisation", "tenant")
_EVERY, _PLANNING, _DRIFT, _SECRETS = (
    "every command, controller",
    "plan, apply, secrets rotate, controller",
    "drift, controller",
    "secrets status",
)

METRICS: tuple[Metric, ...] = (
    Metric("reconciler_run_exit_code", "Exit code of the last run.", _RUN, _EVERY),
    Metric("reconciler_run_end_timestamp_seconds", "When the last run ended.", _RUN, _EVERY),
    Metric("reconciler_run_duration_seconds", "How long the last run took.", _RUN, _EVERY),
    Metric(
        "reconciler_run_last_success_timestamp_seconds",
        "When a run last did what it is for: one that reads came to an answer (exit 0, 2, 4 or 8), one that "
        "writes left nothing undone (exit 0). Taken over from FILE where the last run did not.",
        _RUN,
        _EVERY,
    ),
    Metric(
        "reconciler_run_requests",
        "Requests that the last run sent, by kind: read (tokens too) or write.",
        (*_RUN, "kind"),
        _EVERY,
    ),
    Metric("reconciler_run_repeated_requests", "Of these, those that repeated one.", _RUN, _EVERY),
    Metric("reconciler_run_limited_requests", "Of these, those that were answered 429.", _RUN, _EVERY),
    Metric("reconciler_drift_objects", "Objects that are not as we last wrote them.", _TENANT, _DRIFT),
    Metric(
        "reconciler_drift_acknowledged_objects",
        "Objects that drifted and that somebody answers for; they are counted nowhere else.",
        _TENANT,
        _DRIFT,
    ),
    Metric("reconciler_drift_leaks", "Of these, those that let somebody cross a wall.", _TENANT, _DRIFT),
    Metric(
        "reconciler_drift_since_timestamp_seconds",
        "Since when something has surely drifted, only where something has: the earliest of the first run "
        "that saw it, as FILE remembers, and the dates of grants that nobody declared.",
        _TENANT,
        _DRIFT,
    ),
    Metric("reconciler_drift_access_gains", "Accesses that nobody declared.", _ORG, _DRIFT),
    Metric("reconciler_drift_access_losses", "Declared accesses that are not there.", _ORG, _DRIFT),
    Metric("reconciler_drift_pending_changes", "Differences that the manifests made.", _ORG, _DRIFT),
    Metric("reconciler_plan_changes", "Planned changes by action.", (*_RUN, "action"), _PLANNING),
    Metric("reconciler_plan_withheld_changes", "Changes that a guard withholds.", _RUN, _PLANNING),
    Metric("reconciler_plan_access_gains", "Accesses that the plan gives.", _RUN, _PLANNING),
    Metric("reconciler_plan_access_losses", "Accesses that the plan takes.", _RUN, _PLANNING),
    Metric(
        "reconciler_apply_outcomes",
        "What became of changes: done, failed, skipped or unconfirmed.",
        (*_RUN, "result"),
        "apply, secrets rotate, controller",
    ),
    Metric("reconciler_prove_tenants", "Tenants by verdict.", (*_ORG, "verdict"), "prove"),
    Metric(
        "reconciler_secret_issued_timestamp_seconds",
        "When the secret was made that the sink holds; to the day where only the organisation knows.",
        (*_TENANT, "entry", "sink"),
        _SECRETS,
    ),
    Metric(
        "reconciler_secret_due_timestamp_seconds",
        "When the secret is due to be rotated, where `rotate.afterDays` says so.",
        (*_TENANT, "entry", "sink"),
        _SECRETS,
    ),
    Metric(
        "reconciler_secret_needs_hand",
        "1 where the secret never arrived, is missing, another client's or due, else 0.",
        (*_TENANT, "entry", "sink"),
        _SECRETS,
    ),
    Metric(
        "reconciler_controller_last_look",
        "1 for how the last look ended, 0 for every other way.",
        (*_ORG, "ending"),
        "controller",
    ),
    Metric("reconciler_controller_unanswered_looks", "Looks in a row without an answer.", _ORG, "controller"),
    Metric(
        "reconciler_controller_next_look_timestamp_seconds", "When it is looked at next.", _ORG, "controller"
    ),
    Metric("reconciler_controller_paused", "1 while it is paused, else 0.", _ORG, "controller"),
)
"""The metrics in the order of the reference. A name, once published, keeps its meaning."""

BY_NAME = {metric.name: metric for metric in METRICS}
