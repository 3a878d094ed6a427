"""Addresses: our own names for things, never an id of the organisation.

    name     = [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?
    address  = owner "/" kind "/" key [ "~next" | "~old" ]
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

NEXT, OLD = "~next", "~old"
"""Behind a key: the successor of an overlapping rotation, and its predecessor once it has retired."""

_NAME = re.compile(NAME_PATTERN)


def is_name(text: str) -> bool:
    """Whether `text` may name an organisation, tenant, profile or key."""
    return _NAME.fullmatch(text) is not None


class Address(NamedTuple):
    """`<owner>/<kind>/<key>`: stable in the manifests, whatever people call the object in Genesys.

    While a rotation overlaps, one entry has two objects: the key of one of them ends in `~next` or `~old`.
    """

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
        names = [*parts[:-1], parts[-1].removesuffix(NEXT).removesuffix(OLD)]
        if len(parts) != 3 or not all(map(is_name, names)):
            raise ValueError(f"`{text}` is not an address; expected <owner>/<kind>/<key>")
        return cls(*parts)

    @property
    def entry(self) -> Address:
        """The address of the manifest entry that it belongs to: without `~next` or `~old`."""
        return self._replace(key=self.key.partition("~")[0]) if "~" in self.key else self

    @property
    def part(self) -> str:
        """`~next`, `~old`, or "" for what most addresses are."""
        return self.key[self.key.index("~") :] if "~" in self.key else ""

    def beside(self, part: str) -> Address:
        """The address of the same entry's object of that part."""
        return self._replace(key=self.entry.key + part)


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
            self.owner == address.owner
            and self.kind in ("", address.kind)
            and self.key in ("", address.key, address.entry.key)
        )
