"""Baseline: whoever reaches tenants today without being declared, written down as exceptions with an end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from reconciler.isolation.population import Population
from reconciler.isolation.proving import Prover
from reconciler.model.access import Share, Tolerated
from reconciler.model.kind import Registry
from reconciler.model.origin import Origin
from reconciler.model.proof import Reacher, Standing, Survey
from reconciler.model.state import LiveState
from reconciler.planning.export.values import Proposal, shown
from reconciler.planning.options import PlanOptions
from reconciler.planning.proof import ground


class Baseline(NamedTuple):
    """Who answers for the exceptions, through which day (YYYY-MM-DD, UTC)."""

    owner: str
    until: str


def with_baseline(
    proposal: Proposal,
    live: LiveState,
    seen: Survey,
    asked: Baseline,
    options: PlanOptions,
    registry: Registry,
) -> Proposal:
    """The proposal whose Org document excepts them, by id: a name may be somebody else's tomorrow."""
    found = ground(proposal.manifests, live, seen, options, registry)
    prover = Prover(found.people, found.bounds)
    roles: dict[str, set[str]] = defaultdict(set)
    for reacher in _undeclared(prover, proposal):
        roles[reacher.subject] |= set(reacher.roles)
    org = proposal.manifests.org
    entries = tuple(
        _entry(found.people, subject, roles[subject], asked, options, org.origin) for subject in sorted(roles)
    )
    org = replace(org, reached_by=(*org.reached_by, *entries))
    return replace(proposal, manifests=replace(proposal.manifests, org=org))


def _undeclared(prover: Prover, proposal: Proposal) -> Iterator[Reacher]:
    reachers = [reacher for reacher, _ in prover.everywhere()]
    for proof in prover.prove(proposal.tenants):
        reachers += proof.reachers
    return (reacher for reacher in reachers if reacher.standing is Standing.UNOWNED)


def _entry(
    people: Population, subject: str, roles: set[str], asked: Baseline, options: PlanOptions, origin: Origin
) -> Tolerated:
    who = people.subjects[subject]
    reason = f"{who.sort} {shown(who.name)}: was so on {options.today.isoformat()}"
    share = Share(reason, asked.owner, asked.until)
    return Tolerated(who.nature, subject, frozenset(roles), share, origin.child("spec", "reachedBy"))
