"""A server that takes a query and falls silent holds nobody up for long."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from reconciler.store import opening
from reconciler.store.opening import PATIENCE
from reconciler.store.place import Server, place_of


@pytest.fixture
def far(database: str) -> Iterator[Server]:
    """The server over TCP, as from another machine: its own socket is a file."""
    (directory,) = parse_qs(urlsplit(database).query)["host"]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        file = Path(directory) / ".s.PGSQL.5432"
        threading.Thread(target=_between, args=(listening, file), daemon=True).start()
        found = place_of(f"postgresql://postgres@127.0.0.1:{listening.getsockname()[1]}/postgres", {})
        assert isinstance(found, Server)
        yield found


def test_a_silent_server_is_asked_whether_it_is_there(far: Server) -> None:
    """What the kernel was told: it alone notices when an answer that is waited for never comes."""
    engine = opening.connect(far)
    with engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        with closing(socket.socket(fileno=os.dup(driver.pgconn.socket))) as line:
            asked = [
                line.getsockopt(socket.IPPROTO_TCP, option)
                for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            ]
            assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    engine.dispose()
    idle, interval, count = asked
    assert idle + interval * count <= 2 * PATIENCE


def _between(listening: socket.socket, file: Path) -> None:
    client, _ = listening.accept()
    with client, socket.socket(socket.AF_UNIX) as server:
        server.connect(str(file))
        back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
        back.start()
        _pass_on(client, server)
        server.shutdown(socket.SHUT_RDWR)
        back.join()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    while said := one.recv(65536):
        other.sendall(said)
