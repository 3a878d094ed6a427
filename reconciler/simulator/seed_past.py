"""What was done before a seed's first day, as it is stored: audits, and what clients called."""

from datetime import datetime, timedelta

from reconciler.simulator.audit_log import Event, audit_row
from reconciler.simulator.seed_format import Entry, moment
from reconciler.simulator.world import Row

AUDITED = {
    "roles": "roles",
    "users": "users",
    "groups": "groups",
    "codes": "wrapup_codes",
    "queues": "queues",
    "flows": "flows",
    "tables": "data_tables",
    "clients": "clients",
}
"""Sections of a seed whose entries an audit may be about, and their tables."""


def audit_of(key: str, entry: Entry, entity: Row, by: Row) -> Row:
    """The audit of a change that a person made to something of the seed."""
    named: Row = {name: entity[name] for name in ("id", "name", "selfUri") if name in entity}
    changes = [{"oldValues": [], "newValues": []} | change for change in entry.get("changes") or ()]
    event = Event(AUDITED[entry["section"]], entry["action"], named, changes)
    return audit_row(event, key, moment(entry["at"]), transaction=key) | {"user": by}


def usage_row(client: str, entry: Entry, at: str) -> Row:
    """What a client called on days before `at`."""
    first = datetime.fromisoformat(at).replace(hour=0, minute=0, second=0, microsecond=0)
    called = [
        {
            "at": moment(first - timedelta(days=each.get("daysAgo", 1))),
            "method": each.get("method") or "GET",
            "template": each["path"],
            "requests": each.get("requests", 1),
        }
        for each in entry["usage"]
    ]
    return {"id": client, "name": entry["name"], "called": called}
