"""From what a run came to, to events: CloudEvents 1.0, structured. Pure.

An event holds addresses and names of the manifests, counts, and the words of an error: no name that
somebody gave in the organisation. The same news of the same day has the same id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.model.concealing import concealed
from reconciler.model.drift import Drifted, DriftReport
from reconciler.model.outcome import ApplyReport
from reconciler.model.outcome import document as applied_document
from reconciler.model.plan import FORMAT_VERSION, Plan
from reconciler.model.proof import Proof, Verdict
from reconciler.model.ran import ANSWERS, Ran
from reconciler.model.visible import visible

PREFIX = "genesyscloud-reconciler"
DRIFT, LEAK = f"{PREFIX}.drift.found", f"{PREFIX}.leak.found"
APPLIED, WITHHELD = f"{PREFIX}.changes.applied", f"{PREFIX}.changes.withheld"
FAILED = f"{PREFIX}.run.failed"
TYPES = (DRIFT, LEAK, APPLIED, WITHHELD, FAILED)
"""Every type of event there is."""

_ENDED_WELL = ANSWERS | {6, 130}
"""Beside answers: a plan that moved on and a person's Ctrl-C are no failure of the run."""


@dataclass(frozen=True, slots=True)
class News:
    """What is told: an event without what is different each time it is told."""

    type: str
    source: str
    subject: str
    data: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the news: the same for as long as it is the same."""
        told = json.dumps([self.type, self.source, self.subject, self.data], sort_keys=True)
        return hashlib.sha256(told.encode("utf-8", errors="backslashreplace")).hexdigest()


def event(news: News, ran: Ran) -> dict[str, Any]:
    """The CloudEvent. Its id is the same all day, for receivers to drop what they have."""
    day = f"{news.digest} {ran.ended:%Y-%m-%d}"
    return {
        "specversion": "1.0",
        "id": hashlib.sha256(day.encode()).hexdigest(),
        "source": news.source,
        "type": news.type,
        "subject": news.subject,
        "time": f"{ran.ended:%Y-%m-%dT%H:%M:%SZ}",
        "datacontenttype": "application/json",
        "run": ran.id,
        "data": news.data,
    }


def news(ran: Ran) -> list[News]:
    """What there is to tell of a run, the gravest first."""
    looked = ran.looked
    found = [*_of_drift(ran, looked.drift), *_of_proof(ran, looked.proof)]
    found.sort(key=lambda each: (each.type != LEAK, each.subject))
    if looked.applied:
        found += _applied(ran, looked.applied)
    if ran.writes and looked.plan:
        found += _withheld(ran, looked.plan)
    if ran.code not in _ENDED_WELL:
        found.append(_news(ran, FAILED, ran.command, exitCode=ran.code, error=visible(concealed(ran.error))))
    return found


def _news(ran: Ran, kind: str, subject: str, **data: Any) -> News:
    about: dict[str, Any] = {"formatVersion": FORMAT_VERSION}
    about |= {"organisation": ran.org_name, "organizationId": ran.organization_id, "command": ran.command}
    return News(kind, f"/organisations/{ran.org_name}", subject, {**about, **data})


def _of_drift(ran: Ran, report: DriftReport | None) -> Iterator[News]:
    for owner in sorted({item.address.owner for item in report.objects} if report else ()):
        items = [item for item in report.objects if item.address.owner == owner] if report else []
        leaks = any(item.leaks for item in items)
        yield _news(ran, LEAK if leaks else DRIFT, owner, objects=[_object(item) for item in items])


def _object(item: Drifted) -> dict[str, Any]:
    return {
        "address": str(item.address),
        "severity": str(item.severity),
        "fields": sorted({change.path for change in item.fields}),
        "gains": len(item.access.gains),
        "losses": len(item.access.losses),
        "rules": sorted({leak.finding.rule for leak in item.leaks}),
    }


def _of_proof(ran: Ran, proof: Proof | None) -> Iterator[News]:
    for tenant in proof.tenants if proof else ():
        if tenant.verdict is Verdict.LEAK:
            rules = sorted({each.rule for each in (*tenant.leaks, *tenant.intruders)})
            found = {"leaks": len(tenant.leaks), "intruders": len(tenant.intruders), "rules": rules}
            yield _news(ran, LEAK, tenant.tenant, **found)


def _applied(ran: Ran, report: ApplyReport) -> Iterator[News]:
    if report.outcomes:
        told = applied_document(report)
        yield _news(ran, APPLIED, "org", summary=told["summary"], digest=report.digest, runId=report.run_id)


def _withheld(ran: Ran, plan: Plan) -> Iterator[News]:
    owners = sorted({change.address.owner for change in plan.withheld})
    for owner in owners:
        held = [
            {"address": str(change.address), "guard": change.withheld.guard}
            for change in plan.withheld
            if change.withheld and change.address.owner == owner
        ]
        yield _news(ran, WITHHELD, owner, changes=held)
