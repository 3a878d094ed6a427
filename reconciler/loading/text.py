"""From bytes to text: size, encoding and characters that have no business in a manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.loading.mistakes import Mistake, Unreadable

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
        raise Unreadable(
            Mistake("manifest/encoding", message, "save the file as UTF-8", line, column)
        ) from None


def too_big() -> Mistake:
    """The mistake of a file beyond the limit."""
    message = f"larger than {MOST_BYTES // 1024} KiB"
    return Mistake("manifest/too-big", message, "split the file: one tenant per file is usual", 1, 1)


def characters(text: str) -> Iterator[Mistake]:
    """Every tab and every invisible character: each would be shown other than it is read."""
    if text.isascii() and len(text.encode().translate(None, _UNUSUAL)) == len(text):
        return  # most files, at a tenth of the price of the search
    for found in _SUSPECT.finditer(text):
        line, column = position(text, found.start())
        if found[0] == "\t":
            yield Mistake(
                "manifest/tab", "a tab", "write spaces: a tab is as wide as one likes", line, column
            )
        else:
            message = f"an invisible character, U+{ord(found[0]):04X}"
            yield Mistake("manifest/control-character", message, "remove it", line, column)


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of a place in a text."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
