"""The grounds of an approval: what a plan does to access, secrets and objects.

One ground for each consent and subject, and for each tenant that somebody newly reaches from outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from reconciler.isolation.boundaries import Boundaries
from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access, Delta
from reconciler.model.address import ORG
from reconciler.model.consent import Consent, Ground, by_gravity
from reconciler.model.plan import Change, Operation
from reconciler.model.words import counted

_ANYWHERE = frozenset({EVERYWHERE, ORG_WIDE})
_STATE, _ACTIVE = "state", "active"


def grounds(
    access: Delta,
    changes: Iterable[Change],
    operations: Iterable[Operation],
    bounds: Callable[[], Boundaries],
    labels: Mapping[str, str],
) -> tuple[Ground, ...]:
    """Every ground, the gravest first. `access` is by the identities of facts, `labels` name those.

    `bounds` is asked for only where somebody gains something: it looks at every object there is.
    """
    running = [change for change in changes if change.withheld is None]
    return by_gravity(
        {
            *reaching(access, bounds, labels),
            *_ended(running),
            *_delivered(running, operations),
        }
    )


def reaching(access: Delta, bounds: Callable[[], Boundaries], labels: Mapping[str, str]) -> Iterator[Ground]:
    """What subjects lose and gain; `labels` name the identities of facts."""
    yield from _lost(access, labels)
    yield from _gained(access, bounds, labels)


def _lost(access: Delta, labels: Mapping[str, str]) -> Iterator[Ground]:
    for subject, number in Counter(item.subject for item in access.losses).items():
        yield Ground("decrease", labels.get(subject, subject), f"loses {counted(number, 'right')}")


def _gained(access: Delta, bounds: Callable[[], Boundaries], labels: Mapping[str, str]) -> Iterator[Ground]:
    """What each subject gains, told once for each sort."""
    known = bounds() if access.gains else None
    sorts = Counter(sort_of(item, known) for item in access.gains) if known else {}
    for (consent, subject, whose), number in sorts.items():
        where = {"org-wide": " in the whole organisation", "cross-tenant": f" in {whose}"}.get(consent, "")
        yield Ground(consent, labels.get(subject, subject), f"gains {counted(number, 'right')}{where}")


def sort_of(item: Access, bounds: Boundaries) -> tuple[Consent, str, str]:
    """What a gain is, who gains, and whose tenant is reached from outside."""
    if item.division in _ANYWHERE:
        return "org-wide", item.subject, ""
    tenant = bounds.owner_of(item.division)
    if tenant not in ("", ORG, bounds.owner_of(item.subject)):
        return "cross-tenant", item.subject, tenant
    return "increase", item.subject, ""


def _ended(changes: Iterable[Change]) -> Iterator[Ground]:
    """What is deleted, and what worked and is switched off."""
    for change in changes:
        if change.action == "delete":
            yield Ground("destructive", str(change.address), "is deleted")
        elif any((field.path, field.live) == (_STATE, _ACTIVE) for field in change.fields):
            yield Ground("destructive", str(change.address), "is switched off")


def _delivered(changes: Iterable[Change], operations: Iterable[Operation]) -> Iterator[Ground]:
    """Secrets of those that work already; who is born here has no other one that somebody could miss."""
    born = {change.address for change in changes if change.action == "create" and not change.address.part}
    for each in operations:
        if each.does == "deliver" and each.address not in born:
            place = f"{each.body['sink']} {each.body['path']}"
            yield Ground("sink", str(each.address), f"another secret goes to {place}")
