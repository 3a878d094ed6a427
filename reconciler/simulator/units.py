"""Business and management units of workforce management (§13).

Plain lists publish no permission and are cut inside: to divisions in which the caller holds any permission
that opens a single unit. A management unit may be in another division than its business unit. A list may also
show business units that the caller may not use (switch `foreign-units`). Not imitated: their settings.
"""

from functools import cache

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.contract import operations
from reconciler.simulator.divided import division_filter, found, reach, within
from reconciler.simulator.errors import not_found
from reconciler.simulator.world import Row

WFM = "/api/v2/workforcemanagement"
_BU_SEARCH, _MU_SEARCH = "wfm:businessUnit:search", "wfm:managementUnit:search"


@cache
def opening(operation: str) -> tuple[str, ...]:
    """The permissions of an operation, any of which opens the unit it names."""
    return tuple(operations()[operation].permissions)


def unit_ref(kind: str, key: str) -> Row:
    """A reference to a business or management unit: `kind` is the word of the path."""
    return {"id": key, "selfUri": f"{WFM}/{kind}/{key}"}


def found_unit(call: Call, table: str, key: str, operation: str) -> Row:
    """One unit that `operation` may look at. Raises 404, or what `foreign-object` says."""
    return found(call, table, key, *opening(operation))


def _division(row: Row) -> Row:
    return {"id": row["division"], "selfUri": f"/api/v2/authorization/divisions/{row['division']}"}


def metadata(row: Row) -> Row:
    """The version of something planned."""
    return {"metadata": {"version": 1, "dateModified": row["dateModified"]}}


def _business_unit(call: Call) -> Row:
    row = found_unit(
        call, "business_units", call.path["businessUnitId"], "get_workforcemanagement_businessunit"
    )
    settings = metadata(row) | {"startDayOfWeek": "Monday", "timeZone": row["timeZone"]}
    named = {name: row[name] for name in ("id", "name", "selfUri")}
    return named | {"division": _division(row), "settings": settings}


def _management_unit_row(row: Row) -> Row:
    return {
        **{name: row[name] for name in ("id", "name", "timeZone", "dateModified", "selfUri")},
        "businessUnit": unit_ref("businessunits", row["businessUnit"]),
        "division": _division(row),
        "startDayOfWeek": "Monday",
        "version": 1,
    }


def _management_unit(call: Call) -> Row:
    row = found_unit(
        call, "management_units", call.path["managementUnitId"], "get_workforcemanagement_managementunit"
    )
    return _management_unit_row(row) | {"settings": metadata(row)}


def _list_business_units(call: Call, where: set[str], foreign: bool) -> Row:
    """`authorized` tells which of them the caller may use."""
    rows = filter(division_filter(call), call.seen.business_units.rows.values())
    shown = [
        {name: row[name] for name in ("id", "name", "selfUri")}
        | {"division": _division(row), "authorized": within(row, where)}
        for row in rows
        if foreign or within(row, where)
    ]
    return {"entities": shown}


def _business_units(call: Call) -> Row:
    where = reach(call, opening("get_workforcemanagement_businessunit"))
    return _list_business_units(call, where, call.org.on("foreign-units", "listed"))


def _business_unit_views(call: Call) -> Row:
    return _list_business_units(call, reach(call, [_BU_SEARCH]), foreign=False)


def _list_management_units(call: Call, where: set[str], unit: str | None = None) -> Row:
    rows = filter(division_filter(call), call.seen.management_units.rows.values())
    shown = [
        _management_unit_row(row)
        for row in rows
        if within(row, where) and unit in (None, row["businessUnit"])
    ]
    return {"entities": shown}


def _management_units(call: Call) -> Row:
    return _list_management_units(call, reach(call, opening("get_workforcemanagement_managementunit")))


def _management_unit_views(call: Call) -> Row:
    return _list_management_units(call, reach(call, [_MU_SEARCH]))


def _units_below(call: Call) -> Row:
    """Of one business unit, which need not be the caller's: its management units decide."""
    unit = call.path["businessUnitId"]
    if unit not in call.seen.business_units.rows:
        raise not_found("business unit", unit)
    where = reach(call, opening("get_workforcemanagement_managementunit"))
    return _list_management_units(call, where, unit)


OPERATIONS: dict[str, Handler] = {
    "get_workforcemanagement_businessunits": _business_units,
    "get_workforcemanagement_businessunits_divisionviews": _business_unit_views,
    "get_workforcemanagement_businessunit": _business_unit,
    "get_workforcemanagement_businessunit_managementunits": _units_below,
    "get_workforcemanagement_managementunits": _management_units,
    "get_workforcemanagement_managementunits_divisionviews": _management_unit_views,
    "get_workforcemanagement_managementunit": _management_unit,
}
