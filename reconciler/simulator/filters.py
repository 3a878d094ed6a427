"""Filters of lists: what a query does not ask for costs nothing."""

from collections.abc import Callable, Iterable

from reconciler.simulator.call import Call
from reconciler.simulator.world import Row

Test = Callable[[Row], bool] | None
"""Whether a row is meant; None where every row is."""


def chosen(rows: Iterable[Row], *tests: Test) -> list[Row]:
    """The rows that pass every test, in their order."""
    for test in tests:
        rows = filter(test, rows)
    return list(rows)


def by_id(call: Call, parameter: str = "id", field: str = "id") -> Test:
    """Those whose `field` the query names."""
    ids = {*call.query.many(parameter)}
    return (lambda row: row.get(field) in ids) if ids else None


def by_name(call: Call) -> Test:
    """Those with the asked part in their name; the match rule is unknown: any case, `*` around it or not."""
    name = (call.query.text("name") or "").casefold().strip("*")
    return (lambda row: name in row["name"].casefold()) if name else None
