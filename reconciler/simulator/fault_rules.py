"""What a fault rule may say, and which requests it strikes. The meaning is told at the head of `faults`."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from reconciler.simulator.exchange import Request


@dataclass(slots=True)
class Rule:
    """One fault rule and how many requests matched it."""

    kind: str
    method: str = "*"
    path: str = "*"
    nth: int = 1
    times: int | None = 1
    seconds: float = 60.0
    status: int | None = None
    code: str = ""
    retryAfter: int | str | None = None  # noqa: N815 -- the field of the rule as it is written
    committed: bool = False
    count: int = 1
    seed: int = 0
    edits: list[dict[str, Any]] = field(default_factory=list)
    matched: int = 0

    def strikes(self, request: Request) -> bool:
        """Count the request if it matches; whether its turn has come."""
        if self.method not in ("*", request.method) or not fnmatchcase(request.path, self.path):
            return False
        self.matched += 1
        return self.matched >= self.nth and (self.times is None or self.matched < self.nth + self.times)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _header(value: Any) -> bool:
    """A number of seconds, or any text a header can carry: servers have said worse."""
    return (
        value is None
        or (_whole(value) and value >= 0)
        or (_text(value) and value.isascii() and value.isprintable())
    )


def _edits(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(edit, dict)
        and {"method", "path"} <= set(edit) <= {"method", "path", "body", "user"}
        and all(_text(edit[name]) for name in edit if name != "body")
        for edit in value
    )


_FIELDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "kind": (_text, "text"),
    "method": (_text, "text"),
    "path": (_text, "text"),
    "nth": (lambda value: _whole(value) and value >= 1, "a whole number of at least 1"),
    "times": (
        lambda value: value is None or (_whole(value) and value >= 1),
        "a whole number of at least 1, or null",
    ),
    "seconds": (
        lambda value: (_whole(value) or isinstance(value, float)) and 0 <= value < float("inf"),
        "a number of at least 0",
    ),
    "status": (
        lambda value: value is None or (_whole(value) and 200 <= value <= 599),
        "a status from 200 to 599, or null",
    ),
    "code": (_text, "text"),
    "retryAfter": (_header, "seconds, text in ASCII, or null"),
    "committed": (_flag, "true or false"),
    "count": (_whole, "a whole number"),
    "seed": (_whole, "a whole number"),
    "edits": (_edits, "a list of {method, path, body, user}, the last two if need be"),
}
"""Every field with what it takes, as a test and in words."""


def parse_rules(rules: list[dict[str, Any]], kinds: Collection[str]) -> list[Rule]:
    """Rules from their data. Raises ValueError that names the kinds or fields there are."""
    for each in rules:
        if each.get("kind") not in kinds:
            raise ValueError(f"unknown fault {each.get('kind')!r}; kinds are: {', '.join(kinds)}")
        for name, value in each.items():
            if name not in _FIELDS:
                raise ValueError(f"unknown field {name!r}; fields are: {', '.join(sorted(_FIELDS))}")
            fits, expected = _FIELDS[name]
            if not fits(value):
                raise ValueError(f"{each['kind']}: {name}: expected {expected}, not {value!r}")
    return [Rule(**each) for each in rules]
