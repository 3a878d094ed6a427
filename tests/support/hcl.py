"""A strict reader of `.tfvars`: of HCL what constants need, and nothing that would be evaluated.

After the native syntax specification of HCL 2: an attribute a line, objects of attributes, quoted
templates with their escapes. Whatever else stands there is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(
    r'(?P<text>"(?:[^"\\\n\r]|\\.)*")|(?P<name>[A-Za-z_][\w-]*)|(?P<mark>[={},])'
    r"|(?P<end>\n)|(?P<skip>[ ]+|\#[^\n]*)"
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def load(text: str) -> dict[str, Any]:
    """The variables of the file. Raises ValueError for what is not as the specification has it."""
    tokens = [*_tokens(text), ""]
    found = _attributes(tokens, closing="")
    if tokens:
        raise ValueError(f"left over: {tokens[:3]}")
    return found


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no token: {text[at : at + 30]!r}")
        if match.lastgroup != "skip":
            yield match[0]
        at = match.end()


def _attributes(tokens: list[str], closing: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while (token := tokens.pop(0)) != closing:
        if token in ("\n", ","):
            continue
        name = _unquoted(token)
        if name in found or tokens.pop(0) != "=":
            raise ValueError(f"{name} is no attribute, or a second one")
        found[name] = _value(tokens)
    return found


def _value(tokens: list[str]) -> Any:
    token = tokens.pop(0)
    if token == "{":
        return _attributes(tokens, closing="}")
    if token == "null":
        return None
    if not token.startswith('"'):
        raise ValueError(f"no value: {token!r}")
    return _unquoted(token)


def _unquoted(token: str) -> str:
    if not token.startswith('"'):
        return token
    inside = token[1:-1]
    if re.search(r"[$%]\{", inside) or not inside.isprintable():
        raise ValueError(f"would be evaluated, or cannot be seen: {token!r}")
    return _ESCAPE.sub(
        lambda each: chr(int(each[1] or each[2], 16)) if each[1] or each[2] else _SHORT[each[3]], inside
    )
