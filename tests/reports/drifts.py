"""Drift as stories: what somebody did to Northwind overnight."""

from __future__ import annotations

from typing import Any

from reconciler.model.access import EVERYWHERE, Access, Delta, Share
from reconciler.model.address import Address, Selector
from reconciler.model.drift import Correction, Drifted, DriftReport, Granted, Hand, Leak, Pending
from reconciler.model.drift_policy import Acknowledged
from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin
from reconciler.model.plan import FieldChange
from tests.reports.plans import ACME, CA, NAMES, ORG, ROLE, US

METRICS, QUEUES = "acme-retail/client/metrics", "org/role/queue-metrics"
RECORDINGS = "recording:recording:view"
DANA = Hand("dana@northwind.example", "2026-11-19T17:41:03.000Z", "Update")


def report(*objects: Drifted, **more: Any) -> DriftReport:
    gains = sorted({item for each in objects for item in each.access.gains})
    losses = sorted({item for each in objects for item in each.access.losses})
    values: dict[str, Any] = {
        "tool": "reconciler 0.1.0",
        "org_name": "northwind",
        "organization_id": ORG,
        "read_at": "2026-11-20T14:02:11Z",
        "only": (),
        "access": Delta(tuple(gains), tuple(losses)),
        "pending": (),
        "unchanged": 14,
        "names": NAMES,
    } | more
    return DriftReport(objects=objects, **values)


def drifted(address: str, severity: str, *fields: FieldChange, **more: Any) -> Drifted:
    values: dict[str, Any] = {"name": "", "id": f"id-of-{address}", "cause": "drift", **more}
    return Drifted(Address.parse(address), severity=Severity(severity), fields=fields, **values)


def leak(access: Access, rule: str) -> Leak:
    finding = Finding(rule, Severity.CRITICAL, "it crosses", "take it back", access.subject)
    return Leak(access, finding)


def _widened(count: int) -> Drifted:
    """A role that many hold has learned to listen."""
    held = [(f"tenant-{number}/client/metrics", f"division-{number}") for number in range(count)]
    gains = tuple(Access(subject, RECORDINGS, place, QUEUES) for subject, place in held)
    fields = (FieldChange("permissions", [[RECORDINGS, ""]], []),)
    return drifted(
        QUEUES, "high", *fields, name="Tenant Queue Metrics", access=Delta(gains), narrows=True, hand=DANA
    )


def _granted_everywhere() -> Drifted:
    """Dana gave a client every division, on its page."""
    everywhere = Access(METRICS, "routing:queue:view", EVERYWHERE, QUEUES)
    return drifted(
        METRICS,
        "critical",
        FieldChange("grants", [[ROLE, EVERYWHERE]], []),
        name="acme-metrics",
        modified_by="dana@northwind.example",
        modified_at="2026-11-19T17:40:12Z",
        granted=(Granted(ROLE, EVERYWHERE, "2026-11-19T17:40:12Z"),),
        access=Delta((everywhere,)),
        leaks=(leak(everywhere, "isolation/all-divisions"),),
        narrows=True,
    )


def night() -> DriftReport:
    """A grant everywhere, a role that grew, a client that lost its pair, and a new description."""
    lost = Access("globex-bank/client/archive", RECORDINGS, CA, "org/role/recordings")
    stripped = drifted(
        "globex-bank/client/archive",
        "medium",
        FieldChange("grants", [], [[ROLE, CA]]),
        cause="unknown",
        modified_by="lee\u202e@northwind.example",
        access=Delta((), (lost,)),
    )
    words = drifted(
        "acme-retail/division/us", "low", FieldChange("description", "by hand", "Acme"), hand=Hand()
    )
    pending = (
        Pending(Address.parse("acme-retail/division/new"), "create"),
        Pending(Address.parse("acme-retail/division/ca"), "update"),
    )
    return report(_granted_everywhere(), _widened(41), stripped, words, pending=pending)


def surplus() -> DriftReport:
    """Pairs that only the second view shows; one subject is not ours."""
    gains = (Access(METRICS, RECORDINGS, US, QUEUES), Access(ACME, RECORDINGS, US, QUEUES))
    granted = tuple(
        Granted(ROLE, each, f"2026-11-1{day}T09:00:00Z") for day, each in enumerate((US, CA, ORG))
    )
    fields = FieldChange("grants", [[ROLE, US], [ROLE, CA]], [])
    item = drifted(METRICS, "high", fields, granted=granted, access=Delta(gains))
    return report(item, only=("acme-retail",))


def policy() -> DriftReport:
    """What may be corrected, what waits, what somebody answers for, and an entry that means nothing."""
    gone = drifted("globex-bank/client/archive", "medium", FieldChange("grants", [], [[ROLE, CA]]))
    place = Origin("org.yaml", 0, ("spec", "drift", "acknowledged", 0))
    entries = [
        Acknowledged(Selector("acme-retail"), frozenset(), Share(why, "sec@northwind.example", day), place)
        for why, day in (("load\u202e test", "2026-12-31"), ("later", "2027-06-30"))
    ]
    slower = FieldChange("tokenSeconds", 86_400, 3600)
    known = drifted("acme-retail/client/desk", "medium", slower, acknowledged=tuple(entries))
    idle = Finding(
        "drift/idle-acknowledgement", Severity.WARNING, "nothing that may be acknowledged has drifted at acme"
    )
    addresses = Address.parse(METRICS), gone.address
    waits = Correction("upwards", addresses[:1], addresses[1:])
    objects = (_granted_everywhere(), gone)
    silent = "was not readable: grant audits:audit:view"
    return report(*objects, acknowledged=(known,), correction=waits, notices=(idle,), audits=silent)


def many() -> DriftReport:
    """More than a page holds, each with more to tell than anybody reads."""
    gains = tuple(Access(f"t{each}/client/c", f"domain{each}:entity:view", US, QUEUES) for each in range(10))
    fields = FieldChange("permissions", [[RECORDINGS, ""]], [])
    first = drifted("org/role/first", "high", fields, access=Delta(gains))
    return report(first, *(drifted(f"org/role/r{each}", "high", fields) for each in range(45)))


def quiet() -> DriftReport:
    """Nobody touched anything."""
    return report()


def quiet_but_pending() -> DriftReport:
    """Only the manifests moved."""
    return report(pending=night().pending, only=("acme-retail", "org"))


STORIES = {each.__name__: each for each in (night, surplus, policy, many, quiet, quiet_but_pending)}
