"""What one call is, and what one failed attempt at it means: values, shared by the modules beside this."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.errors import OrgError, Unavailable

SEARCHES = frozenset({"/api/v2/groups/search", "/api/v2/users/search", "/api/v2/audits/query/realtime"})
"""Reads that the vendor made a POST."""

TOKEN_PATH = "/oauth/token"
"""Where tokens come from, on the login host."""

_POST = "POST"


class Call(NamedTuple):
    """A request as people know it: method, and path without its query."""

    method: str
    path: str

    def __str__(self) -> str:
        """As it stands in messages."""
        return f"{self.method} {self.path}"

    @property
    def reads(self) -> bool:
        """Whether it changes nothing. A token request counts as a read."""
        return self.method == "GET" or self.is_token or (self.method == _POST and self.path in SEARCHES)

    @property
    def is_token(self) -> bool:
        """Whether it asks the login server for a token."""
        return self == (_POST, TOKEN_PATH)


class Failure(Exception):
    """One attempt that failed, for `retrying`; it never leaves this package.

    `error` is what to raise if this was the last attempt, `attempts` how many such a call deserves,
    `after` the seconds the vendor asked to wait, `committed` whether a write may have been carried out.
    """

    def __init__(
        self, error: OrgError, *, attempts: int = 1, after: float | None = None, committed: bool = False
    ) -> None:
        self.error, self.attempts, self.after, self.committed = error, attempts, after, committed
        super().__init__(error.message)


TOKEN_RETURN = Call("DELETE", "/api/v2/tokens/me")
"""The end of the caller's own token: the one write that a read-only run may send."""


def ambiguous(call: Call, error: OrgError) -> Unavailable:
    """The error of a write that may have been carried out, whatever went wrong in the end."""
    if isinstance(error, Unavailable) and error.sent:
        return error
    return Unavailable(
        f"{call} may have been carried out: an attempt got no usable answer, and in the end {error.message}",
        sent=True,
        status=error.status,
        remedy="run again: the organisation is read before anything is repeated",
        correlation=error.correlation,
    )
