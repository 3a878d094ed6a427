"""Acknowledged drift: what somebody changed by hand and somebody answers for until a day.

It is left as it is, by `drift` and by every plan alike: what one of them tolerated and the other put
right would be a trap. After its last day it is drift as any other. Access that crosses a tenant's walls
is never acknowledged, nor what should have no access at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from reconciler.model.address import Address
from reconciler.model.drift_policy import Acknowledged
from reconciler.model.finding import Finding, Severity
from reconciler.model.rule import Rule
from reconciler.planning.acknowledged import idle, in_force
from reconciler.planning.binding import Scope
from reconciler.planning.draft import Draft
from reconciler.planning.drift_scene import Scene, is_drift
from reconciler.planning.guard import Situation

ACKNOWLEDGED = Rule(
    "drift/acknowledged",
    "Somebody answers for this change made by hand: it stays until the day given, and is put right after it.",
    "Remove the entry under `drift.acknowledged` of the Org document to have it put right now.",
)
Known = Mapping[Address, tuple[Acknowledged, ...]]
"""By the address of what drifted, the entries that cover it."""


def acknowledgements(drafts: Iterable[Draft], situation: Situation, found: Scope) -> Known:
    """Of these drafts, those whose drift is acknowledged today.

    All that differs about an object must be covered: nobody answers for the rest, and what is written
    to put the rest right writes all of it.
    """
    entries = in_force(situation.desired.org.drift.acknowledged, situation.options.today)
    if not entries:
        return {}
    moved = [item for item in drafts if is_drift(item, situation.registry)]
    known = {item.change.address: used for item in moved if (used := _covering(entries, item, situation))}
    if not known:
        return {}
    scene = Scene.of(moved, situation, found)
    leaking = {item.change.address for item in moved if scene.drifted(item).leaks}
    return {address: used for address, used in known.items() if address not in leaking}


def _covering(
    entries: tuple[Acknowledged, ...], draft: Draft, situation: Situation
) -> tuple[Acknowledged, ...]:
    """The entries that cover every field in which the object differs; none where one is left over."""
    if not _tolerable(draft, situation):
        return ()
    mine = [each for each in entries if each.drift.matches(draft.change.address)]
    used = [
        next((each for each in mine if not each.fields or change.path in each.fields), None)
        for change in draft.change.fields
    ]
    return tuple({each: None for each in used if each}) if all(used) else ()


def _tolerable(draft: Draft, situation: Situation) -> bool:
    """What is declared, surely somebody's hand, in no doubt, and of an owner who may have access.

    Where the manifests changed too, nothing tells the two apart, and what was reviewed goes on.
    """
    stopped = situation.suspended | situation.desired.suspended | situation.desired.retired
    declared = draft.change.origin is not None and draft.change.address.owner not in stopped
    return declared and draft.change.cause == "drift" and draft.runs and not draft.recovers


def told(known: Known, situation: Situation) -> Iterator[Finding]:
    """What a plan says about the drift that it leaves alone."""
    for address, used in sorted(known.items()):
        if situation.options.selects(address):
            ends = min(used, key=lambda each: each.share.expires)
            message = (
                f"{address} was changed by hand, which {ends.share.owner} answers for through "
                f"{ends.share.expires}: {ends.share.reason}; it stays until then"
            )
            remedy = "nothing to do; remove the entry under `drift.acknowledged` to have it put right now"
            yield Finding(
                ACKNOWLEDGED, Severity.INFO, message, remedy, address=str(address), location=ends.origin
            )


def unneeded(entries: Iterable[Acknowledged], known: Known, today: date) -> Iterator[Finding]:
    """The entries in force that cover nothing of what was found to have drifted."""
    used = {each for several in known.values() for each in several}
    for each in in_force(entries, today):
        if each not in used:
            yield idle(each, f"nothing that may be acknowledged has drifted at {each.drift}")
