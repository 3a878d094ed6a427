"""Suspension by command: every pair of a tenant's subjects goes now, and their markers say so.

It only narrows, so no limit counts it; what is protected and our own client stay all the same. What
declares nothing any more is suspended too: it is the markers that say whose an object is.
"""

from __future__ import annotations

import difflib
from typing import NamedTuple

from reconciler.errors import UsageError
from reconciler.model.address import ORG, Address
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import AnyKind
from reconciler.model.plan import Plan
from reconciler.model.rule import Rule
from reconciler.model.state import Live, Slice
from reconciler.model.value import Value
from reconciler.planning.binding import Scope
from reconciler.planning.draft import Draft, rewrite
from reconciler.planning.guard import Situation, own_client, protected
from reconciler.planning.index import ours

TWIN = Rule(
    "tenant/twin",
    "Of two objects with one marker it cannot be told which is the real one; each keeps the access "
    "until it is its turn.",
    "Run `suspend` again: each run takes one of them.",
)
"""The finding that another run is needed."""

SUSPENDED = Rule(
    "tenant/suspended",
    "A suspended tenant stays so whatever its manifest says, so that the next pipeline does not give "
    "back what was taken in need.",
    "Confirm it by `state: suspended`, or end it by apply --allow gains=N.",
)

REASON = "suspended by command"
"""Of every change of a suspension."""


class Suspension(NamedTuple):
    """The drafts of a suspension, and what they leave to another run."""

    drafts: list[Draft]
    findings: tuple[Finding, ...]


def is_partial(plan: Plan) -> bool:
    """Whether a suspension left something to another run."""
    return any(finding.rule == TWIN for finding in plan.findings)


def is_suspension(plan: Plan) -> bool:
    """Whether a plan is that of the command itself, and not one that leaves a suspension standing."""
    return any(finding.rule == SUSPENDED for finding in plan.findings)


def suspension(situation: Situation, found: Scope) -> Suspension:
    """Everything that the tenant of `options.suspend` is to lose, after those guards that hold all the same.

    Raises:
        UsageError: there is no such tenant, neither declared nor among the markers.
    """
    tenant = situation.options.suspend
    _require(tenant, situation)
    drafts: dict[Address, Draft] = {}
    findings = [_aftermath(tenant)]
    for draft in sorted(_drafts(tenant, situation, found), key=_most_first):
        if draft.change.address in drafts:
            findings.append(_twin(draft))
        drafts.setdefault(draft.change.address, draft)
    return Suspension(protected(own_client(list(drafts.values()), situation), situation), tuple(findings))


def _most_first(draft: Draft) -> tuple[bool, str]:
    """Of two objects with one marker the one that holds something comes first."""
    return draft.change.action != "revoke", draft.identity


def _drafts(tenant: str, situation: Situation, found: Scope) -> list[Draft]:
    """What its subjects lose; where none of them has a marker to say so, its walls say it."""
    moved = {item.slice for address, item in found.bound.items() if address.owner == tenant}
    theirs = [
        (kind, item)
        for kind in situation.registry
        for item in situation.live.of(kind.name)
        if _belongs(item, tenant, situation, moved)
    ]
    told = any(kind.collection.second and not kind.collection.subjects for kind, _ in theirs)
    drafts = (_draft(kind, item, situation, told=told) for kind, item in theirs)
    return [draft for draft in drafts if draft is not None]


def _draft(kind: AnyKind, item: Live, situation: Situation, *, told: bool) -> Draft | None:
    view, marker = kind.collection.second, item.marker
    assert marker is not None  # or nobody would know whose it is
    is_wall = kind.name == situation.registry.pair[1]
    tells = kind.collection.subjects is None and (view or (is_wall and not told))
    after = {**item.fields, view.field: frozenset[Value]()} if view else item.fields
    if after == item.fields and (marker.suspended or not tells):
        return None
    return rewrite(item, marker.address, after, REASON, situation.desired, suspended=True)


def _belongs(item: Live, tenant: str, situation: Situation, moved: set[Slice]) -> bool:
    """Whether it carries a marker of ours that names the tenant, or is to become the tenant's."""
    if item.marker is None or not ours(item, situation.desired.org.name):
        return False
    return item.marker.address.owner == tenant or item.slice in moved


def _require(tenant: str, situation: Situation) -> None:
    registry, live, org = situation.registry, situation.live, situation.desired.org.name
    marked = {
        item.marker.address.owner
        for kind in registry
        for item in live.of(kind.name)
        if item.marker and ours(item, org)
    }
    tenants = (marked | situation.desired.owners) - {ORG}
    if tenant in tenants:
        return
    close = difflib.get_close_matches(tenant, sorted(tenants), n=1)
    raise UsageError(
        f"no tenant `{tenant}` is declared, and nothing of ours carries its name",
        remedy=f"did you mean `{close[0]}`?" if close else "give the tenant's name as its manifest has it",
    )


def _aftermath(tenant: str) -> Finding:
    message = f"from now on what its manifest would give {tenant} is withheld"
    remedy = "confirm it by `state: suspended` in the manifest, or end it by apply --allow gains=N"
    return Finding(SUSPENDED, Severity.INFO, message, remedy, tenant)


def _twin(draft: Draft) -> Finding:
    return Finding(
        TWIN,
        Severity.HIGH,
        f"`{draft.change.name}` ({draft.identity}) carries the same marker as another object",
        "run `suspend` again: each run takes one of them",
        str(draft.change.address),
    )
