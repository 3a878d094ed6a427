"""What stands between `${{` and `}}` in a workflow, as far as ours use it; anything else is an error.

Source: GitHub's page about expressions. Strings compare without regard to case, a missing property is null,
and `&&` and `||` give one of their operands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<sign>==|!=|&&|\|\||[!()])|(?P<name>[A-Za-z_][\w.-]*))"
)
_WORDS = {"true": True, "false": False, "null": None}
STATUS = ("always", "success", "failure", "cancelled")

Context = Mapping[str, Any]


def evaluated(expression: str, context: Context) -> Any:
    """The value of an expression; `context` holds `github`, `inputs` and so on, and `status()` functions."""
    parser = _Parser(_tokens(expression), context)
    value = parser.either()
    if parser.left:
        raise ValueError(f"cannot read {parser.left[0]!r} in {expression!r}")
    return value


def filled(text: str, context: Context) -> str:
    """A string with each `${{ … }}` replaced by what it comes to."""
    return re.sub(r"\$\{\{(.+?)\}\}", lambda found: shown(evaluated(found[1], context)), text)


def holds(condition: str | bool | None, context: Context) -> bool:
    """Whether an `if:` is met; one that asks for no status also asks for `success()`."""
    text = str(condition).strip() if condition is not None else "true"
    text = text[3:-2] if text.startswith("${{") else text
    asks = any(f"{name}()" in text for name in STATUS)
    return bool(evaluated(text, context)) and (asks or bool(context["status"]["success"]))


def shown(value: Any) -> str:
    """A value as a string."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tokens(expression: str) -> list[str]:
    found, at = [], 0
    while expression[at:].strip():
        match = _TOKEN.match(expression, at)
        if match is None:
            raise ValueError(f"cannot read {expression[at:]!r}")
        found.append(match[0].strip())
        at = match.end()
    return found


class _Parser:
    """Recursive descent: either = both ("||" both)*, both = equal ("&&" equal)*, and so on."""

    def __init__(self, left: list[str], context: Context) -> None:
        self.left, self._context = left, context

    def either(self) -> Any:
        return self._chain("||", self._both, lambda value: not value)

    def _both(self) -> Any:
        return self._chain("&&", self._equal, bool)

    def _chain(self, sign: str, operand: Callable[[], Any], goes_on: Callable[[Any], bool]) -> Any:
        value = operand()
        while self._take(sign):
            other = operand()
            value = other if goes_on(value) else value
        return value

    def _equal(self) -> Any:
        value = self._single()
        for sign in ("==", "!="):
            if self._take(sign):
                same = shown(value).lower() == shown(self._single()).lower()
                return same if sign == "==" else not same
        return value

    def _single(self) -> Any:
        if self._take("!"):
            return not self._single()
        if self._take("("):
            value = self.either()
            self._need(")")
            return value
        return self._named(self.left.pop(0))

    def _named(self, token: str) -> Any:
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token in STATUS:
            self._need("(")
            self._need(")")
            return self._context["status"][token]
        return _WORDS[token] if token in _WORDS else _property(token, self._context)

    def _take(self, sign: str) -> bool:
        if self.left[:1] == [sign]:
            self.left.pop(0)
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise ValueError(f"{sign} is missing before {self.left}")


def _property(path: str, context: Context) -> Any:
    first, *rest = path.split(".")
    value = context[first]
    for name in rest:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
