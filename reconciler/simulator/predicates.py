"""Filters of analytics queries: predicates on dimensions, in clauses, joined by and or or (§13).

A value is looked up in the sets a row offers by dimension. Not imitated: metrics, properties and ranges.
"""

from collections.abc import Iterable, Mapping

from reconciler.simulator.errors import invalid_value
from reconciler.simulator.world import Row

Values = Mapping[str, set[str]]
"""What a row has in each dimension."""


def passes(node: Row | None, values: Values) -> bool:
    """Whether a filter or clause lets a row through; none at all does. Raises 400."""
    if not node:
        return True
    parts = [_holds(each, values) for each in node.get("predicates") or ()]
    parts += [passes(each, values) for each in node.get("clauses") or ()]
    return not parts or (any(parts) if node["type"] == "or" else all(parts))


def _holds(predicate: Row, values: Values) -> bool:
    dimension = predicate.get("dimension")
    if dimension is None or predicate.get("range") or predicate.get("type", "dimension") != "dimension":
        raise invalid_value("predicates", "the simulator filters by values of dimensions only")
    if dimension not in values:
        raise invalid_value("dimension", f"the simulator filters by {', '.join(values)}")
    operator = predicate.get("operator") or "matches"
    if operator == "matches":
        return predicate.get("value") in values[dimension]
    return bool(values[dimension]) == (operator == "exists")


def named(node: Row | None, dimension: str) -> set[str]:
    """Every value that a filter asks a dimension to match."""
    found = {each.get("value", "") for each in _predicates(node or {}) if each.get("dimension") == dimension}
    return found - {""}


def _predicates(node: Row) -> Iterable[Row]:
    yield from node.get("predicates") or ()
    for clause in node.get("clauses") or ():
        yield from _predicates(clause)
