"""What comes and goes in a list leaves the comments and blank lines around it where they are."""

from __future__ import annotations

from collections import Counter

import pytest

from reconciler.authoring import edited
from reconciler.model.origin import Origin
from reconciler.model.patch import Edit

TEXT = """---
# the top
spec:
  roles:
    - key: a   # eol
      permissions:
        - x   # why x
        - y

    # about b
    - key: b   # bee
      flow: [x, y]   # short
      one:
        - x

      # about last
      last: 1

    - key: c

    # about d
    - key: d
"""
A, B, C = (Origin("a.yaml", 0, ("spec", "roles", index)) for index in range(3))
OLD, NEW = "      flow: [x, y]   # short", "      flow: [x, z, y] # short"
HERE: dict[str, tuple[Edit, Origin, list[str], list[str]]] = {
    "one more": (Edit("append", ("permissions",), "z"), A, [], ["        - z"]),
    "one more of one": (Edit("append", ("one",), "z"), B, [], ["        - z"]),
    "one more in a line": (
        Edit("append", ("flow",), "z"), B, [OLD], [NEW],
    ),
    "the last one less": (Edit("swap", ("permissions",), None, "y"), A, ["        - y"], []),
    "the first one less": (
        Edit("swap", ("permissions",), None, "x"), A, ["        - x   # why x"], [],
    ),
    "a field that was not said": (Edit("say", ("name",), "en"), B, [], ["      name: en"]),
    "a field where only the key was": (Edit("say", ("name",), "en"), C, [], ["      name: en"]),
    "a field anew": (Edit("say", ("last",), 2), B, ["      last: 1"], ["      last: 2"]),
    "no field": (Edit("say", ("other",), None), B, [], []),
    "a list that was not there": (Edit("append", ("new",), "z"), B, [], ["      new: [z]"]),
    "no such place": (Edit("drop", ("permissions", 7)), A, [], []),
    "not a list": (Edit("append", ("key",), "z"), A, [], []),
    "not an entry": (Edit("say", ("name",), "en"), A.child("permissions", 0), [], []),
}  # fmt: skip


@pytest.mark.parametrize("name", HERE)
def test_just_these_lines_go_and_come(name: str) -> None:
    edit, place, gone, come = HERE[name]
    text = edited("a.yaml", [edit._replace(at=(place,))], TEXT)
    old, new = TEXT.splitlines(), text.splitlines()
    assert _without(old, new) == gone and _without(new, old) == come
    kept = [line for line in new if line not in come]
    assert kept == [line for line in old if line not in gone]


def _without(lines: list[str], others: list[str]) -> list[str]:
    """The lines that are more often here than there."""
    return list((Counter(lines) - Counter(others)).elements())


def test_line_ends_stay_as_they_are() -> None:
    edit = Edit("append", ("permissions",), "z", at=(A,))
    text = edited("a.yaml", [edit], TEXT.replace("\n", "\r\n"))
    assert text == edited("a.yaml", [edit], TEXT).replace("\n", "\r\n")
