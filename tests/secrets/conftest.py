"""The sinks as fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.secrets.rigs import RIGS, Rig


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """Each type of sink in turn; `indirect` chooses some."""
    with RIGS[request.param](tmp_path, monkeypatch) as made:
        yield made
