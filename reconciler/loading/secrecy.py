"""What looks like a secret: it belongs in a sink, never in git, and nobody repeats it in a message.

A hasty look at the text tells an innocent file (ignoring case costs a regular expression seven times the
time, so it looks at lower case); only a suspect one is looked at thoroughly.
Ids (UUIDs), permissions, addresses and words, however long, are innocent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.loading.mistakes import Mistake
from reconciler.loading.text import position
from reconciler.model.drawn import RUN, holds_drawn, looks_random
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
_HASTY = re.compile(rf"""-----begin|(?:{_FIELDS})["']?[ ]{{0,8}}:[ ]{{1,40}}(?![ {{\[#|>\n])""")
_SUSPECT = re.compile(f"{_BLOCK}|{_NAMED}|{RUN}", re.MULTILINE)


def in_text(text: str) -> Iterator[Mistake]:
    """Every place that looks like a secret, comments included; the words never hold it."""
    if _HASTY.search(text.lower()) or holds_drawn(text):
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


def redacted(text: str) -> str:
    """A text that may be shown: what looks like a secret is dotted out, width for width."""
    return _SUSPECT.sub(_dots, text)


def _dots(found: re.Match[str]) -> str:
    whole, value = found[0], found["value"]
    if value is not None:
        return whole[: -len(value)] + "•" * len(value)
    return "•" * len(whole) if whole.startswith("-----BEGIN") or looks_random(whole) else whole
