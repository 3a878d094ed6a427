"""What stands around a plan: what was looked at, what was not seen, and what ends soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from reconciler.isolation.certificate import digest
from reconciler.model.access import EVERYWHERE, Share
from reconciler.model.address import ORG, Address
from reconciler.model.frame import Expiry, Frame
from reconciler.model.origin import Origin
from reconciler.model.state import LiveState
from reconciler.model.value import Ref, Value
from reconciler.planning.options import PlanOptions
from reconciler.planning.pairs import WARNING_DAYS
from reconciler.planning.resolve import DesiredState

_ONE_VIEW = "what only the second view of access shows, of clients that stay as they are (--deep reads it)"
_SETTINGS = "the settings of roles, which this client may not read"


def frame(desired: DesiredState, live: LiveState, options: PlanOptions) -> Frame:
    """Of a plan that was made of this reading."""
    unseen = () if options.deep or options.revoke_only else (_ONE_VIEW,)
    return Frame(
        revision=options.revision,
        catalogue=digest(live.catalogue) if live.catalogue is not None else "",
        unseen=unseen if live.settings is not None else (*unseen, _SETTINGS),
        expiries=expiries(desired, options.today),
    )


def expiries(desired: DesiredState, today: date) -> tuple[Expiry, ...]:
    """Shares and exceptions whose last day is within 30 days, the first to end in front."""
    found = (*_shares(desired), *_apps(desired), *_policy(desired))
    last = (today + timedelta(days=WARNING_DAYS)).isoformat()
    ending = (_expiry(each, today) for each in found if today.isoformat() <= each[0].expires <= last)
    return tuple(sorted(ending, key=lambda each: each[:-1]))


_Told = tuple[Share, str, str, Origin]
"""Who answers until when, whose it is, what it is, and where it is written."""


def _expiry(told: _Told, today: date) -> Expiry:
    share, address, what, origin = told
    days = (date.fromisoformat(share.expires) - today).days
    return Expiry(share.expires, days, address, what, share.owner, origin)


def _shares(desired: DesiredState) -> Iterator[_Told]:
    """A line for each share of an entry, whatever number of divisions it opens."""
    for address, pairs in desired.shared.items():
        if address not in desired.resources:
            continue
        found: dict[tuple[Share, str], list[str]] = defaultdict(list)
        for (role, division), share in pairs.items():
            found[share, _named(role)].append(_named(division))
        for (share, role), places in found.items():
            what = f"share: {role} in {', '.join(sorted(places))}"
            yield share, str(address), what, desired.resources[address].origin


def _apps(desired: DesiredState) -> Iterator[_Told]:
    for address, item in desired.resources.items():
        if item.accepted:
            yield item.accepted, str(address), "accepted: what its people reach", item.origin


def _policy(desired: DesiredState) -> Iterator[_Told]:
    """What the Org document excepts."""
    org = desired.org
    for wide in org.org_wide:
        share = Share(wide.reason, wide.owner, wide.expires)
        yield share, ORG, f"exception: {wide.permission} in the whole organisation", wide.origin
    for each in org.reached_by:
        yield each.share, ORG, f"exception: {each.nature} {each.subject}", each.origin
    for known in org.drift.acknowledged:
        yield known.share, ORG, f"acknowledged drift: {known.drift}", known.origin


def _named(value: Value) -> str:
    if isinstance(value, Ref):
        return _short(value.address)
    return "every division" if value == EVERYWHERE else str(value)


def _short(address: Address) -> str:
    return f"{address.owner}/{address.key}"
