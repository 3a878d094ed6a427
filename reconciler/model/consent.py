"""What consent a plan needs: by what it does to access, secrets and objects, not by files touched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple, get_args

from reconciler.model.address import ORG, Address

Consent = Literal["none", "decrease", "increase", "org-wide", "cross-tenant", "policy", "sink", "destructive"]
"""Each graver than the one before it. `none`: nobody's access, no secret and no object is at stake."""

GRAVITY: tuple[Consent, ...] = get_args(Consent)


class Ground(NamedTuple):
    """Why a plan needs that consent: whose it is, as an address or a title, and what happens, in words.

    `asked` are those who have to agree: tenants and `org` by name, and who answers for a share or an
    exception, as it is written there.
    """

    consent: Consent
    address: str
    message: str
    asked: tuple[str, ...] = ()


def owner_of(subject: str) -> str:
    """Whose an address is; what has none, such as a group, is the organisation's."""
    try:
        return Address.parse(subject.strip("{}")).owner
    except ValueError:
        return ORG


def gravest(grounds: Iterable[Ground]) -> Consent:
    """The consent that a plan of these grounds needs."""
    return max((ground.consent for ground in grounds), key=GRAVITY.index, default="none")


def by_gravity(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    """The gravest first, then by address."""
    return tuple(sorted(grounds, key=lambda each: (-GRAVITY.index(each.consent), each)))


def asked(grounds: Iterable[Ground]) -> tuple[str, ...]:
    """All who have to agree, each once, in the order of the grounds."""
    return tuple(dict.fromkeys(each for ground in grounds for each in ground.asked))


def document(grounds: Iterable[Ground]) -> dict[str, Any]:
    """The approval as it stands in JSON; `classes` and `asked` are all that occur, the gravest first."""
    listed = by_gravity(grounds)
    return {
        "class": gravest(listed),
        "classes": list(dict.fromkeys(ground.consent for ground in listed)),
        "asked": list(asked(listed)),
        "grounds": [_ground(each) for each in listed],
    }


def _ground(ground: Ground) -> dict[str, Any]:
    return {
        "class": ground.consent,
        "address": ground.address,
        "message": ground.message,
        "asked": list(ground.asked),
    }
