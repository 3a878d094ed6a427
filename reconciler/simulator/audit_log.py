"""Every accepted write as the audits tell it: who changed what, and when (§13).

A change of grants is a role that gained, changed or lost a member, named by a key and without the division,
as it was observed. There is no entity type for a division in the vendor's list, so that changes of divisions
leave no trace (switch `audited-divisions`). Whether a client is named is open too (`audited-client`).
Reads, tokens and refused writes leave nothing, and of what a seed holds only what it says itself.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from reconciler.simulator.bounded import AUDITS, surplus
from reconciler.simulator.call import Caller
from reconciler.simulator.identity import named_id
from reconciler.simulator.org import Organisation, Written
from reconciler.simulator.world import Row

_ROLE = ("PeoplePermissions", "Role")
KINDS = {
    "roles": _ROLE,
    "grants": _ROLE,
    "facts": ("PeoplePermissions", "RoleSettings"),
    "clients": ("PeoplePermissions", "OAuthClient"),
    "divisions": ("PeoplePermissions", "Division"),
    "users": ("Directory", "User"),
    "groups": ("Groups", "DirectoryGroup"),
    "queues": ("ContactCenter", "Queue"),
    "wrapup_codes": ("ContactCenter", "WrapupCode"),
    "flows": ("Architect", "Flow"),
    "data_tables": ("Datatables", "Schema"),
    "business_units": ("WorkforceManagement", "BusinessUnit"),
    "management_units": ("WorkforceManagement", "ManagementUnit"),
}
"""Service and entity type of what stands in each table."""
_CHANGES = ("Create", "Update", "Delete")
_MEMBERS = ("MemberAdd", "MemberUpdate", "MemberRemove")
_SILENT = frozenset({"dateModified", "modifiedBy", "version", "selfUri"})
_RENAMED = {"division": "divisionId"}


class Event(NamedTuple):
    """One audit before it is dated: of which table, what was done to which entity."""

    table: str
    action: str
    entity: Row
    changes: list[Row]


def services(org: Organisation) -> dict[str, dict[str, list[str]]]:
    """Actions by entity type by service, of what is audited here."""
    found: dict[str, dict[str, list[str]]] = {}
    for table, (service, entity) in KINDS.items():
        if _audited(org, table):
            actions = found.setdefault(service, {}).setdefault(entity, [])
            actions += _MEMBERS if table == "grants" else _CHANGES
    return found


def _audited(org: Organisation, table: str) -> bool:
    return table in KINDS and (table != "divisions" or org.on("audited-divisions", "shown"))


def record(org: Organisation, caller: Caller, written: Iterable[Written]) -> None:
    """Note the rows one operation wrote, as audits of one transaction."""
    events = [event for each in written if _audited(org, each.table) for event in _events(org, each)]
    rows = org.live.audits.rows
    last = next(reversed(rows), org.sequence.salt)
    transaction = named_id("transaction", last)
    for number, event in enumerate(events):
        key = named_id("audit", f"{last}/{number}")
        row = audit_row(event, key, org.clock.stamp(), transaction, first=not number)
        org.put("audits", key, row | _who(org, caller))
    for key in surplus(rows, AUDITS):
        org.put("audits", key, None)


def _events(org: Organisation, each: Written) -> Iterator[Event]:
    if each.table == "grants":
        yield from _memberships(org, each)
        return
    row = each.after or each.before or {}
    action = "Create" if each.before is None else "Delete" if each.after is None else "Update"
    if (each.after or {}).get("state") == "deleted":
        action = "Delete"
    changes = _differences(each.before, each.after) if each.before and each.after else []
    entity = {"id": each.key, "name": row["name"]}
    yield Event(
        each.table, action, entity | ({"selfUri": row["selfUri"]} if "selfUri" in row else {}), changes
    )


def _memberships(org: Organisation, each: Written) -> Iterator[Event]:
    """What became of each role the subject holds or held."""
    before, after = _divisions_by_role(each.before), _divisions_by_role(each.after)
    for role in before | after:
        old, new = before.get(role), after.get(role)
        if old != new:
            action = "MemberAdd" if old is None else "MemberRemove" if new is None else "MemberUpdate"
            name = f"{each.key}--{role}--{org.fact('organization')['id']}"
            yield Event("grants", action, {"id": role, "name": name}, [])


def _divisions_by_role(row: Row | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for role, division in row["pairs"] if row else ():
        found.setdefault(role, set()).add(division)
    return found


def _differences(before: Row, after: Row) -> list[Row]:
    names = [name for name in before | after if name not in _SILENT and before.get(name) != after.get(name)]
    return [
        {
            "property": _RENAMED.get(name, name),
            "oldValues": _texts(before.get(name)),
            "newValues": _texts(after.get(name)),
        }
        for name in names
    ]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [each if isinstance(each, str) else json.dumps(each, sort_keys=True) for each in values]


def audit_row(event: Event, key: str, at: str, transaction: str, first: bool = True) -> Row:
    """An audit as it is stored, but for whose doing it was; `first` of its transaction or not."""
    service, kind = KINDS[event.table]
    return {
        "id": key,
        "eventDate": at,
        "serviceName": service,
        "entityType": kind,
        "entity": event.entity,
        "action": event.action,
        "propertyChanges": event.changes,
        "status": "SUCCESS",
        "level": "USER",
        "initiatingAction": {"transactionId": transaction, "actionContext": event.action},
        "transactionInitiator": first,
    }


def _who(org: Organisation, caller: Caller) -> Row:
    """A person by name; a client, which is who has a token, by id if at all."""
    if not caller.token:
        return {"user": caller.ref()}
    named = org.on("audited-client", "named")
    return {"client": {"id": caller.id, "selfUri": caller.uri}} if named else {}
