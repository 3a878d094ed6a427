"""From the organisation's answers to a live state: pure functions, no reading here.

Shapes: the vendor's published schemas of the same names (`OAuthClient`, `DomainPermissionCollection`,
`AuthzDivision` …).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.errors import OrgError, Unreadable, WrongOrganisation
from reconciler.model.kind import AnyKind, Registry, SecondView
from reconciler.model.manifest import Org
from reconciler.model.state import Live, Reading
from reconciler.model.value import Json, Value


def check_organisation(answer: Json, org: Org) -> str:
    """The organisation's name; raises `WrongOrganisation` when its id is not the pinned one."""
    found, name = answer.get("id") or "", answer.get("name") or ""
    if found != org.organization_id:
        raise WrongOrganisation(
            f"the credentials belong to organisation {found} ({name}), "
            f"but `organizationId` of {org.name} pins {org.organization_id}",
            remedy="use that organisation's credentials, or correct `organizationId` in the Org document",
        )
    return name


def catalogue(domains: Iterable[Mapping[str, Json]]) -> dict[str, bool]:
    """Each permission as `domain:entity:action`, and whether a division confines it."""
    return {
        f"{item['domain']}:{item['entityType']}:{item['action']}": bool(item.get("divisionAware"))
        for domain in domains
        for items in (domain.get("permissionMap") or {}).values()
        for item in items
    }


def reading(kind: AnyKind, entities: Iterable[Mapping[str, Json]], gap: str) -> Reading:
    """The live objects of a kind; tombstones are left out."""
    try:
        objects = tuple(kind.live(raw) for raw in entities if not kind.collection.gone(raw))
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(
            f"{kind.collection.path} holds an entity that is not what the vendor documents "
            f"({type(error).__name__}: {error})",
            remedy="repeat the run; if it stays so, report it with the version of this tool",
        ) from None
    return Reading(objects, gap)


def unreadable(gap: str, missing: int) -> str:
    """`gap`, and that so many objects are listed and answer 404: gone, or not there yet for every cache."""
    told = f"{missing} listed, but not there when read by id (deleted just now, or a cache lags behind)"
    return "; ".join(each for each in (gap, told if missing else "") if each)


def is_thin(kind: AnyKind, entities: Iterable[Mapping[str, Json]]) -> bool:
    """Whether the list leaves out what a body must have, so that objects are to be read singly."""
    needed = kind.collection.body_keys
    return any(not needed <= entity.keys() for entity in entities)


def may_be_ours(entity: Mapping[str, Json]) -> bool:
    """Whether a marker stands in the description, or might: the list does not show descriptions."""
    return "description" not in entity or "[reconciler:" in (entity["description"] or "")


def find_operator(
    org: Org, registry: Registry, readings: Mapping[str, Reading]
) -> tuple[Live, SecondView] | None:
    """The live object whose rights the plan counts on, and the view that shows them.

    None when it was not found in an incomplete reading; raises `OrgError` when it surely is not
    there, or is there more than once.
    """
    views = {kind.name: kind.collection.second for kind in registry if kind.collection.second}
    candidates = [live for name in views for live in readings[name].objects]
    pinned = [live for live in candidates if live.id == org.operator]
    found = pinned or [live for live in candidates if live.name == org.operator]
    if len(found) == 1 and (view := views[found[0].kind]):
        return found[0], view
    if not found and any(readings[name].gap for name in views):
        return None
    raise _no_operator(org, found)


def _no_operator(org: Org, found: list[Live]) -> OrgError:
    if not found:
        return OrgError(
            f"`operator.client` of {org.name} names `{org.operator}`, and there is no such client",
            remedy="create it (reconciler doctor --bootstrap says how), or correct `operator.client`",
        )
    return OrgError(
        f"`operator.client` of {org.name} names `{org.operator}`, and {len(found)} clients are called so: "
        + ", ".join(sorted(live.id for live in found)),
        remedy="put the id of the right one into `operator.client`",
    )


def with_second_view(live: Live, field: str, granted: Mapping[Value, str]) -> Live:
    """`live` with the union of both views in `field`, and in `elsewhere` what the first did not show."""
    listed: frozenset[Value] = live.fields[field]
    pairs = frozenset(granted)
    both = {**live.fields, field: listed | pairs}
    return replace(live, fields=both, elsewhere=pairs - listed, granted=granted)


def object_counts(divisions: Iterable[Mapping[str, Json]]) -> dict[str, Mapping[str, int]]:
    """Objects per division id and the vendor's type; a type of which there is none may be missing."""
    return {entity["id"]: entity.get("objectCounts") or {} for entity in divisions}
