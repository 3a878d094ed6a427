"""Places to keep records in."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.store.place import File, Server, place_of
from tests.store.kept import file


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> File | Server:
    """Somewhere to keep records: each test of it holds for both."""
    if request.param == "sqlite":
        return file(tmp_path)
    found = place_of(request.getfixturevalue("database"), {})
    assert isinstance(found, Server)
    return found
