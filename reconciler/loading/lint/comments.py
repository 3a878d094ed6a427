"""Comments: lines that are nothing else do not count, and one form of them silences a finding."""

from __future__ import annotations

import re

_LINE = re.compile(r"^[ \t]*(?:#|//|/\*|\*[ /]|--[ ]|<!--|;)[^\n]*", re.MULTILINE)
_IGNORE = re.compile(r"reconciler:\s*ignore\[([a-z0-9/, -]+)\]")


def blanked(text: str) -> str:
    """The text with spaces for lines that are comments: every other character stays where it is."""
    return _LINE.sub(lambda match: " " * len(match[0]), text)


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
