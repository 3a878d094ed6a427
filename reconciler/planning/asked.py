"""What people ask about by name: subjects and divisions, and what to say where nobody is called so."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from reconciler.errors import UsageError
from reconciler.model.access import EVERYWHERE
from reconciler.planning.picture import Picture


def subject(picture: Picture, text: str) -> str:
    """The id of a subject by its address, title, name or id. Raises UsageError."""
    people = picture.people.subjects.values()
    names = {each.id: (each.id, each.name, picture.shown[each.id]) for each in people}
    return _one(names, text, "subject", picture.shown)


def wall(picture: Picture, text: str, word: str) -> str:
    """The id of a wall, which people call `word`, by its name or id; `*` is every one. Raises UsageError."""
    if text == EVERYWHERE:
        return EVERYWHERE
    names = {each: (each, picture.people.name(each)) for each in picture.people.walls}
    return _one(names, text, word, {each: picture.people.name(each) for each in picture.people.walls})


def _one(names: Mapping[str, tuple[str, ...]], text: str, what: str, shown: Mapping[str, str]) -> str:
    found = [identity for identity, known in names.items() if text in known]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"{shown[each]} ({each})" for each in sorted(found))
        raise UsageError(f"{len(found)} {what}s are called `{text}`: {several}", remedy="give the id")
    known = sorted({name for several in names.values() for name in several[1:]})
    close = difflib.get_close_matches(text, known, n=1)
    remedy = f"did you mean `{close[0]}`?" if close else f"give an id, a name or an address of a {what}"
    raise UsageError(f"there is no {what} `{text}`", remedy=remedy)
