"""A pooler that lends sessions by the transaction: several clients, one backend, on a socket of its own."""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path

_STARTUP_VERSION, _READY, _IDLE = 196608, b"Z", b"I"


class Pooler:
    """Speaks as much of the protocol as it takes to stand between; `url` leads through it."""

    def __init__(self, server: Path, startup: bytes, place: Path) -> None:
        self._backend = socket.socket(socket.AF_UNIX)
        self._backend.connect(str(server))
        self._backend.sendall(startup)
        self._greeting = b"".join(_answer(self._backend))
        self._turn = threading.Lock()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(place))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for each in (self._listening, self._backend):
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            size, _ = struct.unpack("!II", _exactly(client, 8))
            _exactly(client, size - 8)
            client.sendall(self._greeting)
            while message := _message(client):
                if message[:1] == b"X" or not self._transaction(client, message):
                    return

    def _transaction(self, client: socket.socket, message: bytes) -> bool:
        """The one backend is this client's until it is idle again."""
        with self._turn:
            while True:
                self._backend.sendall(message)
                if message[:1] in (b"Q", b"S"):  # a query, or the end of an extended one
                    answer = list(_answer(self._backend))
                    client.sendall(b"".join(answer))
                    if answer[-1][5:6] == _IDLE:
                        return True
                message = _message(client)
                if not message:
                    return False


def _answer(backend: socket.socket) -> list[bytes]:
    """Messages up to the one that says it is ready."""
    messages = [_message(backend)]
    while messages[-1][:1] != _READY:
        assert messages[-1], "the server hung up"
        messages.append(_message(backend))
    return messages


def _message(stream: socket.socket) -> bytes:
    head = _exactly(stream, 5)
    return head + _exactly(stream, struct.unpack("!I", head[1:])[0] - 4) if head else b""


def _exactly(stream: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        try:
            more = stream.recv(count - len(found))
        except OSError:
            return b""
        if not more:
            return b""
        found += more
    return found


def startup(**parameters: str) -> bytes:
    """The first message of a client."""
    pairs = b"".join(f"{name}\0{value}\0".encode() for name, value in parameters.items()) + b"\0"
    return struct.pack("!II", 8 + len(pairs), _STARTUP_VERSION) + pairs
