"""Shelves: what is read of an organisation to tell where its objects lie, as data.

Paths, permissions and fields are those of the vendor's API definition; tests hold the table against its
excerpt.
"""

from __future__ import annotations

from typing import NamedTuple

from reconciler.model.sight import SIGHTS, Sight, wall_of
from reconciler.model.stock import Gathering, Item
from reconciler.model.value import Json


class Inside(NamedTuple):
    """The people inside an object: the path of their list with `{id}`, and whether it has pages.

    Pages have numbers and no totals: the last is empty, or names no next one. A short one need not be.
    """

    path: str
    paged: bool


class Shelf(NamedTuple):
    """One sort of object: the list of all there are, and the people in each, where anybody can be."""

    sort: str
    sight: Sight
    inside: Inside | None = None


QUEUE, CODE, FLOW, TABLE = "queue", "wrap-up code", "flow", "data table"
BUSINESS, MANAGEMENT = "business unit", "management unit"
DIVISION = "deleted division"

_INSIDE = {
    QUEUE: Inside("/api/v2/routing/queues/{id}/members", paged=True),
    MANAGEMENT: Inside("/api/v2/workforcemanagement/managementunits/{id}/users", paged=False),
}
_WHOLE = {each.type.removesuffix("s"): each for each in reversed(SIGHTS)}
"""Of several lists of one type the first: it shows each object whole."""

SHELVES = tuple(
    Shelf(sort, _WHOLE[sort], _INSIDE.get(sort)) for sort in (QUEUE, CODE, FLOW, TABLE, BUSINESS, MANAGEMENT)
)

GROUPS = "/api/v2/groups"
DELETED = "/api/v2/authorization/divisions/deleted"
USAGE = "/api/v2/oauth/clients/{id}/usage/summary"
RESULT = "/api/v2/oauth/clients/{id}/usage/query/results/{query}"
"""`USAGE` begins a count over the last `days`; its answer holds the id of the query that `RESULT` is of."""

COLLECTIONS = (*(each.sight.path for each in SHELVES), *(each.inside.path for each in SHELVES if each.inside))
"""What a read-only connection has to let through for it, beside what every run may read."""


def item_of(sort: str, raw: Json) -> Item:
    """A listed object. Source: QueueEntityListing and its like, ManagementUnitListing."""
    above = raw.get("businessUnit") or {}
    return Item(raw["id"], raw.get("name") or raw["id"], sort, wall_of(raw), above.get("id") or "")


def gathering_of(raw: Json) -> Gathering:
    """A listed group. Source: GroupEntityListing."""
    hidden = raw.get("visibility", "public") != "public"
    return Gathering(raw["id"], raw.get("name") or raw["id"], hidden, raw.get("rolesEnabled") is False)


def is_complete(raw: Json) -> bool:
    """Whether a result has been counted to its end. Source: ApiUsageQueryResult."""
    return bool(raw.get("queryStatus") == "Complete")


def calls_since(raw: Json, day: str) -> int:
    """How many requests a result counts on that day (ISO 8601) and later; what has no day is late."""
    rows = raw.get("results") or ()
    return sum(row.get("requests") or 0 for row in rows if (row.get("date") or "~")[:10] >= day)


def last_call(raw: Json) -> str:
    """The last day (ISO 8601) of which a result counts anything; "" for none."""
    rows = raw.get("results") or ()
    return max(((row.get("date") or "")[:10] for row in rows if row.get("requests")), default="")
