"""From bytes to text: size, encoding and characters that have no business in a manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.loading.mistakes import Mistake, Unreadable
from reconciler.model.rule import Rule

ENCODING = Rule(
    "manifest/encoding",
    "A file that is not UTF-8 is read differently by different programs: a reviewer would approve "
    "other names than those that are applied.",
    "Save the file as UTF-8.",
)
TOO_BIG = Rule(
    "manifest/too-big",
    "No honest manifest is so large; reading it would cost more than it can be worth, and nobody could "
    "review it.",
    "Split the file: one tenant per file is usual.",
)
TAB = Rule(
    "manifest/tab",
    "A tab is as wide as each editor likes, so that indentation, which decides whose an entry is, "
    "looks other than it is.",
    "Write spaces.",
)
CONTROL_CHARACTER = Rule(
    "manifest/control-character",
    "Characters that do not show, or that turn the direction of a text, let a reviewer see another "
    "manifest than the one that is applied.",
    "Remove the character.",
)

MOST_BYTES = 256 * 1024
"""A file beyond this is refused unread: no honest manifest is so large."""

_BOM = b"\xef\xbb\xbf"

UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters, and the line ends only YAML 1.1 knows
    "\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"  # what makes a reviewer see another text
    "|\r(?!\n)"
)
"""Characters that a terminal or an editor acts on instead of showing them."""

_SUSPECT = re.compile(UNWANTED.pattern + "|\t")

_UNUSUAL = bytes({*range(0x20), 0x7F} - {0x0A})


def decode(data: bytes) -> str:
    """The text of a file without its byte order mark. Raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        raise Unreadable(too_big())
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].removeprefix(_BOM)
        line, column = before.count(b"\n") + 1, error.start - data.rfind(b"\n", 0, error.start)
        message = f"not UTF-8: byte 0x{data[error.start]:02x}"
        raise Unreadable(Mistake(ENCODING, message, "save the file as UTF-8", line, column)) from None


def too_big() -> Mistake:
    """The mistake of a file beyond the limit."""
    message = f"larger than {MOST_BYTES // 1024} KiB"
    return Mistake(TOO_BIG, message, "split the file: one tenant per file is usual", 1, 1)


def characters(text: str) -> Iterator[Mistake]:
    """Every tab and every invisible character: each would be shown other than it is read."""
    if text.isascii() and len(text.encode().translate(None, _UNUSUAL)) == len(text):
        return  # most files, at a tenth of the price of the search
    for found in _SUSPECT.finditer(text):
        line, column = position(text, found.start())
        if found[0] == "\t":
            yield Mistake(TAB, "a tab", "write spaces: a tab is as wide as one likes", line, column)
        else:
            message = f"an invisible character, U+{ord(found[0]):04X}"
            yield Mistake(CONTROL_CHARACTER, message, "remove it", line, column)


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of a place in a text."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
