"""Tokens of a program: how it gets them, what they are good for, and for how long."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Way(StrEnum):
    """By what a program gets its tokens."""

    SECRET = "its own secret"
    USERS = "its users, by a code"
    IMPLICIT = "its users, in an address line"
    PASSWORD = "a password that it keeps"
    OTHER = "another way"


class Tokens(NamedTuple):
    """How one program gets its tokens, and what they are.

    `seconds` is how long a token of it lives; `scopes` bound what it may do with its users' access,
    where anything does; `ends` is when the organisation will take it away (ISO 8601), "" for never;
    `made` when it was made, "" where the organisation does not say.
    """

    way: Way
    seconds: int
    scopes: frozenset[str]
    ends: str = ""
    made: str = ""
