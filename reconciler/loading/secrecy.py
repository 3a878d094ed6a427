"""What looks like a secret: it belongs in a sink, never in git, and nobody repeats it in a message.

A hasty look at the text tells an innocent file (ignoring case costs a regular expression seven times the
time, so it looks at lower case); only a suspect one is looked at thoroughly.
Ids (UUIDs), permissions, addresses and words, however long, are innocent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from reconciler.loading.mistakes import Mistake
from reconciler.loading.text import position
from reconciler.model.rule import Rule

SECRET = Rule(
    "manifest/secret",
    "Git never forgets: everybody who can read the repository, now or later, could use a secret in it.",
    "Remove it and rotate it; manifests name a sink, never a secret.",
)

_FIELDS = "secret|password|passwd|passphrase|token|api_?key|private_?key|credentials?"
_VALUE = r"""(?P<value>"[^"\n]+"|'[^'\n]+'|[^\s,}#]+)"""
_NAMED = (
    rf"""(?:^|[\s{{,"'])(?i:[a-z_]{{0,20}}?(?:{_FIELDS}))["']?[ ]{{0,8}}:[ ]{{1,40}}(?![ {{\[#|>\n])"""
    + _VALUE
)  # not a mapping, a list or a block: those are read as fields
_BLOCK = r"-----BEGIN [A-Z ]{0,40}(?:KEY|CERTIFICATE)[A-Z ]{0,40}-----"
_RUN = r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{24,}={0,2}"
_RUNS = re.compile(_RUN)
_HASTY = re.compile(rf"""-----begin|(?:{_FIELDS})["']?[ ]{{0,8}}:[ ]{{1,40}}(?![ {{\[#|>\n])""")
_SUSPECT = re.compile(f"{_BLOCK}|{_NAMED}|{_RUN}", re.MULTILINE)
_UUID = re.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile("[0-9a-f]{32,}|[0-9A-F]{32,}")

_WORD_LIKE = 0.25
"""Share of neighbours of another class (upper, lower, digit): less in words, more in random text."""

_ENOUGH = 200
"""Characters that tell."""


def in_text(text: str) -> Iterator[Mistake]:
    """Every place that looks like a secret, comments included; the words never hold it."""
    if _HASTY.search(text.lower()) or any(looks_random(run) for run in _RUNS.findall(text)):
        yield from _thorough(text)


def _thorough(text: str) -> Iterator[Mistake]:
    for found in _SUSPECT.finditer(text):
        named = found["value"] is not None
        if not named and not found[0].startswith("-----BEGIN") and not looks_random(found[0]):
            continue
        start, end = found.span("value" if named else 0)
        line, column = position(text, start)
        message = "a secret in a manifest" if named else "this looks like a secret"
        remedy = "remove it and rotate it: manifests name a sink (`secret: {sink: NAME}`), never a secret"
        yield Mistake(SECRET, message, remedy, line, column, end - start)


def looks_random(run: str) -> bool:
    """Whether a run of letters and digits was drawn by dice: hexadecimal digest, base64 or base32."""
    if _UUID.fullmatch(run):
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


def redacted(text: str) -> str:
    """A text that may be shown: what looks like a secret is dotted out, width for width."""
    return _SUSPECT.sub(_dots, text)


def _dots(found: re.Match[str]) -> str:
    whole, value = found[0], found["value"]
    if value is not None:
        return whole[: -len(value)] + "•" * len(value)
    return "•" * len(whole) if whole.startswith("-----BEGIN") or looks_random(whole) else whole
