"""What our own client returned: which pairs, and whether the organisation still shows them."""

from __future__ import annotations

from reconciler.engine.lookup import pairs_of
from reconciler.model.address import OPERATOR
from reconciler.model.kind import Registry
from reconciler.model.plan import Operation
from reconciler.model.value import Json
from reconciler.ports import OrgApi

Pairs = frozenset[tuple[str, str]]
"""(role id, division id)."""


def returned_by(operation: Operation, path: str, body: Json) -> Pairs:
    """The pairs that a request of our own client's grants returned; none when it took them."""
    if operation.address != OPERATOR or "/bulkadd" in path:
        return frozenset()
    if body is not None:
        return frozenset((grant["roleId"], grant["divisionId"]) for grant in body["grants"])
    *_, division, _, role = path.split("/")
    return frozenset({(role, division)})


async def still_held(api: OrgApi, registry: Registry, operator: str, returned: Pairs) -> str:
    """How many of the returned pairs the organisation still shows, in words; "" for none."""
    view = next(view for kind in registry if (view := kind.collection.second))
    left = returned & (await pairs_of(api, view, operator)).keys()
    return f"{len(left)} borrowed still shown" if left else ""
