"""What the manifests alone show about acknowledged drift: entries that ended, end soon, or mean nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from reconciler.model.address import Address
from reconciler.model.drift_policy import Acknowledged
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import Rule
from reconciler.model.state import Resource
from reconciler.planning.pairs import WARNING_DAYS

ACKNOWLEDGEMENT_ENDS = Rule(
    "drift/acknowledgement-ends",
    "After its last day an acknowledgement means nothing: the drift counts, and an apply puts it right.",
    "Declare what is to stay, or let it end.",
)
IDLE_ACKNOWLEDGEMENT = Rule(
    "drift/idle-acknowledgement",
    "An acknowledgement that no drift needs would cover the next change that somebody makes there.",
    "Remove it, or correct what it names.",
)


def in_force(entries: Iterable[Acknowledged], today: date) -> tuple[Acknowledged, ...]:
    """The entries whose last day has not passed."""
    return tuple(each for each in entries if each.share.expires >= today.isoformat())


def acknowledged_alone(
    entries: Iterable[Acknowledged], resources: Mapping[Address, Resource], today: date
) -> Iterator[Finding]:
    """What is to be said about entries before anybody looks at an organisation."""
    for each in entries:
        met = [item for address, item in resources.items() if each.drift.matches(address)]
        unknown = each.fields - {field for item in met for field in item.fields}
        if each.share.expires < today.isoformat():
            yield idle(each, f"the acknowledgement of {each.drift} ended after {each.share.expires}")
        elif not met:
            yield idle(each, f"it acknowledges drift of {each.drift}, and nothing there is declared")
        elif unknown:
            names = ", ".join(f"`{name}`" for name in sorted(unknown))
            yield idle(each, f"nothing declared at {each.drift} has a field {names}")
        else:
            yield from _ending(each, today)


def idle(each: Acknowledged, message: str) -> Finding:
    """An entry that covers nothing."""
    remedy = "remove the entry under `drift.acknowledged` of the Org document, or correct it"
    return Finding(IDLE_ACKNOWLEDGEMENT, Severity.WARNING, message, remedy, location=each.origin)


def _ending(each: Acknowledged, today: date) -> Iterator[Finding]:
    last = date.fromisoformat(each.share.expires)
    if last <= today + timedelta(days=WARNING_DAYS):
        days = (last - today).days
        message = f"the acknowledgement of {each.drift} ends after {each.share.expires}, in {days} days"
        remedy = "declare what is to stay, or let the next apply after that day put it right"
        place = each.origin.child("expires")
        yield Finding(ACKNOWLEDGEMENT_ENDS, Severity.WARNING, message, remedy, location=place)
