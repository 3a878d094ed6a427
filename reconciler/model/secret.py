"""Secrets: a type that has no echo, and the receipt that one arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, NoReturn
from weakref import WeakSet

from reconciler.model.address import Address


class Secret:
    """A client secret on its one road from response to sink.

    It cannot be printed, formatted, compared, pickled, copied or turned into JSON; only a sink
    calls `reveal`. While it lives, `concealing` knows it and takes it out of what others wrote.
    """

    __slots__ = ("__weakref__", "_tell")

    def __init__(self, text: str) -> None:
        # Not as an attribute: what compares or shows objects field by field would show it.
        self._tell: Callable[[], str] = lambda: text
        _ALIVE.add(self)

    def reveal(self) -> str:
        """The secret itself. For sinks, for requests that need it, and for what takes it out of texts."""
        return self._tell()

    def __repr__(self) -> str:
        """Says only that there is one."""
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Never the secret."""
        return repr(self)

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("a secret cannot be pickled or copied")

    def __eq__(self, other: object) -> bool:
        """Identity only: comparing would tell."""
        return self is other

    def __hash__(self) -> int:
        """By identity."""
        return id(self)


_ALIVE: WeakSet[Secret] = WeakSet()


def alive() -> Iterator[Secret]:
    """Every secret that somebody in this process still holds."""
    return iter(tuple(_ALIVE))


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a client's secret goes: the sink's name and the path inside it, placeholders filled in.

    `store` tells what stands behind the name, `vault mount=kv`, so that it is reviewed with it.
    """

    sink: str
    path: str
    store: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a consumer needs to get a token; hosts without a scheme. `issued` is when it was made, UTC."""

    address: Address
    client_id: str
    secret: Secret
    region: str
    api_host: str
    login_host: str
    issued: datetime
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a secret arrived: the sink and the place, never the value."""

    sink: str
    place: str


class Held(NamedTuple):
    """What a place holds, told without the secret: "" or None wherever the sink cannot tell.

    `address` is the client's, as written; `nonce` was its birth's or rotation's; `issued` is when the
    secret was made, UTC; `version` is what the sink itself calls the present content.
    """

    client_id: str = ""
    address: str = ""
    nonce: str = ""
    issued: datetime | None = None
    version: str = ""
