"""`plan --base`: the policy of the revision that a change goes into, beside the one that it proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.authoring.render import policy
from reconciler.cli.manifests import Judged, meaning
from reconciler.cli.planning import make_plan
from reconciler.errors import ReconcilerError
from reconciler.loading.revision import at_revision
from reconciler.model.address import ORG
from reconciler.model.consent import Ground, by_gravity
from reconciler.model.finding import errors
from reconciler.model.manifest import Manifests, Org
from reconciler.model.plan import Plan
from reconciler.model.policy import HeldUnder, PolicyReview
from reconciler.model.value import Json
from reconciler.planning.options import PlanOptions
from reconciler.planning.policy import held_under, policy_grounds, same_organisation
from reconciler.wiring import Session


@dataclass(frozen=True, slots=True)
class Base:
    """The Org document of `commit` as it was there; None where there was none that could be read."""

    commit: str
    org: Org | None
    unclear: str = ""


def base_policy(root: Path, revision: str) -> Base:
    """Read from git alone; raises UsageError where `root` or the revision is not there."""
    with at_revision(root, revision) as then:
        if not any(then.root.iterdir()):
            return Base(then.commit, None, f"there are no manifests at {revision}")
        judged = Judged(then.root)
    if errors(judged.findings):
        return Base(then.commit, None, f"the manifests at {revision} are not valid")
    return Base(then.commit, judged.manifests().org)


def stated(org: Org) -> Mapping[str, Json]:
    """Identity and policy by the names of the Org document."""
    return {"name": org.name, **policy(org)}


async def under_both(
    plan: Plan, base: Base, manifests: Manifests, session: Session, chosen: PlanOptions
) -> Plan:
    """The plan beside the base's policy; where that differs, the organisation is read once more."""
    before = stated(base.org) if base.org else {}
    told = tuple(policy_grounds(before, stated(manifests.org)))
    if not told:
        return replace(plan, policy=PolicyReview(base.commit))
    held, unclear = await _held(plan, base, manifests, session, chosen)
    doubt = (Ground("policy", ORG, unclear, (ORG,)),) if unclear else ()
    review = PolicyReview(base.commit, held, unclear)
    return replace(plan, policy=review, grounds=by_gravity((*plan.grounds, *told, *doubt)))


async def _held(
    plan: Plan, base: Base, manifests: Manifests, session: Session, chosen: PlanOptions
) -> tuple[tuple[HeldUnder, ...], str]:
    """What only one of both policies withholds, or why nobody can tell."""
    if base.org is None:
        return (), base.unclear
    if not same_organisation(base.org, manifests.org):
        return (), "the policy it is compared with is another organisation's"
    mixed = replace(manifests, org=base.org)
    if wrong := errors(meaning(mixed)):
        return (), f"under the policy it is compared with they are not valid: {wrong[0].message}"
    try:
        return held_under(await make_plan(session, mixed, chosen), plan), ""
    except ReconcilerError as error:
        return (), f"under the policy it is compared with nothing can be planned: {error.message}"
