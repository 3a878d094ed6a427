"""Page-numbered lists as the vendor writes them (§2): 25 a page, at most 100 unless known better."""

from collections.abc import Callable, Sequence
from math import ceil

from reconciler.simulator.call import Call
from reconciler.simulator.query import Query
from reconciler.simulator.world import Row

USUAL_MOST = 100


def page(
    call: Call, rows: Sequence[Row], show: Callable[[Row], Row], most: int = USUAL_MOST, uris: bool = True
) -> Row:
    """One page of `rows`, shown; a page past the end is empty."""
    rows = shifted(rows, call.shift) if call.shift else rows
    size, number = call.query.number("pageSize", 25, most), call.query.number("pageNumber", 1)
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
