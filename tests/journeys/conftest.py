"""Worlds for stories."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.world import World


@pytest.fixture
def store() -> str:
    """Whether there is a journal: `kept` or `off`. TEST_STORE=off plays every story without one."""
    return os.environ.get("TEST_STORE", "kept")


@pytest.fixture
def make_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str) -> Callable[..., World]:
    """A world of one's own; arguments as of `World`."""

    def make(**given: Any) -> World:
        return World(tmp_path, monkeypatch, **{"store": store, **given})

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Northwind as it is on the first day: manifests, and an organisation with nothing of ours."""
    return make_world()


@pytest.fixture
def settled(world: World) -> World:
    """Northwind after its first apply."""
    world.settle()
    return world
