"""Reads where "nothing is there", or "not for you", is an answer and not an error."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.errors import Refused, Rejected
from reconciler.model.kind import SecondView
from reconciler.model.value import Json, Value
from reconciler.ports import Listing, OrgApi

_FORBIDDEN, _NOT_FOUND = 403, 404


async def find(api: OrgApi, path: str) -> Json | None:
    """The body, or None where nothing is (any more, or yet)."""
    try:
        return await api.read(path)
    except Rejected as rejection:
        if rejection.status != _NOT_FOUND:
            raise
        return None


async def pairs_of(api: OrgApi, view: SecondView, identity: str) -> Mapping[Value, str]:
    """The pairs that the second view shows, with their times; none where it knows no such subject."""
    answer = await find(api, view.path.format(id=identity))
    return {} if answer is None else view.pairs(identity, answer)


async def listed(
    api: OrgApi, path: str, what: str, query: Mapping[str, str] | None = None, *, paged: bool = True
) -> Listing:
    """Every entity; where we may not read it, or it is hidden from us, none and a gap about `what`."""
    try:
        return await api.list_all(path, query, paged=paged)
    except (Refused, Rejected) as refusal:
        if refusal.status not in (_FORBIDDEN, _NOT_FOUND):
            raise
        return Listing((), f"{what}: may not be read: {refusal.message}")
