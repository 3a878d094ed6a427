"""The plan: desired and live state in, changes, operations and the digest people approve out."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.errors import UsageError
from reconciler.model.access import Access, Delta
from reconciler.model.address import Address, Selector
from reconciler.model.finding import Finding
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Change, Estimate, Operation, Plan, Summary, is_loan
from reconciler.model.state import LiveState
from reconciler.planning.approve import not_reviewed
from reconciler.planning.binding import Scope
from reconciler.planning.digest import digest_of
from reconciler.planning.draft import Draft, drafts
from reconciler.planning.guard import Situation, held_back
from reconciler.planning.guard_access import access_change, judge_access
from reconciler.planning.guard_limits import within_limits
from reconciler.planning.handing import (
    Purse,
    borrowing,
    hold_what_cannot_be_handed_on,
    loan,
    purse,
)
from reconciler.planning.options import PlanOptions
from reconciler.planning.order import order
from reconciler.planning.resolve import DesiredState, manifest_digest, resolve
from reconciler.planning.scope import scope
from reconciler.planning.waiting import hold_dependents

REQUESTS_PER_SECOND = 300 / 60 * 0.99
"""The vendor's default rate for one client, at the share of it that pacing uses."""


def make(manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry) -> Plan:
    """The plan for expanded, valid manifests and a complete reading of the organisation.

    Raises:
        UsageError: a selector of `only` selects nothing.
    """
    desired, notes = resolve(manifests, registry, options.today)
    found = scope(desired, live, registry)
    _require_selected(options.only, desired, found)
    situation = Situation(desired, live, options, registry)
    everything = list(drafts(desired, found, registry))
    mine = purse(situation)
    final, leaks = _decided(everything, situation, found, mine)
    asked = loan(final, situation, mine)
    operations = order(final, registry, asked)
    labels = _labels(found, desired)
    access = _labelled(access_change(final, situation), labels)
    names = _names(live, registry)
    own = borrowing(asked, names.get(asked.operator, ""))
    changes = _sorted([draft.change for draft in final] + ([own] if own else []), registry)
    plan = Plan(
        tool=options.tool,
        org_name=desired.org.name,
        organization_id=live.organization_id,
        created_at=options.created_at,
        manifest_digest=manifest_digest(desired),
        only=tuple(map(str, options.only)),
        allow=dict(options.allow),
        summary=_summary(changes, found, everything, situation),
        changes=changes,
        operations=operations,
        access=access,
        findings=notes + _named(leaks, labels),
        unmanaged=_unmanaged(found, registry),
        orphans=tuple(sorted(str(item.marker.address) for item in found.orphans if item.marker)),
        estimate=_estimate(operations),
        digest="",
        names=names,
    )
    return replace(plan, digest=digest_of(plan))


def _decided(
    everything: list[Draft], situation: Situation, found: Scope, mine: Purse
) -> tuple[list[Draft], tuple[Finding, ...]]:
    """The drafts after everything that may hold them back, and the leaks that were found on the way."""
    desired, registry = situation.desired, situation.registry
    guarded = hold_dependents(held_back(everything, situation), desired, found, registry)
    judged = judge_access(guarded, situation, found)
    held = hold_what_cannot_be_handed_on(judged.drafts, situation, mine)
    reviewed = not_reviewed(held, situation.options.reviewed, found.ids())
    limited = within_limits(hold_dependents(reviewed, desired, found, registry), situation)
    # A loss that was held back since may be what kept a growing role from reaching too far.
    final, late = judge_access(limited, situation, found)
    return final, judged.findings + late


def _require_selected(only: tuple[Selector, ...], desired: DesiredState, found: Scope) -> None:
    """A selector that selects nothing is a slip of the pen, not a quiet plan."""
    addresses = {*desired.resources, *(item.marker.address for item in found.orphans if item.marker)}
    for selector in only:
        if not any(selector.matches(address) for address in addresses):
            close = difflib.get_close_matches(str(selector), _selectable(addresses), n=1)
            remedy = (
                f"did you mean `{close[0]}`?" if close else "give an owner, an owner's kind or an address"
            )
            raise UsageError(f"--only {selector} selects nothing that is declared or ours", remedy=remedy)


def _selectable(addresses: Iterable[Address]) -> list[str]:
    return sorted(
        {text for item in addresses for text in (item.owner, f"{item.owner}/{item.kind}", str(item))}
    )


def _sorted(changes: Iterable[Change], registry: Registry) -> tuple[Change, ...]:
    """By owner, then kinds in order of creation, then key: how a person would write them down."""
    rank = {name: index for index, name in enumerate(registry.names)}

    def place(item: Change) -> tuple[str, int, str]:
        address = item.address
        return address.owner, rank.get(address.kind, len(rank)), address.key

    return tuple(sorted(changes, key=place))


def _summary(
    changes: tuple[Change, ...], found: Scope, everything: Iterable[Draft], situation: Situation
) -> Summary:
    counts = Counter(change.action for change in changes if change.withheld is None and not is_loan(change))
    withheld = sum(change.withheld is not None for change in changes)
    changed = {draft.live.id for draft in everything if draft.live}
    unchanged = sum(item.id not in changed for item in found.bound.values())
    return Summary(
        create=counts["create"],
        update=counts["update"],
        delete=counts["delete"],
        adopt=counts["adopt"],
        revoke=counts["revoke"],
        withheld=withheld,
        orphans=len(found.orphans),
        unchanged=unchanged,
    )


def _labels(found: Scope, desired: DesiredState) -> Mapping[str, str]:
    """Our addresses by the identity that facts carry; people are shown addresses."""
    labels = {identity: str(address) for address, identity in found.ids().items()}
    labels |= {item.id: str(item.marker.address) for item in found.orphans if item.marker}
    return labels | {f"{{{address}}}": str(address) for address in desired.resources}


def _labelled(access: Delta, labels: Mapping[str, str]) -> Delta:
    def relabel(item: Access) -> Access:
        return item._replace(
            subject=labels.get(item.subject, item.subject), via=labels.get(item.via, item.via)
        )

    return Delta(tuple(sorted(map(relabel, access.gains))), tuple(sorted(map(relabel, access.losses))))


def _named(findings: Iterable[Finding], labels: Mapping[str, str]) -> tuple[Finding, ...]:
    return tuple(
        replace(finding, address=labels.get(finding.address, finding.address)) for finding in findings
    )


def _unmanaged(found: Scope, registry: Registry) -> Mapping[str, tuple[str, ...]]:
    return {
        kind.section: tuple(sorted(item.name for item in found.unmanaged if item.kind == kind.name))
        for kind in registry
    }


def _names(live: LiveState, registry: Registry) -> Mapping[str, str]:
    return {item.id: item.name for kind in registry for item in live.of(kind.name)}


def _estimate(operations: tuple[Operation, ...]) -> Estimate:
    """Writes and proofs, one read-back per object, a token per borrowing, and the waits."""
    waiting = [operation.body for operation in operations if operation.does == "wait"]
    requests = sum(operation.does in ("request", "prove") for operation in operations)
    requests += len({operation.address for operation in operations if operation.does == "request"})
    requests += sum("token" in body for body in waiting)
    waits = sum(body["seconds"] for body in waiting)
    return Estimate(requests, round(requests / REQUESTS_PER_SECOND + waits))
