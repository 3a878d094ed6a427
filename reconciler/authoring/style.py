"""How YAML looks that we write: block style, short lists on one line, quotes where readers differ."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_WIDEST = 80
"""Characters of a list that may stand on one line."""

_ONLY_SOME_READERS = frozenset({"y", "Y", "n", "N", "=", "<<"})


def writer() -> YAML:
    """A writer that folds no lines and indents lists."""
    made = YAML()
    made.explicit_start = True
    made.allow_unicode = True
    made.width = 1_000_000
    made.indent(mapping=2, sequence=4, offset=2)
    return made


def presentable(value: Any) -> Any:
    """Plain values with the style that they are written in."""
    if isinstance(value, dict):
        return CommentedMap({_text(key): presentable(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        items = CommentedSeq(presentable(item) for item in value)
        if all(isinstance(item, str) for item in value) and sum(len(item) + 2 for item in value) < _WIDEST:
            items.fa.set_flow_style()
        return items
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    return DoubleQuotedScalarString(text) if _ambiguous(text) else text


@cache
def _implicit() -> Any:
    return yaml.SafeLoader.yaml_implicit_resolvers


def _ambiguous(text: str) -> bool:
    """Whether a reader of any version of YAML may take the text for something else."""
    if not text or text in _ONLY_SOME_READERS or not text.isprintable():
        return True
    candidates = [*_implicit().get(text[0], ()), *_implicit().get(None, ())]
    # A question mark ends a plain text in the lists of YAML 1.1, a colon starts one there.
    return text[0] in "+-.:0123456789" or "?" in text or any(pattern.match(text) for _, pattern in candidates)
