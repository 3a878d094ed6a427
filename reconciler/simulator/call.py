"""One request on its way through an operation: who asks, for what, and the organisation it acts on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.simulator.access import Access
from reconciler.simulator.org import Organisation
from reconciler.simulator.query import Query
from reconciler.simulator.world import Row, World


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a client with its token, or an administrator with every right."""

    id: str
    name: str
    uri: str
    access: Access
    token: str = ""

    def ref(self) -> Row:
        """The caller as `modifiedBy` and `createdBy` show it."""
        return {"id": self.id, "name": self.name, "selfUri": self.uri}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed the permission check.

    `seen` is the organisation as reads see it; `org.live` is the present, which writes act on. `shift`
    entities have vanished from the head of a list since its first page, or were added if below 0 (a fault).
    """

    org: Organisation
    caller: Caller
    seen: World
    path: Mapping[str, str]
    query: Query
    body: Any = None
    shift: int = 0


Handler = Callable[[Call], Any]
"""An operation: a call to its JSON answer, None for an empty one. Raises ApiError."""
