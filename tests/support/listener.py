"""A server on loopback, in a thread of its own, for what real client libraries shall talk to."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self


class Asked(NamedTuple):
    """One request; `body` is decoded JSON, or None."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


class Answered(NamedTuple):
    """A status, a body that becomes JSON (None for none), and further headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


Fault = Callable[[Asked], Answered | None]
"""What is answered instead; None hangs up without a word."""


class Listener:
    """Answers what `answer` says, once `faults` are used up, one for each request.

    `asked` is every request, in order; nothing is answered while `hold` is cleared.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.hold = threading.Event()
        self.hold.set()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, asked: Asked) -> Answered:
        raise NotImplementedError

    def take(self, asked: Asked) -> Answered | None:
        self.hold.wait(20)
        with self._lock:
            self.asked.append(asked)
            return self.faults.pop(0)(asked) if self.faults else self.answer(asked)

    def encrypt(self, certificate: Path) -> None:
        """Speak TLS with this certificate and key; before the first request."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.url = self.url.replace("http:", "https:")

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()


def _handler(listener: Listener) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            answered = listener.take(Asked(self.command, self.path, headers, body))
            if answered is not None:
                self._send(answered)

        def _send(self, answered: Answered) -> None:
            content = b"" if answered.body is None else json.dumps(answered.body).encode()
            self.send_response(answered.status)
            named = {"content-type": "application/json", "content-length": str(len(content))}
            for name, value in (named | dict(answered.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815  # the base class names them so

        def log_message(self, *_: Any) -> None: ...

    return Handler
