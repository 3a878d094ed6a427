"""Analytics: conversations in detail and in figures, and what goes on in queues right now (§13).

Figures are of conversations, not of their segments, in one interval. Not imitated: other metrics than the
named ones, `granularity`, limits, orders other than by start.
"""

from collections.abc import Callable
from itertools import product

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.conversations import (
    found_conversation,
    in_reach,
    show_conversation,
    values_of,
)
from reconciler.simulator.divided import foreign, reach, within
from reconciler.simulator.errors import invalid_value
from reconciler.simulator.interval import moment_of
from reconciler.simulator.members import members_of
from reconciler.simulator.predicates import named, passes
from reconciler.simulator.world import Row

_DETAIL = ("analytics:conversationDetail:view", "analytics:agentConversationDetail:view")
_AGGREGATE = ("analytics:conversationAggregate:view",)
_OBSERVATION = "analytics:queueObservation:view"
_MOST = 100
_COUNTS, _TIMES = ("nOffered", "nConnected"), ("tHandle",)
_OBSERVED: dict[str, Callable[[list[Row]], int]] = {
    "oOnQueueUsers": lambda members: sum(each["joined"] for each in members),
    "oOffQueueUsers": lambda members: sum(not each["joined"] for each in members),
    "oWaiting": lambda members: 0,
    "oInteracting": lambda members: 0,
}


def _one(call: Call) -> Row:
    return show_conversation(call, found_conversation(call, _DETAIL))


def _details(call: Call) -> Row:
    """Filters of a list all have to pass; a segment is as good as its conversation."""
    filters = [*(call.body.get("conversationFilters") or ()), *(call.body.get("segmentFilters") or ())]
    rows = [row for row in in_reach(call, _DETAIL) if all(passes(each, values_of(row)) for each in filters)]
    rows.sort(key=lambda row: str(row["start"]), reverse=call.body.get("order") == "desc")
    paging = call.body.get("paging") or {"pageSize": 25, "pageNumber": 1}
    size, number = paging["pageSize"], paging["pageNumber"]
    if not 1 <= size <= _MOST or number < 1:
        raise invalid_value("paging", f"expected a pageSize of 1 to {_MOST} and a pageNumber of at least 1")
    chosen = rows[(number - 1) * size : number * size]
    return {"conversations": [show_conversation(call, row) for row in chosen], "totalHits": len(rows)}


def _aggregates(call: Call) -> Row:
    """A conversation counts in every group it belongs to, such as each of its divisions."""
    _known(call, (*_COUNTS, *_TIMES))
    groups: dict[tuple[str, ...], list[Row]] = {}
    names = call.body.get("groupBy") or []
    for row in in_reach(call, _AGGREGATE):
        values = values_of(row)
        if not set(names) <= values.keys():
            raise invalid_value("groupBy", f"the simulator groups by {', '.join(values)}")
        if passes(call.body.get("filter"), values):
            for key in product(*(sorted(values[name]) for name in names)):
                groups.setdefault(key, []).append(row)
    return {
        "results": [
            {"group": dict(zip(names, key, strict=True)), "data": [_figures(call, rows)]}
            for key, rows in sorted(groups.items())
        ]
    }


def _known(call: Call, names: tuple[str, ...]) -> None:
    if not call.body["metrics"] or not set(call.body["metrics"]) <= set(names):
        raise invalid_value("metrics", f"the simulator knows {', '.join(names)}")


def _figures(call: Call, rows: list[Row]) -> Row:
    metrics = [{"metric": name, "stats": _stats(name, rows)} for name in call.body["metrics"]]
    return {"interval": call.body["interval"], "metrics": metrics}


def _stats(metric: str, rows: list[Row]) -> Row:
    """A count, and for times milliseconds as well."""
    if metric in _COUNTS:
        return {"count": len(rows)}
    spans = [(moment_of(row["end"]) - moment_of(row["start"])).total_seconds() * 1000 for row in rows]
    return {"count": len(rows), "sum": sum(spans), "min": min(spans), "max": max(spans)}


def _observations(call: Call) -> Row:
    """Of the queues that the filter names; a foreign one is left out or refused (`foreign-observation`)."""
    _known(call, tuple(_OBSERVED))
    asked, where = named(call.body["filter"], "queueId"), reach(call, [_OBSERVATION])
    if not asked:
        raise invalid_value("filter", "name a queueId")
    queues = [row for key, row in call.seen.queues.rows.items() if key in asked]
    for row in queues:
        if not within(row, where) and call.org.on("foreign-observation", "refused"):
            raise foreign(call, "queue", row["id"], _OBSERVATION)
    return {"results": [_observed(call, row) for row in queues if within(row, where) and _lets(call, row)]}


def _lets(call: Call, row: Row) -> bool:
    return passes(call.body["filter"], {"queueId": {row["id"]}, "mediaType": {"voice"}})


def _observed(call: Call, row: Row) -> Row:
    members = members_of(call.seen, row)
    data = [{"metric": name, "stats": {"count": _OBSERVED[name](members)}} for name in call.body["metrics"]]
    return {"group": {"queueId": row["id"], "mediaType": "voice"}, "data": data}


OPERATIONS: dict[str, Handler] = {
    "get_analytics_conversation_details": _one,
    "post_analytics_conversations_details_query": _details,
    "post_analytics_conversations_aggregates_query": _aggregates,
    "post_analytics_queues_observations_query": _observations,
}
