"""Can the organisation be reached, is it the right one, and how much may be asked?"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.checkup import Check, Observed
from reconciler.model.manifest import Manifests
from reconciler.model.words import counted

TOPIC = "connection"

MOST_SKEW = 60
"""Seconds that two clocks may differ before somebody is told."""

_MINE = 10
"""Per cent of the limit that others may use before somebody is told."""


def manifests(found: Manifests | None, files: int) -> Check:
    """Whether there are manifests. Invalid ones never get here."""
    if found is None:
        means = "only the connection was looked at"
        return Check("manifests", TOPIC, "unknown", "none given", means, "give their directory as ROOT")
    tenants = len(found.tenants)
    seen = f"{found.org.name}: {counted(tenants, 'tenant')} in {counted(files, 'file')}, no mistakes"
    return Check("manifests", TOPIC, "ok", seen)


def checks(observed: Observed) -> Iterator[Check]:
    """In the order in which they can fail; what comes after a failure is not asked."""
    yield hosts(observed)
    if observed.reached:
        return
    yield credentials(observed)
    if observed.refused:
        return
    yield organisation(observed)
    yield clock(observed)
    yield rate_limit(observed)


def sinks(observed: Observed) -> Iterator[Check]:
    """Whether secrets could be delivered from here, as far as that can be told without asking a sink."""
    means = "plan works; an apply that delivers there stops before its first write"
    for name, trouble in sorted(observed.unready.items()):
        yield Check(f"sink {name}", TOPIC, "warning", trouble.message, means, trouble.remedy)


def hosts(observed: Observed) -> Check:
    """Whether the API and the login server answer."""
    seen = " and ".join(dict.fromkeys(observed.hosts))
    if trouble := observed.reached:
        return Check("hosts", TOPIC, "failure", f"{seen}: {trouble.message}", "", trouble.remedy)
    return Check("hosts", TOPIC, "ok", f"{seen} answered")


def credentials(observed: Observed) -> Check:
    """Whether the credentials were taken, and whose they are."""
    if trouble := observed.refused:
        return Check("credentials", TOPIC, "failure", trouble.message, "", trouble.remedy)
    caller = observed.caller
    whose = f"of client {caller.name or caller.id}" if caller.id else "of an unnamed client or user"
    return Check("credentials", TOPIC, "ok", f"accepted, {whose}")


def organisation(observed: Observed) -> Check:
    """Whether it is the one that the manifests pin."""
    identity, name = observed.organisation
    seen = f"{name} ({identity})"
    if observed.org is None:
        means = "no manifests pin it: copy the id into `organizationId` if it is the right one"
        return Check("organisation", TOPIC, "unknown", seen, means)
    pinned = observed.org.organization_id
    if identity == pinned:
        return Check("organisation", TOPIC, "ok", f"{name}, the pinned one")
    return Check(
        "organisation",
        TOPIC,
        "failure",
        f"{seen}, but `organizationId` pins {pinned}",
        "nothing is read or written in another organisation than the pinned one",
        "use that organisation's credentials, or correct `organizationId` in the Org document",
    )


def clock(observed: Observed) -> Check:
    """How far our clock and the vendor's are apart, if its answers carry a date."""
    told = observed.told
    if told.date is None or told.at is None:
        means = "answers carry no date, and nothing else tells the vendor's time"
        return Check("clock", TOPIC, "unknown", "not comparable", means)
    apart = round(abs((told.at - told.date).total_seconds()))
    if apart <= MOST_SKEW:
        return Check("clock", TOPIC, "ok", f"within {MOST_SKEW} s of the vendor's")
    return Check(
        "clock",
        TOPIC,
        "warning",
        f"{apart} s {'ahead of' if told.at > told.date else 'behind'} the vendor's",
        "shares end by this machine's date, and the times in markers and reports are this machine's",
        "set this machine's clock (NTP)",
    )


def rate_limit(observed: Observed) -> Check:
    """How many requests are allowed, and whether somebody else uses them too."""
    told = observed.told
    if told.allowed is None or told.used is None:
        means = "answers name no limit; 300 requests a minute are assumed"
        return Check("rate limit", TOPIC, "unknown", "not named", means)
    others = told.used - observed.requests.read
    seen = f"{told.allowed} requests a minute, {told.used} used"
    if others * 100 <= told.allowed * _MINE:
        return Check("rate limit", TOPIC, "ok", seen)
    means = f"about {others} of them are not ours: something else signs in with this client"
    return Check("rate limit", TOPIC, "warning", seen, means, "give every program a client of its own")
