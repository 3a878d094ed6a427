"""A server that takes a query and falls silent holds nobody up for long."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from reconciler.errors import JournalError
from reconciler.model.lease import Taken
from reconciler.store import line, opening
from reconciler.store.archive import Archive
from reconciler.store.lease_server import ServerLease
from reconciler.store.opening import PATIENCE
from reconciler.store.place import Server, place_of
from tests.store.kept import intent, journal, run
from tests.store.test_leases import claim, once_its_end_is_known


class Between:
    """The server over TCP, as from another machine: its own socket is a file.

    `hush` is what is carried out once and never answered, nor is anything else on that line.
    """

    def __init__(self, listening: socket.socket, file: Path) -> None:
        self._listening, self._file, self._hushed = listening, file, set[socket.socket]()
        self.port, self.hush = listening.getsockname()[1], b""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # no more lines
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._between, args=(client,), daemon=True).start()

    def _between(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(str(self._file))
            back = threading.Thread(target=self._pass_on, args=(server, client), daemon=True)
            back.start()
            self._pass_on(client, server)
            server.shutdown(socket.SHUT_RDWR)
            back.join()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                if self.hush and self.hush in said:
                    self.hush = b""
                    self._hushed.add(one)
                if other not in self._hushed:
                    other.sendall(said)


@pytest.fixture
def between(database: str) -> Iterator[Between]:
    (directory,) = parse_qs(urlsplit(database).query)["host"]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Between(listening, Path(directory) / ".s.PGSQL.5432")


@pytest.fixture
def far(database: str, between: Between) -> Server:
    """The server behind it, with a schema of one's own."""
    options = quote(parse_qs(urlsplit(database).query)["options"][0])
    found = place_of(f"postgresql://postgres@127.0.0.1:{between.port}/postgres?options={options}", {})
    assert isinstance(found, Server)
    return found


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


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits half a minute here."""
    for name, seconds in (("SILENCE", 0.3), ("AGAIN", 2)):
        monkeypatch.setattr(line, name, seconds)


@pytest.mark.usefixtures("brief")
def test_a_commit_that_is_not_answered_ends_and_the_next_one_goes_another_way(
    far: Server, between: Between
) -> None:
    book = journal(far)
    book.begin(run())
    between.hush = b"COMMIT"
    with pytest.raises(JournalError, match=r"the journal .* did not answer within 0\.3 s"):
        book.intend(run().id, intent())
    book.conclude(run().id, intent().operation, "")
    book.close()
    _, (step,) = Archive(far).one(run().id)
    assert (step.intent, step.fate) == (intent(), "done")


@pytest.mark.usefixtures("brief")
def test_a_server_that_fell_silent_once_is_borne_for_less_long(
    far: Server, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal holds up everything else, a secret in hand too."""
    book = journal(far)
    monkeypatch.setattr(line, "AGAIN", 0.1)
    with suppress(JournalError):
        between.hush = b"COMMIT"
        book.begin(run())
    between.hush = b"COMMIT"
    with pytest.raises(JournalError, match=r"did not answer within 0\.1 s"):
        book.begin(run(2))
    book.close()


@pytest.mark.usefixtures("brief")
def test_a_heartbeat_that_is_not_answered_fails_and_the_lease_is_given_back_on_another_line(
    far: Server, between: Between
) -> None:
    lease, other = ServerLease(far), ServerLease(far)
    assert isinstance(lease.take(claim("first"), 300.0), Taken)
    between.hush = b"COMMIT"
    with pytest.raises(JournalError, match=r"the lease .* did not answer within 0\.3 s"):
        lease.beat(300.0)
    lease.release()
    lease.close()
    taken = once_its_end_is_known(other, "second")
    other.close()
    assert isinstance(taken, Taken) and taken.epoch == 2
