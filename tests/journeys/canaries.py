"""A world full of canaries, and everything that a run of it leaves behind to be searched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import reconciler.genesys
from reconciler.simulator.identity import Sequence
from tests.journeys.world import Ran, World
from tests.support.canary import awkward, finds
from tests.support.org import Wire

OPERATOR, DATABASE, PROXY = awkward(1), awkward(2), awkward(3)


def hear(patch: pytest.MonkeyPatch, secrets: list[str]) -> None:
    """Every secret and token that the organisation draws from here on, delivered or lost on the way."""
    draw = Sequence.new_secret

    def heard(own: Sequence, kind: str) -> str:
        secrets.append(draw(own, kind))
        return secrets[-1]

    patch.setattr(Sequence, "new_secret", heard)


class Canaries:
    """A world whose every secret is known: what people brought, and what the organisation handed out."""

    def __init__(self, make: Callable[..., World], patch: pytest.MonkeyPatch, **given: Any) -> None:
        self.secrets = [OPERATOR, DATABASE, PROXY]
        self._patch = patch
        hear(patch, self.secrets)
        self.world = make(client_secret=OPERATOR, **given)
        self.world.sign_in("operator", OPERATOR)
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
            patch.setenv(name, f"http://proxy:{PROXY}@127.0.0.1:9")
        self.said: list[str] = []

    def run(self, *words: str) -> Ran:
        """Type a command; what it says is kept to be searched."""
        ran = self.world.run(*words)
        self.said += [ran.out, ran.err]
        return ran

    def answers(self, change: Callable[[httpx.Request, httpx.Response], httpx.Response]) -> None:
        """From here on each answer of the organisation is what `change` makes of it."""
        inner = Wire(self.world.sim)

        async def answer(request: httpx.Request) -> httpx.Response:
            given = await inner.handle_async_request(request)
            await given.aread()
            return change(request, given)

        api = _Connected(httpx.MockTransport(answer))
        self._patch.setattr(reconciler.genesys, "GenesysApi", api)

    def leaked(self) -> list[tuple[str, str]]:
        """Where one stands, and how it is spelt: in anything said, asked for, and written."""
        assert self.said and len(self.secrets) > 3
        return [
            (place, find.spelling) for place, text in self._places() for find in finds(text, self.secrets)
        ]

    def _places(self) -> Iterator[tuple[str, str | bytes]]:
        yield from (("said", text) for text in self.said)
        yield "asked for", "\n".join(request.path for request in self.world.sim.requests)
        yield from ((str(path), path.read_bytes()) for path in self.files())

    def files(self) -> list[Path]:
        """Everything that was written, but by sinks."""
        everything = (path for path in self.world.place.rglob("*") if path.is_file())
        return [path for path in everything if self.world.secrets not in path.parents]


class _Connected:
    """The API over another transport."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    def __call__(self, *given: Any, **options: Any) -> Any:
        return reconciler.genesys.client.GenesysApi(*given, **options, transport=self._transport)


@contextmanager
def watched(notes: list[tuple[str, Any]]) -> Iterator[None]:
    """What the interpreter itself reports: files opened to be written, and programs started with what."""
    _NOTES.append(notes)
    try:
        yield
    finally:
        _NOTES.pop()


_NOTES: list[list[tuple[str, Any]]] = []


def audit(event: str, given: tuple[Any, ...]) -> None:
    """For `sys.addaudithook`, which nobody can take back: quiet while nobody watches."""
    if _NOTES and event in ("open", "subprocess.Popen", "os.exec", "os.posix_spawn", "tempfile.mkstemp"):
        _NOTES[-1].append((event, given))


def secret_of(request: httpx.Request, answer: httpx.Response) -> str:
    """What an unwise server would quote: the secret or token it just made, or the credential it was shown."""
    try:
        body = json.loads(answer.content)
    except ValueError:
        body = None
    made = body.get("secret") or body.get("access_token") if isinstance(body, dict) else None
    return str(made or request.headers.get("authorization", ""))
