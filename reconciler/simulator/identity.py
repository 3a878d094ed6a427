"""Ids and secrets that look like the vendor's and are the same in every run."""

import hashlib
from base64 import urlsafe_b64encode
from uuid import UUID, uuid5

_NAMESPACE = UUID("0b8ae5cf-9d3f-4a55-8c8f-5a3d1f3f6c55")


def named_id(kind: str, name: str) -> str:
    """An id drawn from a kind and a name."""
    return str(uuid5(_NAMESPACE, f"{kind}/{name}"))


def seeded_id(organisation: str, kind: str, name: str) -> str:
    """The id of a seeded entity: no two organisations (by id) share one, whatever things are called."""
    return named_id(f"{organisation}/{kind}", name)


def former(client: str) -> str:
    """Under what the secret before the present one is kept."""
    return f"{client}/former"


def secret_for(seed: str) -> str:
    """A secret of 43 URL-safe characters drawn from `seed`."""
    return urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()).decode().rstrip("=")


def drawn(salt: str, sides: int) -> int:
    """A number from 0 to `sides` - 1, by lot and always the same for one `salt`."""
    return int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8]) % sides


class Sequence:
    """A counter that hands out ids, secrets and tokens; `count` is saved with the organisation."""

    def __init__(self, salt: str, count: int = 0) -> None:
        """`salt` keeps two organisations apart; `count` is how many were handed out."""
        self.salt, self.count = salt, count

    def _next(self, kind: str) -> str:
        self.count += 1
        return f"{self.salt}/{kind}/{self.count}"

    def new_id(self, kind: str) -> str:
        """A fresh UUID."""
        return str(uuid5(_NAMESPACE, self._next(kind)))

    def new_secret(self, kind: str) -> str:
        """A fresh secret of 43 characters."""
        return secret_for(self._next(kind))
