"""A sink over a client that blocks: beside the event loop, and with errors that quote nothing.

Libraries put request bodies into their exceptions and debug logs. So no exception of theirs leaves this
module, not even as a cause, and their loggers say warnings only.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from reconciler.errors import SinkError
from reconciler.model.secret import Credential, Destination, Held, Receipt
from reconciler.ports import Kept

T = TypeVar("T")
SECONDS = 10
"""How long a server may take to connect, and to answer."""


class Problem(NamedTuple):
    """What happened, in words of ours, and what to do."""

    what: str
    remedy: str


class Place(Protocol):
    """One kind of sink, blocking. It raises `SinkError`, or what its library does: `explain` has words."""

    def reserve(self, path: str) -> None:
        """Prove that the place can be written."""

    def deliver(self, path: str, credential: Credential) -> None:
        """Store it, and see it stored."""

    def status(self, path: str) -> Held | None:
        """What is there."""

    def explain(self, error: Exception) -> Problem | None:
        """An error of the library in words of ours, without a word of the server's; None for any other."""


class Readable(Place, Protocol):
    """One that hands secrets out again."""

    def fetch(self, path: str) -> Kept | None:
        """The credential there; None where nothing is."""


P = TypeVar("P", bound=Place)
R = TypeVar("R", bound=Readable)


class RemoteSink(Generic[P]):
    """Implements `ports.SecretSink`. `connect` makes the place on first use: it may import a library.

    `singly` asks it one thing at a time, for a library whose clients threads cannot share.
    """

    def __init__(self, connect: Callable[[], P], *, singly: bool = False) -> None:
        self._connect, self._lock = connect, threading.Lock()
        self._turn: AbstractContextManager[Any] = threading.Lock() if singly else nullcontext()
        self._place: P | None = None

    async def reserve(self, destination: Destination) -> None:
        """Prove that the place can be written; raises `SinkError`."""
        await self._at(destination, lambda place: place.reserve(destination.path))

    async def deliver(self, destination: Destination, credential: Credential) -> Receipt:
        """Store it, or replace what is there; raises `SinkError`."""
        await self._at(destination, lambda place: place.deliver(destination.path, credential))
        return Receipt(destination.sink, destination.path)

    async def status(self, destination: Destination) -> Held | None:
        """What is there, told without the secret; raises `SinkError`."""
        return await self._at(destination, lambda place: place.status(destination.path))

    async def _at(self, destination: Destination, deed: Callable[[P], T]) -> T:
        answer, problem = await asyncio.to_thread(self._attempt, deed)
        if problem is not None:  # raised outside any handler: it has no context that could tell
            raise SinkError(f"{destination.sink} {destination.path}: {problem.what}", remedy=problem.remedy)
        return answer  # type: ignore[return-value]  # one of the two is there

    def _attempt(self, deed: Callable[[P], T]) -> tuple[T | None, Problem | None]:
        place = None
        try:
            place = self._opened()
            with self._turn:
                return deed(place), None
        except SinkError as error:
            return None, Problem(error.message, error.remedy)
        except Exception as error:
            said = place.explain(error) if place else None
            return None, said or _unforeseen(error)

    def _opened(self) -> P:
        with self._lock:
            if self._place is None:
                self._place = self._connect()
                _hush()
            return self._place


class RemoteSource(RemoteSink[R]):
    """Implements `ports.SecretSource` besides."""

    async def fetch(self, destination: Destination) -> Kept:
        """The credential that was delivered there; raises `SinkError`."""
        found = await self._at(destination, lambda place: place.fetch(destination.path))
        if found is None:
            raise SinkError(f"there is no credential at {destination.sink} {destination.path}")
        return found


def _unforeseen(error: Exception) -> Problem:
    return Problem(
        f"something unforeseen happened ({type(error).__name__}); what it says is not shown",
        "try the sink by hand with the same credentials; report it with the name in brackets",
    )


def _hush() -> None:
    for name in ("boto3", "botocore", "urllib3", "requests", "github"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
