"""`plan --base`: the manifests of the revision that a change goes into, beside those that it proposes.

Of both the policy, and where they let the secrets go of clients that are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler import wiring
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
from reconciler.planning.replaced import replaced
from reconciler.planning.resolve import resolve
from reconciler.wiring import Session


@dataclass(frozen=True, slots=True)
class Base:
    """The manifests of `commit` as they were there; None where there were none that could be read."""

    commit: str
    manifests: Manifests | None
    unclear: str = ""


def base_of(root: Path, revision: str) -> Base:
    """Read from git alone; raises UsageError where `root` or the revision is not there."""
    with at_revision(root, revision) as then:
        if not any(then.root.iterdir()):
            return Base(then.commit, None, f"there are no manifests at {revision}")
        judged = Judged(then.root)
    if errors(judged.findings):
        return Base(then.commit, None, f"the manifests at {revision} are not valid")
    return Base(then.commit, judged.manifests())


def stated(org: Org) -> Mapping[str, Json]:
    """Identity and policy by the names of the Org document."""
    return {"name": org.name, **policy(org)}


async def under_both(
    plan: Plan, base: Base, manifests: Manifests, session: Session, chosen: PlanOptions
) -> Plan:
    """The plan beside the base; where that has another policy, the organisation is read once more."""
    moved = tuple(_replaced(plan, base.manifests, manifests, chosen)) if base.manifests else ()
    plan = replace(plan, policy=PolicyReview(base.commit), grounds=by_gravity((*plan.grounds, *moved)))
    before = stated(base.manifests.org) if base.manifests else {}
    told = tuple(policy_grounds(before, stated(manifests.org)))
    if not told:
        return plan
    held, unclear = await _held(plan, base, manifests, session, chosen)
    doubt = (Ground("policy", ORG, unclear, (ORG,)),) if unclear else ()
    review = PolicyReview(base.commit, held, unclear)
    return replace(plan, policy=review, grounds=by_gravity((*plan.grounds, *told, *doubt)))


def _replaced(plan: Plan, base: Manifests, head: Manifests, chosen: PlanOptions) -> Iterator[Ground]:
    before, after = (resolve(each, wiring.registry(), chosen.today)[0] for each in (base, head))
    return replaced(before, after, plan, chosen)


async def _held(
    plan: Plan, base: Base, manifests: Manifests, session: Session, chosen: PlanOptions
) -> tuple[tuple[HeldUnder, ...], str]:
    """What only one of both policies withholds, or why nobody can tell."""
    if base.manifests is None:
        return (), base.unclear
    if not same_organisation(base.manifests.org, manifests.org):
        return (), "the policy it is compared with is another organisation's"
    mixed = replace(manifests, org=base.manifests.org)
    if wrong := errors(meaning(mixed)):
        return (), f"under the policy it is compared with they are not valid: {wrong[0].message}"
    try:
        return held_under(await make_plan(session, mixed, chosen), plan), ""
    except ReconcilerError as error:
        return (), f"under the policy it is compared with nothing can be planned: {error.message}"
