"""A repository with the workflows of the guide, and no organisation behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.callers import files
from tests.pipeline.forge import Forge
from tests.pipeline.hub import Hub
from tests.pipeline.machine import Machine


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    """A repository with the workflows of the guide; nobody is asked for an organisation."""
    hub = Hub(tmp_path / "github")
    hub.place.mkdir()
    machine = Machine(hub, tmp_path, "http://127.0.0.1:9", {})
    machine.prepare()
    forge = Forge(machine, tmp_path / "clone")
    forge.found(files("tinydesk"))
    return forge


@pytest.fixture
def parroted(forge: Forge) -> Forge:
    """The same, and a stand-in says what the workflows hand to the command."""
    forge.machine.prepare({"reconciler": "tests.pipeline.parrot"})
    return forge
