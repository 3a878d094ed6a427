"""Agents of management units: whose they are, what they are scheduled for, how they adhere (§13).

The unit's division decides, not the agent's own. Schedules are made up: everybody works from 08:00 to 16:00
UTC from Monday to Friday, and adheres while active. Answers come at once, whatever `forceAsync` and
`forceDownloadService` say. Not imitated: historical adherence, whose rows travel as files.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.divided import foreign, reach, within
from reconciler.simulator.errors import invalid_value, not_found
from reconciler.simulator.identity import named_id
from reconciler.simulator.seed_format import moment
from reconciler.simulator.units import found_unit, metadata, opening, unit_ref
from reconciler.simulator.world import Row

_START, _MINUTES, _WORKDAYS, _MOST_DAYS = time(8, tzinfo=UTC), 480, 5, 400


def _user_ref(key: str) -> Row:
    return {"id": key, "selfUri": f"/api/v2/users/{key}"}


def _unit(call: Call, operation: str) -> Row:
    return found_unit(call, "management_units", call.path["managementUnitId"], operation)


def _agent_unit(call: Call) -> Row:
    """The unit of one agent; 404 for somebody who is nobody's agent."""
    key, operation = call.path["agentId"], "get_workforcemanagement_agent_managementunit"
    for row in call.seen.management_units.rows.values():
        if key in row["agents"]:
            if not within(row, reach(call, opening(operation))):
                raise foreign(call, "agent", key, opening(operation)[0])
            return {"user": _user_ref(key), **_units(row)}
    raise not_found("agent", key)


def _units(row: Row) -> Row:
    return {
        "managementUnit": unit_ref("managementunits", row["id"]),
        "businessUnit": unit_ref("businessunits", row["businessUnit"]),
    }


def _users(call: Call) -> Row:
    unit = _unit(call, "get_workforcemanagement_managementunit_users")
    return {"entities": [_user_ref(key) for key in unit["agents"]]}


def _adherence_of(call: Call, unit: Row) -> Iterator[Row]:
    for key in unit["agents"]:
        user = call.seen.users.rows[key]
        active = user["state"] == "active"
        yield {
            "id": key,
            "user": _user_ref(key),
            **_units(unit),
            "adherenceState": "InAdherence" if active else "Unscheduled",
            "scheduledActivityCategory": "OnQueueWork" if active else "Unscheduled",
            "actualActivityCategory": "OnQueueWork" if active else "Unscheduled",
            "systemPresence": "OnQueue" if active else "Offline",
            "routingStatus": "IDLE" if active else "OFF_QUEUE",
            "impact": "Neutral",
            "isOutOfOffice": False,
            "removedFromManagementUnit": False,
            "timeOfAdherenceChange": unit["dateModified"],
        }


def _adherence(call: Call) -> list[Row]:
    """Of the agents of the query; those of foreign units are silently left out."""
    where, wanted = reach(call, ["wfm:realtimeAdherence:view"]), set(call.query.many("userId"))
    if not wanted:
        raise invalid_value("userId", "is required")
    units = [row for row in call.seen.management_units.rows.values() if within(row, where)]
    return [row for unit in units for row in _adherence_of(call, unit) if row["id"] in wanted]


def _unit_adherence(call: Call) -> Row:
    unit = _unit(call, "get_workforcemanagement_managementunit_adherence")
    return {"entities": list(_adherence_of(call, unit))}


def _span(call: Call) -> list[datetime]:
    """Starts of shifts between `startDate` and `endDate` of the body. Raises 400."""
    start, end = (_date(call, name) for name in ("startDate", "endDate"))
    if not start < end or end - start > timedelta(days=_MOST_DAYS):
        raise invalid_value("endDate", f"must be after startDate, at most {_MOST_DAYS} days")
    days = (start.date() + timedelta(days=each) for each in range((end - start).days + 2))
    shifts = [datetime.combine(day, _START) for day in days if day.weekday() < _WORKDAYS]
    return [shift for shift in shifts if start <= shift < end]


def _date(call: Call, name: str) -> datetime:
    try:
        return datetime.fromisoformat(moment(call.body[name]))
    except (ValueError, TypeError) as error:
        raise invalid_value(name, "expected a date-time") from error


def _shifts(call: Call, user: str) -> list[Row]:
    return [
        {
            "id": named_id("shift", f"{user}/{start:%Y-%m-%d}"),
            "startDate": moment(start),
            "lengthMinutes": _MINUTES,
            "manuallyEdited": False,
        }
        for start in _span(call)
    ]


def _old_shift(row: Row) -> Row:
    return {"id": row["id"], "startDate": row["startDate"], "lengthInMinutes": row["lengthMinutes"]}


def _schedules(call: Call, units: list[Row], time_zone: str) -> Row:
    wanted = call.body.get("userIds")
    users = [key for unit in units for key in unit["agents"] if not wanted or key in wanted]
    found = [{"user": _user_ref(key), "shifts": _shifts(call, key)} for key in users]
    result = {"agentSchedules": found, "businessUnitTimeZone": time_zone, "publishedSchedules": []}
    return {"status": "Complete", "progress": 100, "result": result}


def _business_unit_schedules(call: Call) -> Row:
    """Of those of its management units that the caller may see."""
    operation = "post_workforcemanagement_businessunit_agentschedules_search"
    unit = found_unit(call, "business_units", call.path["businessUnitId"], operation)
    where, rows = reach(call, opening(operation)), call.seen.management_units.rows.values()
    below = [row for row in rows if row["businessUnit"] == unit["id"] and within(row, where)]
    return _schedules(call, below, unit["timeZone"])


def _unit_schedules(call: Call) -> Row:
    unit = _unit(call, "post_workforcemanagement_managementunit_agentschedules_search")
    return _schedules(call, [unit], unit["timeZone"])


def _old_schedules(call: Call) -> Row:
    """The deprecated search: by user, who must be named."""
    unit = _unit(call, "post_workforcemanagement_managementunit_schedules_search")
    users = [key for key in unit["agents"] if key in call.body["userIds"]]
    found = {
        key: metadata(unit) | {"shifts": [_old_shift(row) for row in _shifts(call, key)]} for key in users
    }
    return {"managementUnitTimeZone": unit["timeZone"], "publishedSchedules": [], "userSchedules": found}


OPERATIONS: dict[str, Handler] = {
    "get_workforcemanagement_agent_managementunit": _agent_unit,
    "get_workforcemanagement_managementunit_users": _users,
    "get_workforcemanagement_adherence": _adherence,
    "get_workforcemanagement_managementunit_adherence": _unit_adherence,
    "post_workforcemanagement_businessunit_agentschedules_search": _business_unit_schedules,
    "post_workforcemanagement_managementunit_agentschedules_search": _unit_schedules,
    "post_workforcemanagement_managementunit_schedules_search": _old_schedules,
}
