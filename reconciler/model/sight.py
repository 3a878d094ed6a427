"""Sights: what a token can be shown, as data; for trying what a proof says.

Permissions and paths are those of the vendor's API definition (`x-genesys-permissions`); tests hold the
table against its excerpt.
"""

from __future__ import annotations

from typing import NamedTuple

from reconciler.model.value import Json

_UNITS = "/api/v2/workforcemanagement"
_OPEN_UNITS = ("wfm:*:*", "coaching:appointment:*", "learning:assignment:*")


class Sight(NamedTuple):
    """A list that a permission opens.

    `single` is the path of one object with `{id}`, "" where there is none that the same permission opens;
    `opened` are patterns of permissions that open the list as well; not every one of them need do so.
    """

    type: str
    permission: str
    path: str
    single: str = ""
    paged: bool = True
    opened: tuple[str, ...] = ()


SIGHTS = (
    Sight("queues", "routing:queue:view", "/api/v2/routing/queues", "/api/v2/routing/queues/{id}"),
    Sight("queues", "routing:queue:search", "/api/v2/routing/queues/divisionviews"),
    Sight(
        "wrap-up codes",
        "routing:wrapupCode:view",
        "/api/v2/routing/wrapupcodes",
        "/api/v2/routing/wrapupcodes/{id}",
    ),
    Sight(
        "wrap-up codes",
        "routing:wrapupCode:search",
        "/api/v2/routing/wrapupcodes/divisionviews",
        "/api/v2/routing/wrapupcodes/divisionviews/{id}",
    ),
    Sight("flows", "architect:flow:view", "/api/v2/flows", "/api/v2/flows/{id}"),
    Sight("flows", "architect:flow:search", "/api/v2/flows/divisionviews"),
    Sight(
        "data tables", "architect:datatable:view", "/api/v2/flows/datatables", "/api/v2/flows/datatables/{id}"
    ),
    Sight(
        "data tables",
        "architect:datatable:search",
        "/api/v2/flows/datatables/divisionviews",
        "/api/v2/flows/datatables/divisionviews/{id}",
    ),
    Sight(
        "business units",
        "wfm:businessUnit:view",
        f"{_UNITS}/businessunits",
        f"{_UNITS}/businessunits/{{id}}",
        paged=False,
        opened=_OPEN_UNITS,
    ),
    Sight("business units", "wfm:businessUnit:search", f"{_UNITS}/businessunits/divisionviews", paged=False),
    Sight(
        "management units",
        "wfm:managementUnit:view",
        f"{_UNITS}/managementunits",
        f"{_UNITS}/managementunits/{{id}}",
        paged=False,
        opened=_OPEN_UNITS,
    ),
    Sight(
        "management units",
        "wfm:managementUnit:search",
        f"{_UNITS}/managementunits/divisionviews",
        paged=False,
    ),
)
"""Every list that is tried, each where its permission is held."""

OPEN = {
    "people": "/api/v2/users",
    "groups": "/api/v2/groups",
    "divisions": "/api/v2/authorization/divisions",
}
"""Lists that need no permission: they are counted, never kept."""

PATHS = (*(each.path for each in SIGHTS), *OPEN.values())
"""What a read-only connection has to let through, with what lies directly below."""


def wall_of(raw: Json) -> str:
    """The id of the division that a listed object says it lies in, `*` for every one, "" for none said."""
    said = raw.get("division")
    return (said.get("id") or "") if isinstance(said, dict) else ""
