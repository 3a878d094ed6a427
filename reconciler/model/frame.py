"""What stands around a plan: which manifests, seen with which eyes, and what ends soon.

It is told in every clothing. The digest leaves it out: none of it decides what happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from reconciler.model.origin import Origin


class Revision(NamedTuple):
    """The commit that is checked out, whole, and whether manifests differ from it."""

    commit: str
    dirty: bool = False


class Expiry(NamedTuple):
    """Something that somebody answers for and that ends within 30 days.

    `address` is whose it is, `what` says in words what ends; `expires` is the last day (YYYY-MM-DD, UTC), in
    `days` days.
    """

    expires: str
    days: int
    address: str
    what: str
    owner: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """`revision` is None outside a repository; `expiries` come by their day.

    `catalogue` is SHA-256 of the permission catalogue, "" where none was read; `unseen` says what the
    reader did not see.
    """

    revision: Revision | None = None
    catalogue: str = ""
    unseen: tuple[str, ...] = ()
    expiries: tuple[Expiry, ...] = ()


def document(frame: Frame) -> dict[str, Any]:
    """The fields that it adds to a document."""
    return {
        "revision": frame.revision._asdict() if frame.revision else None,
        "catalogue": frame.catalogue or None,
        "unseen": list(frame.unseen),
        "expiries": [_expiry(each) for each in frame.expiries],
    }


def _expiry(expiry: Expiry) -> dict[str, Any]:
    origin = str(expiry.origin) if expiry.origin else None
    return {**expiry._asdict(), "origin": origin}
