"""Drift: somebody changed what we last wrote, told apart from a change of the manifests.

The marker on each object is the only memory. What differs as the manifests made it differ is pending
and no drift; an object that is gone cannot say who took it away, so it is pending too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.model.drift import Drifted, DriftReport, Leak, Pending
from reconciler.model.finding import Severity
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.state import Live, LiveState
from reconciler.model.value import Fields
from reconciler.planning.binding import Scope
from reconciler.planning.diff import stale_marker
from reconciler.planning.draft import Draft
from reconciler.planning.drafting import drafts
from reconciler.planning.drift_scene import Scene
from reconciler.planning.guard import Situation
from reconciler.planning.labels import labelled, labels_of, named, names_of, relabelled
from reconciler.planning.options import PlanOptions
from reconciler.planning.scope import scope
from reconciler.planning.selected import require_selected
from reconciler.planning.subjects import bind_subjects
from reconciler.planning.succession import resolve_with

_GRAVEST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


def find_drift(
    manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry
) -> DriftReport:
    """What is not as we last wrote it, for a complete reading that shows both views of all access.

    Raises:
        UsageError: a selector of `only` selects nothing.
    """
    desired, _ = resolve_with(manifests, live, registry, options.today)
    found = scope(desired, live, registry)
    desired, live = bind_subjects(desired, live, found, registry)
    require_selected(options.only, desired, found)
    chosen = [item for item in drafts(desired, found, registry) if options.selects(item.change.address)]
    moved = [item for item in chosen if _is_drift(item, registry)]
    addresses = {item.change.address for item in moved}
    scene = Scene.of(moved, Situation(desired, live, options, registry), found)
    labels = labels_of(found, desired, live, registry)
    objects = [_labelled(scene.drifted(item), labels) for item in moved]
    return DriftReport(
        tool=options.tool,
        org_name=desired.org.name,
        organization_id=live.organization_id,
        read_at=options.created_at,
        only=tuple(map(str, options.only)),
        objects=tuple(sorted(objects, key=lambda item: (_GRAVEST.index(item.severity), item.address))),
        access=labelled(scene.access, labels),
        pending=_pending(item for item in chosen if item.change.address not in addresses),
        unchanged=_unchanged(found, chosen, options),
        names=names_of(live, registry),
    )


def _is_drift(draft: Draft, registry: Registry) -> bool:
    live, after = draft.live, draft.after
    if live is None or after is None or live.fields == after:
        return False
    if draft.change.cause == "drift" or _surplus(live, after, registry):
        return True
    stale = live.marker is not None and stale_marker(live.fields, live.marker)
    return draft.change.cause == "unknown" and stale


def _surplus(live: Live, after: Fields, registry: Registry) -> bool:
    """Whether the second view alone shows a pair that is not declared: we never grant there."""
    view = registry[live.kind].collection.second
    return view is not None and not live.elsewhere <= after[view.field]


def _pending(drafts: Iterable[Draft]) -> tuple[Pending, ...]:
    return tuple(sorted(Pending(item.change.address, item.change.action) for item in drafts))


def _unchanged(found: Scope, chosen: Iterable[Draft], options: PlanOptions) -> int:
    differing = {item.change.address for item in chosen}
    return sum(options.selects(address) and address not in differing for address in found.bound)


def _labelled(item: Drifted, labels: Mapping[str, str]) -> Drifted:
    findings = named((leak.finding for leak in item.leaks), labels)
    crossing = [relabelled(leak.access, labels) for leak in item.leaks]
    leaks = tuple(map(Leak, crossing, findings))
    return replace(item, access=labelled(item.access, labels), leaks=leaks)
