"""Asking the vendor's audits who changed what drifted. Nothing that goes wrong here ends a run."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from reconciler.errors import OrgError, Refused
from reconciler.model.audit import audit_entries
from reconciler.model.drift import DriftReport, Hand
from reconciler.model.value import Json
from reconciler.planning.hands import MOST_ASKED, Question, hand_of, questions, with_hands
from reconciler.planning.rights import AUDITS
from reconciler.ports import OrgApi

SERVICE = "PeoplePermissions"
"""The vendor's service for roles, clients and grants. Source: the vendor's list of audited services."""
DAYS = 14
"""As far back as the vendor's audits answer at once."""
PATIENCE = 30.0
"""Seconds for all questions together: who it was is worth a moment, and no more."""
_PAGE = 500


async def whose_hands(api: OrgApi, report: DriftReport, now: datetime) -> DriftReport:
    """The report with who changed what, as far as audits tell; `now` in UTC.

    Requests: one for each object that does not say it itself, at most `MOST_ASKED`, none where nothing
    drifted; one where the first is refused.
    """
    found: dict[str, Hand] = {}
    trouble = ""
    try:
        async with asyncio.timeout(PATIENCE):
            for each in questions(report)[:MOST_ASKED]:
                answer = await api.query(AUDITS.path, _query(each, now))
                found[each.about.id] = hand_of(each, audit_entries(answer), report)
    except Refused:
        trouble = f"was not readable: grant {', '.join(AUDITS.permissions)}"
    except (OrgError, TimeoutError):
        trouble = "did not answer"
    return with_hands(report, found, trouble)


def _query(question: Question, now: datetime) -> Json:
    """The newest first: what people do by hand is rare, what we did ourselves may fill pages."""
    since = now - timedelta(days=DAYS)
    return {
        "interval": f"{since:%Y-%m-%dT%H:%M:%S}.000Z/{now:%Y-%m-%dT%H:%M:%S}.999Z",
        "serviceName": SERVICE,
        "filters": [{"property": "EntityId", "value": question.entity}],
        "sort": [{"name": "Timestamp", "sortOrder": "descending"}],
        "pageSize": _PAGE,
        "pageNumber": 1,
    }
