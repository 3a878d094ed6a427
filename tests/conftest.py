"""What every test gets: no network but loopback, and data that comes out the same every time."""

from __future__ import annotations

import ipaddress
import os
import random
import socket
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.architecture.source import LONG, long_functions
from tests.support.database import empty_schema, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]
"""httpx looks for it at every request to an application, on the whole path where it is not installed."""

ALWAYS_THE_SAME = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("default", ALWAYS_THE_SAME, max_examples=30)
settings.register_profile("full", ALWAYS_THE_SAME, max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True, scope="session")
def _no_network_but_loopback() -> Iterator[None]:
    """A test that reaches out would pass here and fail elsewhere, or worse, write somewhere."""

    def guarded(name: str) -> Any:
        original = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
                raise PermissionError(f"tests reach no network but loopback: {address[0]}")
            return original(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(name))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_state_of_the_person_who_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A journal goes where nobody's history is, also from processes that a test starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RECONCILER_STATE", raising=False)
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this session.

    Where it cannot run, tests that need it are skipped, but in a pipeline they fail.
    """
    with ExitStack() as stack:
        try:
            url = stack.enter_context(running_server())
        except Exception as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no PostgreSQL server here: {type(error).__name__}: {error}")
        yield url


@pytest.fixture
def database(server: str) -> str:
    """A URL to an empty schema of one's own."""
    return empty_schema(server)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def pytest_configure(config: pytest.Config) -> None:
    """The order of the tests is random, their data is not."""
    config.option.randomly_reset_seed = False


@pytest.fixture(autouse=True)
def _fixed_seed() -> None:
    random.seed(20_250_101)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists functions that are no error yet, but a smell."""
    for place, lines in long_functions(over=LONG):
        terminalreporter.write_line(f"long function: {place} has {lines} lines")
