"""Every async test here runs in virtual time, and quietly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import structlog

from reconciler.telemetry import logs
from tests.support.clock import VirtualLoop


def pytest_asyncio_loop_factories(config: Any, item: Any) -> Mapping[str, Callable[[], Any]]:
    return {"virtual": VirtualLoop}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logs.configure(0)
    yield
    structlog.reset_defaults()
