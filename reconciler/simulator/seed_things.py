"""Things to see of a seed as they are stored: codes, flows, tables, units, conversations."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from reconciler.simulator.identity import named_id
from reconciler.simulator.seed_format import Entry, moment
from reconciler.simulator.world import Row

_WFM = "/api/v2/workforcemanagement"


def code_row(key: str, entry: Entry, division: str, at: str) -> Row:
    """A wrap-up code; `division` may be `*`."""
    return {
        **_named(key, entry),
        "division": division,
        "dateCreated": at,
        "dateModified": at,
        "selfUri": f"/api/v2/routing/wrapupcodes/{key}",
    }


def flow_row(key: str, entry: Entry, division: str) -> Row:
    """A flow of Architect."""
    return {
        **_named(key, entry),
        "division": division,
        "type": entry.get("type") or "INBOUNDCALL",
        "active": not entry.get("deleted", False),
        "deleted": bool(entry.get("deleted")),
        "system": False,
        "virtualAgentEnabled": False,
        "selfUri": f"/api/v2/flows/{key}",
    }


def table_row(key: str, entry: Entry, division: str) -> Row:
    """A data table with its rows, each of which has a `key`. Raises ValueError for one that has none."""
    rows = entry.get("rows") or []
    if any("key" not in row for row in rows):
        raise ValueError("rows: each needs a 'key'")
    uri = f"/api/v2/flows/datatables/{key}"
    return {**_named(key, entry), "division": division, "rows": rows, "selfUri": uri}


def _named(key: str, entry: Entry) -> Row:
    return {"id": key, "name": entry["name"], "description": entry.get("description") or ""}


def business_unit_row(key: str, entry: Entry, division: str, at: str) -> Row:
    """A business unit of workforce management."""
    return {
        "id": key,
        "name": entry["name"],
        "division": division,
        "timeZone": entry.get("timeZone") or "UTC",
        "dateModified": at,
        "selfUri": f"{_WFM}/businessunits/{key}",
    }


def management_unit_row(key: str, entry: Entry, unit: Row, division: str, agents: list[str]) -> Row:
    """A management unit below the business unit `unit`, with the ids of its agents."""
    return {
        "id": key,
        "name": entry["name"],
        "division": division,
        "businessUnit": unit["id"],
        "timeZone": unit["timeZone"],
        "dateModified": unit["dateModified"],
        "agents": agents,
        "selfUri": f"{_WFM}/managementunits/{key}",
    }


def conversation_row(key: str, entry: Entry, queues: list[Row], agents: list[Row]) -> Row:
    """A conversation, tagged with the divisions of all that took part, as they are now (§13)."""
    start, minutes = moment(entry["start"]), entry.get("minutes", 5)
    end = datetime.fromisoformat(start) + timedelta(minutes=minutes)
    return {
        "id": key,
        "name": entry["name"],
        "start": start,
        "end": moment(end),
        "mediaType": entry.get("mediaType") or "voice",
        "direction": entry.get("direction") or "inbound",
        "queues": [row["id"] for row in queues],
        "agents": [row["id"] for row in agents],
        "divisions": _distinct(row["division"] for row in (*queues, *agents)),
        "recordings": [named_id("recording", f"{key}/{each}") for each in range(entry.get("recordings", 0))],
    }


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))
