"""Discretion: what may be told to one tenant, which must not learn who the others are.

A statement is written from words that name nobody; this is the net below it, for what people wrote
themselves: reasons, addresses of those who answer, names of the tenant's own objects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reconciler.model.access import untitled
from reconciler.model.proof import Proof, TenantProof

OTHER = "another customer"
_SHORTEST = 4
"""Letters of the first part of a tenant's name below which it says nothing of the tenant."""


def discreet(proof: Proof, tenant: str) -> Callable[[str], str]:
    """A function that takes the names of all other tenants out of a text.

    Names of theirs are their own, the first part of it (`globex` of `globex-bank`), and those of their
    divisions and subjects. What this tenant's own name or divisions say already is no secret to it.
    """
    own = next(each for each in proof.tenants if each.tenant == tenant)
    known = " ".join((tenant, *(proof.names.get(wall, wall) for wall in own.walls))).casefold()
    others = (each for each in proof.tenants if each is not own)
    names = {name.casefold() for each in others for name in _names(each, proof)}
    secret = sorted({name for name in names if name and name not in known}, key=len, reverse=True)
    if not secret:
        return lambda text: text
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, secret))})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(OTHER, text)


def _names(each: TenantProof, proof: Proof) -> Iterator[str]:
    yield each.tenant
    first = each.tenant.partition("-")[0]
    yield first if len(first) >= _SHORTEST else ""
    for identity in (*each.walls, *each.subjects):
        yield proof.names.get(identity, "")
    for subject in each.subjects:
        yield from (proof.subjects[subject], untitled(proof.subjects[subject])[1])
