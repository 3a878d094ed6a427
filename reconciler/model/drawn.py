"""What was drawn by dice: secrets, keys and digests look so; ids (UUIDs) and words, however long, do not."""

from __future__ import annotations

import re
from itertools import pairwise

RUN = r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,}={0,2}"
"""A regular expression for a text long enough to be judged."""

_RUNS = re.compile(RUN)
_UUID = re.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile("[0-9a-f]{32,}|[0-9A-F]{32,}")

_WORD_LIKE = 0.25
"""Share of neighbours of another class (upper, lower, digit): less in words, more in random text."""

_ENOUGH = 200
"""Characters that tell."""


def is_uuid(text: str) -> bool:
    """Whether it is an id and nothing else."""
    return _UUID.fullmatch(text) is not None


def looks_random(run: str) -> bool:
    """Whether a run of letters and digits was drawn by dice: hexadecimal digest, base64 or base32."""
    if is_uuid(run):
        return False
    if _HEX.fullmatch(run):
        return not run.isdigit()
    classes = [_class(character) for character in run[:_ENOUGH] if character.isalnum()]
    if len(set(classes)) < 2 or "0" not in classes or len(classes) < 20:
        return False
    changes = sum(a != b and (a, b) != ("A", "a") for a, b in pairwise(classes))  # `Word` is no change
    return changes / len(classes) > _WORD_LIKE


def _class(character: str) -> str:
    return "0" if character.isdigit() else "a" if character.islower() else "A"


def holds_drawn(text: str) -> bool:
    """Whether anything in the text looks drawn."""
    return any(looks_random(run) for run in _RUNS.findall(text))


def without_drawn(text: str) -> str:
    """The text with what looks drawn dotted out, width for width."""
    return _RUNS.sub(lambda found: "•" * len(found[0]) if looks_random(found[0]) else found[0], text)
