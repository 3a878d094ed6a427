"""Reads what the documentation tells people to type and to write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^# (manifests/\S+)\n")


class Block(NamedTuple):
    """One fenced block: its language and its text."""

    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(*match) for match in _FENCE.findall(page.read_text(encoding="utf-8"))]


def commands(block: Block) -> list[str]:
    """What a reader types at the prompt of a console block."""
    return [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]


def file_of(block: Block) -> tuple[str, str] | None:
    """The path and text of a block that is a file to write."""
    match = _FILE.match(block.text)
    return (match[1], block.text) if match else None


def pages() -> list[Path]:
    """Every page a user may read commands in."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
