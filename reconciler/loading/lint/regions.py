"""Brackets and the names in them: what JSON, HCL, Python, JavaScript, Java, C# and Go have in common.

A region is what stands between two brackets; its fields are the names that stand directly in it, followed
by `:`, `=` or `=>`. Brackets inside texts count too: a body in a shell line is a text. Brackets that do
not match cost the regions around them, never more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from reconciler.isolation.myths import plain

_HEAD = 400
"""Characters before a bracket that may say what it is."""

_TAIL = 120

MOST = 2000
"""Characters of a value that are looked at."""

_FIELD = (
    r"""(?P<quote>\\?["'])?(?P<name>(?<![\w.$-])[A-Za-z_][\w.-]{0,60})(?(quote)(?P=quote))"""
    r"""[ \t]{0,30}(?::(?![:=])|=>|=(?![=>~])|:=)"""
)
_TOKENS = re.compile(rf"(?P<open>[(\[{{])|(?P<close>[)\]}}])|{_FIELD}")
_TEXTS = re.compile(r"""\\?(["'])((?:(?!\1)[^\n\\]){1,200})\\?\1""")
_NAMES = re.compile(r"\s*(?::|=>)")
_BEHIND = re.compile(r"""\\?["']?\s*(?::=|=>|[:=])?\s*""")
_CALLEE = re.compile(r"(?<![\w.])([\w.]+)[ \t]*$")
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass
class Field:
    """A name from `start` to `end`, and the text behind it up to the next name.

    `items` are the texts in its value, where somebody knows them better than quotes tell.
    """

    name: str
    start: int
    end: int
    value: str = ""
    items: list[str] | None = None

    @property
    def plain(self) -> str:
        """The name without case and separators."""
        return plain(self.name)

    def texts(self) -> tuple[str, ...]:
        """The quoted texts of the value; the value itself where nothing is quoted and it is one word."""
        if self.items is not None:
            return tuple(self.items)
        quoted = tuple(
            match[2] for match in _TEXTS.finditer(self.value) if not _NAMES.match(self.value, match.end())
        )
        bare = self.value.strip(" \t\n\r,;[]-")
        return quoted or ((bare,) if re.fullmatch(r"[\w.*-]+(?: [\w.*-]+)*", bare) else ())


@dataclass
class Region:
    """What stands between two brackets; `bracket` is "" for the whole text."""

    bracket: str
    start: int
    text: str = field(repr=False)
    parent: Region | None = field(default=None, repr=False)
    end: int = 0
    fields: list[Field] = field(default_factory=list)

    @cached_property
    def names(self) -> frozenset[str]:
        """Plain names of the fields."""
        return frozenset(each.plain for each in self.fields)

    @property
    def head(self) -> str:
        """What stands before the bracket."""
        return self.text[max(0, self.start - _HEAD) : self.start]

    @property
    def tail(self) -> str:
        """The end of the head: the line or so before the bracket."""
        return self.text[max(0, self.start - _TAIL) : self.start]

    def first(self, *names: str) -> Field | None:
        """The first field of one of these plain names."""
        return next((each for each in self.fields if each.plain in names), None)

    @property
    def callee(self) -> str:
        """What is called with this region among its arguments; "" where nothing is."""
        call = self if self.bracket == "(" else self.parent
        if call is None or call.bracket != "(":
            return ""
        match = _CALLEE.search(call.tail)
        return match[1].rpartition(".")[2] if match else ""


def regions(text: str) -> list[Region]:
    """Every region of a text, the whole first."""
    whole = Region("", 0, text, end=len(text))
    found, stack = [whole], [whole]
    for token in _TOKENS.finditer(text):
        if bracket := token["open"]:
            inner = Region(bracket, token.start(), text, stack[-1], len(text))
            found.append(inner)
            stack.append(inner)
        elif bracket := token["close"]:
            _close(stack, _PAIRS[bracket], token.start())
        else:
            stack[-1].fields.append(Field(token["name"], token.start("name"), token.end("name")))
    for region in found:
        _values(region, text)
    return found


def value(text: str) -> str:
    """What stands behind a name, without the mark between them."""
    return text[_BEHIND.match(text).end() :]  # type: ignore[union-attr]  # it matches nothing, too


def _close(stack: list[Region], opener: str, place: int) -> None:
    """End the innermost region of this bracket, and what was left open in it."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].bracket == opener:
            for region in stack[depth:]:
                region.end = place
            del stack[depth:]
            return


def _values(region: Region, text: str) -> None:
    ends = [*(each.start for each in region.fields[1:]), region.end]
    for each, end in zip(region.fields, ends, strict=False):  # a region without fields has an end too
        each.value = value(text[each.end : min(end, each.end + MOST)])
