"""Drift: somebody changed what we last wrote, told apart from a change of the manifests.

The marker on each object is the only memory. What differs as the manifests made it differ is pending
and no drift; an object that is gone cannot say who took it away, so it is pending too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.model.drift import Drifted, DriftReport, Leak, Pending
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import Registry
from reconciler.model.manifest import Manifests
from reconciler.model.state import LiveState
from reconciler.planning.acknowledged import IDLE_ACKNOWLEDGEMENT
from reconciler.planning.acknowledging import Known, acknowledgements, unneeded
from reconciler.planning.binding import Scope
from reconciler.planning.draft import Draft
from reconciler.planning.drafting import drafts
from reconciler.planning.drift_policy import correction
from reconciler.planning.drift_scene import Scene, is_drift
from reconciler.planning.guard import Situation
from reconciler.planning.labels import labelled, labels_of, named, names_of, relabelled
from reconciler.planning.options import PlanOptions
from reconciler.planning.scope import scope
from reconciler.planning.selected import require_selected
from reconciler.planning.subjects import bind_subjects
from reconciler.planning.succession import resolve_with
from reconciler.planning.suspended import standing

_GRAVEST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


def find_drift(
    manifests: Manifests, live: LiveState, options: PlanOptions, registry: Registry
) -> DriftReport:
    """What is not as we last wrote it, for a complete reading that shows both views of all access.

    Raises:
        UsageError: a selector of `only` selects nothing.
    """
    desired, noted = resolve_with(manifests, live, registry, options.today)
    found = scope(desired, live, registry)
    desired, live = bind_subjects(desired, live, found, registry)
    require_selected(options.only, desired, found)
    chosen = [item for item in drafts(desired, found, registry) if options.selects(item.change.address)]
    situation = Situation(desired, live, options, registry, standing(desired, found))
    return _reported(chosen, situation, found, noted)


def _reported(
    chosen: list[Draft], situation: Situation, found: Scope, noted: tuple[Finding, ...]
) -> DriftReport:
    """What counts and what is acknowledged, each judged in sight of all that drifted."""
    desired, live, options, registry, _ = situation
    labels = labels_of(found, desired, live, registry)
    known = acknowledgements(chosen, situation, found)
    moved = [item for item in chosen if is_drift(item, registry)]
    scene = Scene.of(moved, situation, found)
    seen = _by_gravity(_labelled(scene.drifted(item), labels) for item in moved)
    objects = tuple(item for item in seen if item.address not in known)
    pending = _pending(item for item in chosen if not is_drift(item, registry))
    tolerated = [item for item in seen if item.address in known]
    return DriftReport(
        tool=options.tool,
        org_name=desired.org.name,
        organization_id=live.organization_id,
        read_at=options.created_at,
        only=tuple(map(str, options.only)),
        objects=objects,
        access=labelled(_counting(moved, known, scene, found).access, labels),
        pending=pending,
        unchanged=_unchanged(found, chosen, options),
        names=names_of(live, registry),
        acknowledged=tuple(replace(item, acknowledged=known[item.address]) for item in tolerated),
        correction=correction(desired.org.drift.correct, objects, pending),
        operator_id=live.operator_id,
        notices=tuple(_notices(noted, known, situation)),
    )


def _counting(moved: list[Draft], known: Known, scene: Scene, found: Scope) -> Scene:
    """The scene of what counts alone: what is acknowledged is in no number but its own."""
    if not known:
        return scene
    counted = [item for item in moved if item.change.address not in known]
    return Scene.of(counted, scene.situation, found)


def _by_gravity(items: Iterable[Drifted]) -> list[Drifted]:
    return sorted(items, key=lambda item: (_GRAVEST.index(item.severity), item.address))


def _notices(noted: Iterable[Finding], known: Known, situation: Situation) -> Iterator[Finding]:
    """What the manifests show about entries, and entries that cover nothing; narrowed, nobody can tell."""
    alone = [each for each in noted if each.rule == IDLE_ACKNOWLEDGEMENT]
    yield from alone
    said = {each.location for each in alone}
    if not situation.options.only:
        entries = (each for each in situation.desired.org.drift.acknowledged if each.origin not in said)
        yield from unneeded(entries, known, situation.options.today)


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
