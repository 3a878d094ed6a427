"""Items and keys that come and go, while the comments around them stay where they are.

The YAML library keeps blank lines and comments that follow an item with that item. So what comes goes
before the last one, and what follows an item that goes is handed to the one before it.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken


def take_in(items: CommentedSeq, value: Any) -> None:
    """One item more."""
    if len(items) == 1:
        rest = _cut(items.ca.items, 0, 0)
        items.append(value)
        _give(items.ca.items, 1, 0, rest)
    else:
        items.insert(max(0, len(items) - 1), value)


def take_out(items: CommentedSeq, place: int) -> None:
    """One item less."""
    rest = _cut(items.ca.items, place, 0)
    del items[place]
    if place and rest:
        _give(items.ca.items, place - 1, 0, rest)


def say(node: CommentedMap, key: str, value: Any) -> None:
    """The key says this from now on; None: nothing."""
    if value is None:
        node.pop(key, None)
    elif key in node:
        node[key] = value
    elif len(node) == 1:
        (first,) = node
        rest = _cut(node.ca.items, first, 2)
        node[key] = value
        _give(node.ca.items, key, 2, rest)
    else:
        node.insert(1, key, value)


def _cut(comments: dict[Any, Any], place: Any, slot: int) -> str:
    """What stands in the lines below an item, taken from it; its own line keeps its remark."""
    found = comments.get(place)
    token = found[slot] if found else None
    if not isinstance(token, CommentToken):
        return ""
    own, _, rest = token.value.partition("\n")
    if own:
        token.value = f"{own}\n"
    elif found:
        found[slot] = None
    return str(rest)


def _give(comments: dict[Any, Any], place: Any, slot: int, rest: str) -> None:
    """These lines stand below that item."""
    if not rest:
        return
    found = comments.setdefault(place, [None, None, None, None])
    token = found[slot]
    if isinstance(token, CommentToken):
        token.value += rest
    else:
        found[slot] = CommentToken(f"\n{rest}", CommentMark(0))
