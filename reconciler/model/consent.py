"""What consent a plan needs: by what it does to access, secrets and objects, not by files touched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args

Consent = Literal["none", "decrease", "increase", "org-wide", "cross-tenant", "policy", "sink", "destructive"]
"""Each graver than the one before it. `none`: nobody's access, no secret and no object is at stake."""

GRAVITY: tuple[Consent, ...] = get_args(Consent)


class Ground(NamedTuple):
    """Why a plan needs that consent: whose it is, as an address or a title, and what happens, in words."""

    consent: Consent
    address: str
    message: str


def gravest(grounds: Iterable[Ground]) -> Consent:
    """The consent that a plan of these grounds needs."""
    return max((ground.consent for ground in grounds), key=GRAVITY.index, default="none")


def by_gravity(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    """The gravest first, then by address."""
    return tuple(sorted(grounds, key=lambda each: (-GRAVITY.index(each.consent), each)))


def document(grounds: Iterable[Ground]) -> dict[str, Any]:
    """The approval as it stands in JSON; `classes` are those that occur, the gravest first."""
    listed = by_gravity(grounds)
    classes = list(dict.fromkeys(ground.consent for ground in listed))
    told = [{"class": each.consent, "address": each.address, "message": each.message} for each in listed]
    return {"class": gravest(listed), "classes": classes, "grounds": told}
