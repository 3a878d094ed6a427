"""Approval: which changes of a fresh plan are contained in what people reviewed.

Plans may be reviewed apart and applied together: a change runs when any reviewed plan holds it,
to the letter but for reasons and origins. Everything else is withheld as not reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.errors import StalePlan
from reconciler.model.plan import Change, Plan
from reconciler.model.value import canonical
from reconciler.planning.digest import change_essence, digest_of
from reconciler.planning.draft import Draft

NOT_REVIEWED = "not-reviewed"
"""The guard that holds back what no reviewed plan contains."""

Reviewed = frozenset[str]
"""Changes in canonical form, without reasons and origins."""


def reviewed_in(plans: Iterable[Plan], organization_id: str) -> Reviewed:
    """The union of what runs in these plans.

    Raises:
        StalePlan: a plan does not match its own digest, or is another organisation's.
    """
    changes: set[str] = set()
    for plan in plans:
        if digest_of(plan) != plan.digest:
            raise StalePlan(
                f"the plan of {plan.created_at} does not match its own digest",
                remedy="it was edited or cut; make it again with `reconciler plan --out FILE`",
            )
        if plan.organization_id != organization_id:
            raise StalePlan(
                f"the plan of {plan.created_at} is of organisation {plan.organization_id}, not of ours",
                remedy="apply it with that organisation's manifests and credentials",
            )
        changes.update(essence(change) for change in plan.running)
    return frozenset(changes)


def essence(change: Change) -> str:
    """A change in the form in which it is compared."""
    return canonical(change_essence(change))


def require_digest(plan: Plan, approved: str) -> None:
    """Refuse a plan of another digest than the approved one.

    Raises:
        StalePlan: with both digests.
    """
    if plan.digest != approved.removeprefix("sha256:"):
        raise StalePlan(
            f"the plan's digest is sha256:{plan.digest}, approved was {approved}",
            remedy="the organisation or the manifests moved since; review the new plan and its digest",
        )


def require_contained(reviewed: Reviewed, fresh: Plan) -> None:
    """Refuse when nothing of what was reviewed would still run, saying what moved.

    Raises:
        StalePlan: the changes that are planned now and were not reviewed.
    """
    wanted = [
        change for change in fresh.changes if change.withheld is None or change.withheld.guard == NOT_REVIEWED
    ]
    if not reviewed or not wanted or any(change.withheld is None for change in wanted):
        return
    moved = ", ".join(f"{change.address} ({change.action})" for change in wanted[:8])
    raise StalePlan(
        f"nothing of what was reviewed would still run; planned now: {moved}",
        remedy="plan again and have that plan reviewed",
    )


def not_reviewed(drafts: list[Draft], reviewed: Reviewed | None) -> list[Draft]:
    """Withhold each change that no reviewed plan contains; None reviews everything."""
    if reviewed is None:
        return drafts
    release = "have a plan that contains it reviewed"
    return [
        draft
        if essence(draft.change) in reviewed
        else draft.withhold(NOT_REVIEWED, "no reviewed plan has it", release)
        for draft in drafts
    ]
