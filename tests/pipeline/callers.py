"""The workflow files that docs/pipeline.md tells people to write: the stories run these, to the letter."""

from __future__ import annotations

import re

from tests.docs.reading import ROOT, blocks

PAGE = ROOT / "docs/pipeline.md"
_FILE = re.compile(r"^# (\S+\.ya?ml)\n")


def files(organisation: str) -> dict[str, str]:
    """Every file of the page by path; the first block that names a path is that file."""
    found: dict[str, str] = {}
    for block in blocks(PAGE):
        match = _FILE.match(block.text)
        if match and block.language == "yaml":
            found.setdefault(match[1], block.text.replace("northwind", organisation))
    return found
