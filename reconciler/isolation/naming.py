"""Naming: which owner something is called after. Names are habits: what they say is inferred."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3
"""Letters that a single word needs to stand for an owner."""

Words = tuple[str, ...]


def words(name: str) -> Words:
    """The words of a name, in lower case; hyphens and underscores part them."""
    return tuple(_WORD.findall(name.casefold()))


class Naming:
    """What owners are called: their own names and those of their divisions, as (name, owner).

    An owner stands for the whole of each such name, and for the first word of its own. What stands for
    several owners stands for none.
    """

    def __init__(self, divisions: Iterable[tuple[str, str]] = ()) -> None:
        owners: dict[Words, set[str]] = defaultdict(set)
        for name, owner in divisions:
            own = words(owner)
            for said in (words(name), own, own[:1] if own and len(own[0]) >= _SHORTEST else ()):
                owners[said].add(owner)
        self._owners = {said: next(iter(several)) for said, several in owners.items() if len(several) == 1}
        self._longest = max(map(len, owners), default=0)

    def owner(self, name: str) -> str:
        """Whose name something's name begins with, the longest first; "" for nobody's."""
        said = words(name)[: self._longest]
        prefixes = (said[:size] for size in range(len(said), 0, -1))
        return next((self._owners[each] for each in prefixes if each in self._owners), "")
