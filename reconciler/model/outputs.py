"""What a tenant's application has to know of the organisation: endpoints and ids, never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from reconciler.model.secret import Destination


class Known(NamedTuple):
    """A live object: the vendor's id, and what people call it now."""

    id: str
    name: str


class KnownClient(NamedTuple):
    """A live client. `secret` says where its secret lies (None: nowhere that we know of).

    `awaited` is true while the secret has not arrived there.
    """

    id: str
    name: str
    secret: Destination | None
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Outputs:
    """The ids of one tenant, sorted by what its manifest calls them.

    `clients` by key; `divisions` by reference: the key of its own, `owner/key` of any other that its
    grants name. Hosts are without a scheme.
    """

    tenant: str
    organization_id: str
    region: str
    api_host: str
    login_host: str
    clients: Mapping[str, KnownClient]
    divisions: Mapping[str, Known]
