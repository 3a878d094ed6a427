"""The certificate: everything that the verdicts follow from, so that anybody can work them out anew.

Checked by `check_certificate.py`, which shares no code with the prover. Names are left out: ids do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.escalation import BECOMING, POWERS
from reconciler.isolation.population import Population
from reconciler.isolation.reach import Reach
from reconciler.model.proof import TenantProof

FORMAT_VERSION = 1


def facts(population: Population, bounds: Boundaries) -> dict[str, Any]:
    """What the verdicts follow from, ready for JSON and in one order only."""
    confined = sorted(name for name, aware in population.catalogue.items() if aware)
    return {
        "confined": confined,
        "unconfined": sorted(population.catalogue.keys() - set(confined)),
        "roles": {role: sorted(said) for role, said in sorted(population.access.allows.items())},
        "holds": {
            subject: sorted(map(list, pairs)) for subject, pairs in sorted(population.access.holds.items())
        },
        "subjects": {
            each.id: {"nature": str(each.nature), "owner": each.owner, "liesIn": each.wall}
            for each in sorted(population.subjects.values())
        },
        "groups": {person: list(groups) for person, groups in sorted(population.groups.items())},
        "unread": sorted(population.unread),
        "divisions": dict(sorted(population.walls.items())),
        "home": bounds.home,
        "operator": population.operator,
        "shares": sorted(map(list, set(_shares(population, bounds)))),
        "declared": sorted(map(list, population.declared)),
        "orgWide": sorted(bounds.excepted),
        "reachedBy": {subject: sorted(roles) for subject, roles in sorted(population.tolerated.items())},
        "confine": {subject: sorted(walls) for subject, walls in sorted(bounds.ceilings.items())},
        "escalators": sorted(POWERS),
        "becoming": sorted(BECOMING),
        "gaps": list(population.gaps),
    }


def _shares(population: Population, bounds: Boundaries) -> Iterator[tuple[str, str, str]]:
    reach = Reach(population)
    for subject in population.subjects:
        if bounds.sharing.isdisjoint((subject, *population.groups_of(subject))):
            continue
        for cell in reach.cells(subject):
            if bounds.share_of(cell.access(cell.grant.group or subject)):
                yield subject, cell.permission, cell.place


def certificate(
    said: Mapping[str, Any], population: Population, bounds: Boundaries, tenants: Iterable[TenantProof]
) -> dict[str, Any]:
    """A certificate of the verdicts on `tenants`; `said` is what is told beside them (tool, org, time)."""
    claims = {
        each.tenant: {"reaches": str(each.reaches), "reachedBy": str(each.reached_by)} for each in tenants
    }
    content = {"certificate": FORMAT_VERSION, **said, "facts": facts(population, bounds), "claims": claims}
    return {**content, "digest": digest(content)}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of plain JSON in canonical form: keys sorted, no spaces, UTF-8 kept."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
