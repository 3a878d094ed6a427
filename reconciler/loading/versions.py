"""Whether this version of the tool may act: `requires: ">=0.1,<1.0"`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_CLAUSE = re.compile(r" *(>=|<=|==|!=|>|<) *([0-9.]+) *")


def allows(version: str, requires: str) -> bool:
    """Whether `version` satisfies every clause; an empty range allows every version.

    `requires` has been checked by the schema; of `version` the leading `N.N.N` counts.
    """
    ours = _numbers(version)
    clauses = (_CLAUSE.fullmatch(clause) for clause in requires.split(",") if clause)
    return all(found and _COMPARE[found[1]](ours, _numbers(found[2])) for found in clauses)


def _numbers(version: str) -> tuple[int, ...]:
    leading = re.match(r"[0-9]+(?:\.[0-9]+){0,2}", version)
    parts = [int(part) for part in leading[0].split(".")] if leading else []
    return tuple([*parts, 0, 0, 0][:3])
