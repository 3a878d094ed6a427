"""Architect flows and data tables: both objects of a division, each with a simple view of its own (§13).

Not imitated: schemas of data tables, versions and locks of flows.
"""

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.divided import found, getting, listing, shown, visible
from reconciler.simulator.paging import page
from reconciler.simulator.world import Row

_FLOW, _FLOWS = "architect:flow:view", "architect:flow:search"
_TABLE, _TABLES = "architect:datatable:view", "architect:datatable:search"
_ROW = "architect:datatableRow:view"
_SIMPLE = ("id", "name", "description", "division", "type", "selfUri")


def _typed(call: Call, permission: str) -> list[Row]:
    """Flows the caller sees; `type` narrows them, and deleted ones show only when asked for."""
    types, deleted = call.query.many("type"), call.query.flag("deleted")
    rows = visible(call, "flows", permission)
    return [row for row in rows if row["deleted"] == deleted and (not types or row["type"].lower() in
            {each.lower() for each in types})]  # fmt: skip


def _simple(call: Call, row: Row) -> Row:
    whole = shown(call, row)
    return {name: whole[name] for name in _SIMPLE}


def _flows(call: Call) -> Row:
    return page(call, _typed(call, _FLOW), lambda row: shown(call, row))


def _flow_views(call: Call) -> Row:
    return page(call, _typed(call, _FLOWS), lambda row: _simple(call, row))


def _table(call: Call, row: Row) -> Row:
    return shown(call, row, "rows")


def _rows(call: Call) -> Row:
    """Rows have no division but their table's. Brief ones, the default, are keys alone."""
    table = found(call, "data_tables", call.path["datatableId"], _TABLE, _ROW)
    brief = call.query.flag("showbrief", default=True)
    return page(call, table["rows"], lambda row: {"key": row["key"]} if brief else row)


OPERATIONS: dict[str, Handler] = {
    "get_flows": _flows,
    "get_flow": getting("flows", "flowId", _FLOW),
    "get_flows_divisionviews": _flow_views,
    "get_flows_datatables": listing("data_tables", _TABLE, _table),
    "get_flows_datatable": getting("data_tables", "datatableId", _TABLE, _table),
    "get_flows_datatables_divisionviews": listing("data_tables", _TABLES, _table),
    "get_flows_datatables_divisionview": getting("data_tables", "datatableId", _TABLES, _table),
    "get_flows_datatable_rows": _rows,
}
