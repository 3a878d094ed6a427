"""How often a client called what, by path template, method and kind of answer (§8).

Counted since the seed, by the day, beside what the seed says was called before; requests that nobody could be
found for are not counted, nor is asking for tokens. Queries are complete by the time somebody asks for them.
Not imitated: `granularity` other than a day, and `groupBy`: rows are as fine as they get.
"""

from collections.abc import Iterator
from datetime import timedelta

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import not_found
from reconciler.simulator.interval import Interval, inside, interval, moment_of
from reconciler.simulator.org import Used
from reconciler.simulator.world import Row

_STATUSES = ("status200", "status300", "status400", "status429", "status500")


def status_field(status: int) -> str:
    """The field a status counts in."""
    return "status429" if status == 429 else f"status{status // 100}00"


def _client(call: Call) -> Row:
    row = call.org.live.clients.rows.get(call.path["clientId"])
    if row is None:
        raise not_found("client", call.path["clientId"])
    return row


def _started(call: Call, asked: Row) -> Row:
    client, key = _client(call)["id"], call.org.sequence.new_id("usage-query")
    call.org.ask(key, {"client": client, **asked})
    uri = f"/api/v2/oauth/clients/{client}/usage/query/results/{key}"
    return {"executionId": key, "resultsUri": uri}


def _query(call: Call) -> Row:
    interval(call.body["interval"])
    return _started(call, {"span": call.body["interval"]})


def _summary(call: Call) -> Row:
    """The last `days`, today included."""
    return _started(call, {"days": call.query.number("days", 7, 365), "at": call.org.clock.stamp()})


def _span(job: Row) -> Interval:
    if "span" in job:
        return interval(job["span"])
    now = moment_of(job["at"])
    return now - timedelta(days=job["days"]), now + timedelta(seconds=1)


def _results(call: Call) -> Row:
    row, job = _client(call), call.org.jobs.get(call.path["executionId"], {})
    if job.get("client") != row["id"]:
        raise not_found("usage query", call.path["executionId"])
    return {"queryStatus": "Complete", "results": _rows(call, row, _span(job))}


def _used(call: Call, client: str) -> Iterator[tuple[Used, int]]:
    """What a client called, before the first day and since."""
    for row in call.org.live.usage.rows.get(client, {}).get("called", ()):
        yield Used(client, row["method"], row["template"], 200, row["at"]), row["requests"]
    yield from ((used, count) for used, count in call.org.usage.items() if used.client == client)


def _rows(call: Call, client: Row, span: Interval) -> list[Row]:
    days = span[0].replace(hour=0, minute=0, second=0, microsecond=0), span[1]
    found: dict[tuple[str, str, str], Row] = {}
    for used, count in _used(call, client["id"]):
        if not inside(used.at, days):
            continue
        head = {
            "clientId": used.client,
            "clientName": client["name"],
            "organizationId": call.org.fact("organization")["id"],
            "templateUri": used.template,
            "httpMethod": used.method,
            "date": used.at[:10] + "T00:00:00.000Z",
        }
        empty = head | dict.fromkeys(_STATUSES, 0) | {"requests": 0}
        row = found.setdefault((used.at[:10], used.template, used.method), empty)
        row["requests"] += count
        row[status_field(used.status)] += count
    return list(found.values())


OPERATIONS: dict[str, Handler] = {
    "post_oauth_client_usage_query": _query,
    "get_oauth_client_usage_query_result": _results,
    "get_oauth_client_usage_summary": _summary,
}
