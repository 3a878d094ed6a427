"""Tokens: one for everybody, renewed before it ends, asked for once however many wait.

Source: §1 of the fact sheet on the API (client credentials grant).
"""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from reconciler.errors import OrgError, Unreadable, UsageError
from reconciler.model.secret import Secret
from reconciler.ports import Answer, Clock

FORM = b"grant_type=client_credentials"
"""The body of a token request."""

_BEARER = re.compile(r"[\x21-\x7e]+")
"""What may stand behind `Bearer`; a library that is given anything else quotes it in its error."""

_EARLY_SECONDS, _EARLY_SHARE = 60.0, 0.1
_SHORTEST_LIFE = 300
"""Seconds, where the answer does not say: the shortest the vendor knows."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An OAuth client that gets its own tokens."""

    client_id: str
    secret: Secret
    remedy: ClassVar[str] = (
        "check GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET and the region; "
        "the client must be active and of grant type CLIENT-CREDENTIALS"
    )

    def basic(self) -> str:
        """The `Authorization` header of a token request."""
        pair = f"{self.client_id}:{self.secret.reveal()}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token somebody brought; it cannot be renewed."""

    token: Secret
    remedy: ClassVar[str] = (
        "get a fresh token: GENESYSCLOUD_ACCESS_TOKEN has expired or was revoked, or is of another region"
    )

    def __post_init__(self) -> None:
        """Raises `UsageError` for a text that no header can carry, such as one with an end of line."""
        if not _BEARER.fullmatch(self.token.reveal()):
            raise UsageError(
                "GENESYSCLOUD_ACCESS_TOKEN holds what no token holds, such as a space or a line end",
                remedy="set it again, with nothing before or behind the token",
            )


class Token(NamedTuple):
    """A token, from when on a new one is wanted, and when it ends at the latest (monotonic seconds)."""

    text: Secret
    renew_at: float
    ends: float


def token_of(answer: Answer, asked_at: float, answered_at: float) -> Token:
    """The token of an answer; raises `Unreadable` where there is none.

    It began somewhere between `asked_at` and `answered_at`: it is renewed as if at first, and feared as
    if at last.
    """
    if answer.secret is None or not _BEARER.fullmatch(answer.secret.reveal()):
        raise Unreadable("the login server answered without an access token", remedy="check the endpoint")
    life = answer.body.get("expires_in")
    seconds = float(life) if isinstance(life, int) and life > 0 else float(_SHORTEST_LIFE)
    early = min(_EARLY_SECONDS, seconds * _EARLY_SHARE)
    return Token(answer.secret, asked_at + seconds - early, answered_at + seconds)


class Tokens:
    """The token in use. `fetch` makes one token request, with its repeats."""

    def __init__(self, fetch: Callable[[], Awaitable[Token]], clock: Clock) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = asyncio.Lock()
        self._last: Token | OrgError | None = None
        self._turn = 0

    async def current(self) -> Secret:
        """A token that is not about to end. Raises what the token request raised."""
        last = self._last
        if not isinstance(last, Token) or self._clock.monotonic() >= last.renew_at:
            last = await self._renewed(self._turn)
        return last.text

    @property
    def is_issued(self) -> bool:
        """Whether there is a token that somebody could use."""
        return isinstance(self._last, Token)

    def discard(self, stale: Secret | None = None) -> None:
        """Use it no more; with `stale`, only if that is still the one in use."""
        if isinstance(self._last, Token) and stale in (None, self._last.text):
            self._last = None

    async def _renewed(self, turn: int) -> Token:
        """A new token; who waited for somebody else's request shares its result, good or bad."""
        async with self._lock:
            if turn == self._turn or self._last is None:
                self._last = await self._outcome()
                self._turn += 1
            if isinstance(self._last, Token):
                return self._last
            raise self._last

    async def _outcome(self) -> Token | OrgError:
        try:
            return await self._fetch()
        except OrgError as error:
            return error
