"""From validated documents to the values that planning works with, each entry with its origin."""

from __future__ import annotations

from typing import Any

from reconciler.loading.org_spec import AcknowledgedSpec, OrgWideSpec, ReachedBySpec
from reconciler.model.access import Nature, OrgWideException, Share, Tolerated
from reconciler.model.address import ORG, Selector
from reconciler.model.drift_policy import Acknowledged, DriftPolicy
from reconciler.model.kind import Registry
from reconciler.model.manifest import Entry, Limits, Org, Owner, Profile, Sections, Sink
from reconciler.model.origin import Origin


def org(document: Any, origin: Origin) -> Org:
    """The Org document as a value."""
    spec = document.spec
    return Org(
        name=document.metadata.name,
        region=spec.region,
        organization_id=spec.organization_id,
        operator=spec.operator.client,
        origin=origin,
        requires=spec.requires,
        hand_on=spec.operator.hand_on,
        sinks={name: _sink(name, sink, origin) for name, sink in spec.sinks.items()},
        prune=spec.prune,
        protect=tuple(Selector.parse(text) for text in spec.protect),
        limits=Limits(**spec.limits.model_dump()),
        org_wide=tuple(_exception(item, index, origin) for index, item in enumerate(spec.org_wide)),
        reached_by=tuple(_tolerated(item, index, origin) for index, item in enumerate(spec.reached_by)),
        drift=DriftPolicy(
            spec.drift.correct,
            tuple(_acknowledged(item, index, origin) for index, item in enumerate(spec.drift.acknowledged)),
        ),
        new_clients=spec.new_clients,
    )


def _sink(name: str, sink: Any, origin: Origin) -> Sink:
    settings = sink.model_dump(by_alias=True, exclude={"type"})
    return Sink(name, sink.type, settings, origin.child("spec", "sinks", name))


def _exception(item: OrgWideSpec, index: int, origin: Origin) -> OrgWideException:
    place = origin.child("spec", "orgWide", index)
    return OrgWideException(item.permission, item.reason, item.owner, item.expires, place)


_NATURES = {
    "client": Nature.PROGRAM,
    "group": Nature.GROUP,
    "user": Nature.PERSON,
    "trustee": Nature.STRANGER,
}
"""Who the words of a subject look for."""


def _tolerated(item: ReachedBySpec, index: int, origin: Origin) -> Tolerated:
    place = origin.child("spec", "reachedBy", index)
    ((word, name),) = item.subject.model_dump(exclude_unset=True).items()
    share = Share(item.reason, item.owner, item.expires)
    return Tolerated(_NATURES[word], name, frozenset(item.roles), share, place)


def _acknowledged(item: AcknowledgedSpec, index: int, origin: Origin) -> Acknowledged:
    place = origin.child("spec", "drift", "acknowledged", index)
    share = Share(item.reason, item.owner, item.expires)
    return Acknowledged(Selector.parse(item.drift), frozenset(item.fields), share, place)


def shared(document: Any, origin: Origin, registry: Registry) -> Owner:
    """A Shared document as a value; its owner is `org`."""
    return Owner(ORG, _sections(document.spec, origin, registry), origin)


def profile(document: Any, origin: Origin, registry: Registry) -> Profile:
    """A Profile document as a value."""
    place = origin.child("metadata", "name")
    return Profile(document.metadata.name, _sections(document.spec, origin, registry), place)


def tenant(document: Any, origin: Origin, registry: Registry) -> Owner:
    """A Tenant document as a value."""
    spec = document.spec
    return Owner(
        name=document.metadata.name,
        sections=_sections(spec, origin, registry),
        origin=origin.child("metadata", "name"),
        state=spec.state,
        profiles=spec.profiles,
        without=spec.without,
    )


def _sections(spec: Any, origin: Origin, registry: Registry) -> Sections:
    """Entries by kind name; every kind is there, so that nobody has to ask whether."""
    file, document, _ = origin
    return {
        kind.name: tuple(
            [
                Entry(entry, Origin(file, document, ("spec", kind.section, index)))
                for index, entry in enumerate(getattr(spec, kind.section))
            ]
        )
        for kind in registry
    }
