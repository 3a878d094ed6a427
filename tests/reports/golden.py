"""Golden texts: kept as people would see them, renewed with `UPDATE_GOLDEN=1`."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def check(path: str, text: str) -> None:
    """`text` is what the committed file says; with UPDATE_GOLDEN the file is written instead."""
    file = ROOT / path
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text
