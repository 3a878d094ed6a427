"""Attributes of a resource, each asked for by name and type. What is not asked for is never looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reconciler.errors import UsageError
from reconciler.model.value import Json


class Malformed(UsageError):
    """The file is not what `terraform show -json` prints. A value is never repeated: it may be secret."""

    def __init__(self, place: str, says: str) -> None:
        super().__init__(
            f"{place}: {says}", remedy="give the output of `terraform show -json`, as it was printed"
        )


class Hidden(Exception):
    """An attribute that Terraform marks as sensitive: it is neither read nor repeated."""


_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORDS = {str: "text", bool: "true or false", int: "a whole number", list: "a list", dict: "an object"}


def an_id(text: str, place: str, *besides: str) -> str:
    """`text`, if it is an id as the vendor makes them, one of `besides`, or nothing; raises Malformed."""
    if text and text not in besides and not _ID.fullmatch(text):
        raise Malformed(place, "an id belongs there")
    return text


def typed(value: Json, wanted: type, place: str) -> Any:
    """`value`, if it is of that JSON type; raises Malformed."""
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise Malformed(place, f"{_WORDS[wanted]} belongs there")
    return value


class Attributes:
    """An object of attributes; a null is an attribute that is not set."""

    def __init__(self, values: Mapping[str, Json], sensitive: Json, place: str) -> None:
        self._values = values
        self._sensitive = sensitive
        self._place = place

    def text(self, name: str) -> str:
        """A text; "" where it is not set."""
        return str(self._get(name, str, ""))

    def id(self, name: str, *besides: str) -> str:
        """An id, or one of `besides`; "" where it is not set."""
        return an_id(self.text(name), self._at(name), *besides)

    def ids(self, name: str, *besides: str) -> list[str]:
        """A list or set of ids, or of `besides`."""
        return [an_id(text, self._at(name), *besides) for text in self.texts(name)]

    def number(self, name: str) -> int | None:
        """A whole number; None where it is not set."""
        found: int | None = self._get(name, int, None)
        return found

    def flag(self, name: str) -> bool:
        """True or False; False where it is not set."""
        return bool(self._get(name, bool, False))

    def texts(self, name: str) -> list[str]:
        """A list or set of texts."""
        return [typed(item, str, f"{self._at(name)}[{index}]") for index, item in enumerate(self._list(name))]

    def blocks(self, name: str) -> list[Attributes]:
        """Nested blocks."""
        return [
            Attributes(typed(item, dict, place), False, place)
            for index, item in enumerate(self._list(name))
            for place in [f"{self._at(name)}[{index}]"]
        ]

    def _list(self, name: str) -> list[Json]:
        found: list[Json] = self._get(name, list, [])
        return found

    def _get(self, name: str, wanted: type, default: Any) -> Any:
        if _any(self._sensitive.get(name) if isinstance(self._sensitive, dict) else self._sensitive):
            raise Hidden(name)
        value = self._values.get(name)
        return default if value is None else typed(value, wanted, self._at(name))

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}"


def _any(sensitive: Json) -> bool:
    """Whether anything of a value is marked, at any depth."""
    waiting = [sensitive]
    while waiting:
        item = waiting.pop()
        if item is True:
            return True
        waiting += item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return False
