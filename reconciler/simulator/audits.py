"""Asking the audits: a query to start, poll and read by cursor, or at once by pages (§13).

Audits have no division: whoever may see them sees those of the whole organisation. A query is done by the
time somebody asks for its state. Not imitated: `expand`, redirects to files, the fourteen days of real time.
"""

from math import ceil

from reconciler.simulator.audit_log import services
from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import bad_request, invalid_value, not_found
from reconciler.simulator.interval import inside, interval
from reconciler.simulator.world import Row

_MOST = 500


def _mapping(call: Call) -> Row:
    return {
        "services": [
            {"name": name, "entities": [{"name": each, "actions": done} for each, done in kinds.items()]}
            for name, kinds in services(call.org).items()
        ]
    }


def _check(call: Call) -> None:
    """400 for an interval that is none and a service nobody knows."""
    interval(call.body["interval"])
    service = call.body.get("serviceName")
    if service is not None and service not in services(call.org):
        raise invalid_value("serviceName", f"expected one of {', '.join(services(call.org))}")


def _values(row: Row) -> dict[str, str | None]:
    return {
        "UserId": row.get("user", {}).get("id"),
        "ClientId": row.get("client", {}).get("id"),
        "Action": row["action"],
        "EntityType": row["entityType"],
        "EntityId": row["entity"]["id"],
    }


def _found(call: Call, asked: Row) -> list[Row]:
    """The audits a query asks for, oldest first unless it says otherwise."""
    span, service = interval(asked["interval"]), asked.get("serviceName")
    filters = asked.get("filters") or []
    rows = [
        row
        for row in call.seen.audits.rows.values()
        if inside(row["eventDate"], span)
        and service in (None, row["serviceName"])
        and all(_values(row).get(each["property"]) == each["value"] for each in filters)
    ]
    return _sorted(rows, asked)


def _sorted(rows: list[Row], asked: Row) -> list[Row]:
    orders = [each["sortOrder"] for each in asked.get("sort") or ()]
    rows = sorted(rows, key=lambda row: str(row["eventDate"]))
    return rows[::-1] if orders[:1] == ["descending"] else rows


def _start(call: Call) -> Row:
    _check(call)
    asked = {
        name: call.body[name]
        for name in ("interval", "serviceName", "filters", "sort")
        if call.body.get(name)
    }
    job = {"id": call.org.sequence.new_id("audit-query"), "startDate": call.org.clock.stamp(), **asked}
    call.org.ask(job["id"], job)
    return job | {"state": "Queued"}


def _job(call: Call) -> Row:
    key = call.path["transactionId"]
    if "interval" not in call.org.jobs.get(key, {}):
        raise not_found("audit query", key)
    return call.org.jobs[key]


def _state(call: Call) -> Row:
    return _job(call) | {"state": "Succeeded"}


def _results(call: Call) -> Row:
    """One page; `cursor` is absent on the last."""
    job, size = _job(call), call.query.number("pageSize", 25, _MOST)
    cursor = call.query.text("cursor") or "0"
    if not cursor.isdecimal():
        raise bad_request("the cursor is not valid")
    rows, start = _found(call, job), int(cursor)
    answer: Row = {"id": job["id"], "pageSize": size, "entities": rows[start : start + size]}
    return answer | ({"cursor": str(start + size)} if start + size < len(rows) else {})


def _realtime(call: Call) -> Row:
    _check(call)
    size, number = call.body.get("pageSize") or 25, call.body.get("pageNumber") or 1
    if not 1 <= size <= _MOST or number < 1:
        raise invalid_value("pageSize", f"expected 1 to {_MOST}, and a pageNumber of at least 1")
    rows = _found(call, call.body)
    return {
        "entities": rows[(number - 1) * size : number * size],
        "pageSize": size,
        "pageNumber": number,
        "total": len(rows),
        "pageCount": ceil(len(rows) / size),
    }


def _related(call: Call) -> Row:
    """Audits of the transaction that caused this one."""
    row = call.seen.audits.rows.get(call.body["auditId"])
    if row is None:
        raise not_found("audit", call.body["auditId"])
    cause = row["initiatingAction"]["transactionId"]
    every = call.seen.audits.rows.values()
    return {
        "entities": _sorted(
            [each for each in every if each["initiatingAction"]["transactionId"] == cause], call.body
        )
    }


OPERATIONS: dict[str, Handler] = {
    "get_audits_query_servicemapping": _mapping,
    "get_audits_query_realtime_servicemapping": _mapping,
    "post_audits_query": _start,
    "get_audits_query_transaction_id": _state,
    "get_audits_query_transaction_id_results": _results,
    "post_audits_query_realtime": _realtime,
    "post_audits_query_realtime_related": _related,
}
