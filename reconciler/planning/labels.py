"""Labels: from the identities that facts carry to the addresses that people are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.model.access import Access, Delta, title
from reconciler.model.finding import Finding
from reconciler.model.kind import SUBJECT_FIELD, Registry
from reconciler.model.state import LiveState
from reconciler.planning.binding import Scope
from reconciler.planning.resolve import DesiredState


def labels_of(found: Scope, desired: DesiredState, live: LiveState, registry: Registry) -> Mapping[str, str]:
    """What people are shown for the identity that facts carry: our addresses; titles of groups and users."""
    labels = {identity: str(address) for address, identity in found.ids().items()}
    labels |= {item.id: str(item.marker.address) for item in found.orphans if item.marker}
    labels |= {f"{{{address}}}": str(address) for address in desired.resources}
    return labels | dict(_titles(live, registry))


def _titles(live: LiveState, registry: Registry) -> Iterator[tuple[str, str]]:
    """Of whom no address stands for: several may have a part of one."""
    for kind in registry:
        for item in live.of(kind.name) if kind.collection.subjects else ():
            yield item.id, title(item.fields[SUBJECT_FIELD], item.name)


def names_of(live: LiveState, registry: Registry) -> Mapping[str, str]:
    """What people call each live object, by its id."""
    return {item.id: item.name for kind in registry for item in live.of(kind.name)}


def labelled(access: Delta, labels: Mapping[str, str]) -> Delta:
    """The same access with addresses where we have them, sorted."""
    gains, losses = ([relabelled(item, labels) for item in side] for side in (access.gains, access.losses))
    return Delta(tuple(sorted(gains)), tuple(sorted(losses)))


def relabelled(item: Access, labels: Mapping[str, str]) -> Access:
    """One access with the addresses of its subject and its role, where we have them."""
    return item._replace(subject=labels.get(item.subject, item.subject), via=labels.get(item.via, item.via))


def named(findings: Iterable[Finding], labels: Mapping[str, str]) -> tuple[Finding, ...]:
    """The same findings, about addresses where we have them."""
    return tuple(
        replace(finding, address=labels.get(finding.address, finding.address)) for finding in findings
    )
