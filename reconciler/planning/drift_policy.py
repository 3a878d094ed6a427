"""What may be done about drift now, by the policy of the Org document, and what waits for whom.

Only narrowing may happen unasked: it can give nobody anything. What was taken away by hand somebody may
have taken away for a reason, so giving it back waits, for an approval or for whoever applies next. And only
what a hand gave is taken: what is not declared may also be what newer manifests gave, or what a change took
out that nobody has approved yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from reconciler.errors import StalePlan
from reconciler.model.address import Address
from reconciler.model.drift import Correction, Drifted, DriftReport, Pending
from reconciler.model.drift_policy import Correct
from reconciler.model.plan import Change, Plan, is_loan


def correction(
    policy: Correct, objects: Collection[Drifted], pending: Collection[Pending] = ()
) -> Correction:
    """What a scheduled run may do about these, which somebody counts as drift.

    `now` is what `apply --revoke-only --auto-approve --only ADDRESS…` narrows; `approval` what a plan of a
    whole, approved by somebody and applied by `--approved` or `--plan`, puts right; `left` nobody plans. Each
    is the address of an entry, once: with one object of a rotation its others are narrowed too.
    """
    unasked = policy in ("downwards", "upwards")
    open_ones = {each.address.entry for each in pending}
    open_ones |= {each.address.entry for each in objects if each.narrows and not each.by_hand}
    sure = _entries(item for item in objects if item.narrows and item.address.entry not in open_ones)
    now = sure if unasked else ()
    rest = _entries(item for item in objects if item.remains or item.address.entry not in now)
    return Correction(policy, now, *((rest, ()) if policy == "upwards" else ((), rest)))


def _entries(objects: Iterable[Drifted]) -> tuple[Address, ...]:
    return tuple(dict.fromkeys(item.address.entry for item in objects))


def require_foreseen(plan: Plan, report: DriftReport) -> None:
    """Let a correction take nothing but what a hand gave.

    Raises:
        StalePlan: the organisation was written between the look and the plan, by newer manifests perhaps.
    """
    seen = {item.address: item for item in report.objects if item.narrows and item.by_hand}
    for change in plan.running:
        if not is_loan(change.address, change.action) and not _foreseen(change, seen.get(change.address)):
            raise StalePlan(
                f"{change.address} was written since it was looked at: what differs now nobody did by hand",
                remedy="look again; are these manifests up to date?",
            )


def _foreseen(change: Change, seen: Drifted | None) -> bool:
    """Whether it is the drift that was seen: by its marker, or because it takes no more than that."""
    if seen is None or change.cause == "manifest":
        return False
    known = {field.path: field.live for field in seen.fields}
    return change.cause == "drift" or all(
        isinstance(field.live, list) and all(each in _listed(known.get(field.path)) for each in field.live)
        for field in change.fields
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
