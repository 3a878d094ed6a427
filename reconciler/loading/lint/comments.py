"""Comments: they do not count, and one form of them silences a finding."""

from __future__ import annotations

import re

_LINE = re.compile(r"^[ \t]*(?:#|//|/\*|\*[ /]|--[ ]|<!--|;)[^\n]*", re.MULTILINE)
_TRAILING = re.compile(r"(?<=[ \t])(?:#|//)[^\n\"'`]*$", re.MULTILINE)
_IGNORE = re.compile(r"reconciler:\s*ignore\[([a-z0-9/, -]+)\]")


def blanked(text: str) -> str:
    """The text with spaces for comments: every other character stays where it is.

    Behind code, only what holds no quote counts as one: elsewhere `#` and `//` stand in texts.
    """
    return _TRAILING.sub(_spaces, _LINE.sub(_spaces, text))


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


class Silenced:
    """`reconciler: ignore[RULE, …]` in a comment: of its own line, or of the next where it stands alone."""

    def __init__(self, text: str) -> None:
        self._rules: dict[int, set[str]] = {}
        if "reconciler:" not in text:
            return
        for number, line in enumerate(text.split("\n"), 1):
            if match := _IGNORE.search(line):
                place = number + 1 if _LINE.match(line) else number
                rules = {rule.strip() for rule in match[1].split(",")}
                self._rules.setdefault(place, set()).update(rules)

    def __contains__(self, place: tuple[int, str]) -> bool:
        """Whether `rule` is silenced on `line`."""
        line, rule = place
        return rule in self._rules.get(line, ())
