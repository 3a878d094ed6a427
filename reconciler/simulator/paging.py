"""Page-numbered lists as the vendor writes them (§2): 25 a page, at most 100 unless known better."""

from collections.abc import Callable, Sequence
from math import ceil

from reconciler.simulator.call import Call
from reconciler.simulator.errors import bad_request
from reconciler.simulator.query import Query
from reconciler.simulator.world import Row

USUAL_MOST = 100


def page(
    call: Call,
    rows: Sequence[Row],
    show: Callable[[Row], Row],
    most: int = USUAL_MOST,
    uris: bool = True,
    usual: int = 25,
) -> Row:
    """One page of `rows`, shown; a page past the end is empty."""
    rows = shifted(rows, call.shift) if call.shift else rows
    size, number = call.query.number("pageSize", usual, most), call.query.number("pageNumber", 1)
    chosen = rows[(number - 1) * size : number * size]
    count = ceil(len(rows) / size)
    answer: Row = {
        "entities": [show(row) for row in chosen],
        "pageSize": size,
        "pageNumber": number,
        "total": len(rows),
        "pageCount": count,
    }
    return answer | _uris(call.query, size, number, count) if uris else answer


def shifted(rows: Sequence[Row], shift: int) -> Sequence[Row]:
    """`rows` after `shift` vanished from the head; below 0, that many came in there and stand twice."""
    return rows[shift:] if shift > 0 else [*rows[:-shift], *rows]


def _uris(query: Query, size: int, number: int, count: int) -> Row:
    last = max(count, 1)
    numbers = {"firstUri": 1, "selfUri": number, "lastUri": last}
    if number < count:
        numbers["nextUri"] = number + 1
    if 1 < number <= last + 1:
        numbers["previousUri"] = number - 1
    return {name: query.uri(pageSize=size, pageNumber=value) for name, value in numbers.items()}


def cursor_page(call: Call, rows: Sequence[Row], show: Callable[[Row], Row], backwards: bool = True) -> Row:
    """The rows after, or before, the one a cursor names; some lists only go forwards. Raises 400."""
    size = call.query.number("pageSize", 25, 200)
    start = _start(call.query, rows, size, backwards)
    chosen = rows[start : start + size]
    answer: Row = {"entities": [show(row) for row in chosen], "selfUri": call.query.uri()}
    if start + size < len(rows):
        answer["nextUri"] = _cursor(call.query, size, after=chosen[-1]["id"])
    if start > 0 and backwards:
        answer["previousUri"] = _cursor(call.query, size, before=rows[start]["id"])
    return answer


def _cursor(query: Query, size: int, **cursor: str) -> str:
    kept = {name: value for name, value in query.values.items() if name not in ("after", "before")}
    query.values.clear()
    query.values.update(kept)
    return query.uri(pageSize=size, **cursor)


def _start(query: Query, rows: Sequence[Row], size: int, backwards: bool) -> int:
    places = {row["id"]: index for index, row in enumerate(rows)}
    after, before = query.text("after") or "", (query.text("before") or "") if backwards else ""
    if not {after, before} - {""} <= places.keys():
        raise bad_request("the cursor is not valid")
    if after:
        return places[after] + 1
    return max(places[before] - size, 0) if before else 0


def unpaged(query: Query, entities: list[Row]) -> Row:
    """A list in one body that carries paging fields all the same (the OAuth client list, §2)."""
    return {
        "entities": entities,
        "pageSize": max(len(entities), 25),
        "pageNumber": 1,
        "total": len(entities),
        "pageCount": 1,
        "selfUri": query.path,
    }
