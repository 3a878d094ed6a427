"""The rules about an organisation as it is, over states: of the manifests alone, read, or after a plan."""

from __future__ import annotations

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.hygiene import hygiene
from reconciler.model.finding import Finding
from reconciler.model.state import LiveState
from reconciler.model.stock import Stock
from reconciler.planning.binding import Scope
from reconciler.planning.draft import Draft
from reconciler.planning.evidence import evidence
from reconciler.planning.guard import Situation
from reconciler.planning.guard_access import boundaries
from reconciler.planning.located import placed
from reconciler.planning.nearby import nearby
from reconciler.planning.population import UNASKED, population
from reconciler.planning.project import state_after


def faults(situation: Situation, state: LiveState, bounds: Boundaries) -> tuple[Finding, ...]:
    """What breaks the rules in a state, about ids. Whom nobody lists is not in it, nor who declared what."""
    people = population(situation._replace(live=state), Scope(), UNASKED, bounds)
    return hygiene(evidence(people, bounds, state, situation.registry, {}, Stock()))


def new_faults(drafts: list[Draft], situation: Situation, found: Scope) -> tuple[Finding, ...]:
    """What the running drafts add to them, about ids; what is there already is `prove`'s to tell."""
    running = [draft for draft in drafts if draft.runs]
    if not running:
        return ()
    bounds, registry = boundaries(situation, found), situation.registry
    near = nearby(situation.live, running, registry)
    before = {(each.rule, each.address) for each in faults(situation, near, bounds)}
    after = faults(situation, state_after(near, running, registry), bounds)
    added = [each for each in after if (each.rule, each.address) not in before]
    if not added:
        return ()
    ids = found.ids()
    entries = {ids.get(at, f"{{{at}}}"): item for at, item in situation.desired.resources.items()}
    return tuple(placed(each, entries.get(each.address)) for each in added)
