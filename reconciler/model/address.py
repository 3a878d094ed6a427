"""Addresses: our own names for things, never an id of the organisation.

    name     = [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?
    address  = owner "/" kind "/" key
    selector = owner [ "/" kind [ "/" key ] ]

Source: the manifest grammar.
"""

from __future__ import annotations

import re
from typing import NamedTuple

NAME_PATTERN = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
"""What an organisation, tenant, profile or key may be called (1 to 40 characters)."""

ORG = "org"
"""The owner of what no tenant owns; no tenant may be called so."""

_NAME = re.compile(NAME_PATTERN)


def is_name(text: str) -> bool:
    """Whether `text` may name an organisation, tenant, profile or key."""
    return _NAME.fullmatch(text) is not None


class Address(NamedTuple):
    """`<owner>/<kind>/<key>`: stable in the manifests, whatever people call the object in Genesys."""

    owner: str
    kind: str
    key: str

    def __str__(self) -> str:
        """The form people read and type."""
        return f"{self.owner}/{self.kind}/{self.key}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `<owner>/<kind>/<key>`; raises ValueError with the expected form."""
        parts = text.split("/")
        if len(parts) != 3 or not all(map(is_name, parts)):
            raise ValueError(f"`{text}` is not an address; expected <owner>/<kind>/<key>")
        return cls(*parts)


OPERATOR = Address(ORG, "grant", "operator")
"""Our own client's grants: what it borrows to hand on, and returns."""


class Selector(NamedTuple):
    """A prefix of an address: an owner, an owner's kind, or one object."""

    owner: str
    kind: str = ""
    key: str = ""

    def __str__(self) -> str:
        """The form people read and type."""
        return "/".join(part for part in self if part)

    @classmethod
    def parse(cls, text: str) -> Selector:
        """Read `owner[/kind[/key]]`; raises ValueError with the expected form."""
        parts = text.split("/")
        if not 1 <= len(parts) <= 3 or not all(map(is_name, parts)):
            raise ValueError(f"`{text}` is not a selector; expected <owner>[/<kind>[/<key>]]")
        return cls(*parts)

    def matches(self, address: Address) -> bool:
        """Whether `address` lies below this prefix."""
        return (
            self.owner == address.owner and self.kind in ("", address.kind) and self.key in ("", address.key)
        )
