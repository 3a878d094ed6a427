"""YAML files → manifests as values, with every mistake at file, line and column.

Knows the grammar, not what entries mean: references between them are resolved in planning. Writes nothing.
"""

from __future__ import annotations

from pathlib import Path

from reconciler.loading.load import load
from reconciler.loading.locate import FileLocator
from reconciler.loading.schemas import schemas
from reconciler.ports import Locator

__all__ = ["load", "locator", "schemas"]


def locator(root: Path) -> Locator:
    """Finds line and column of any origin below `root`; reads a file only when asked about it."""
    return FileLocator(root)
