"""The organisation itself, its limits, and its permission catalogue."""

import json
from functools import cache
from importlib.resources import files

from reconciler.simulator.access import EVERYWHERE, Access, access_of
from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import invalid_value, not_found
from reconciler.simulator.paging import page, unpaged
from reconciler.simulator.rules import check_subject
from reconciler.simulator.settings import parse_rate
from reconciler.simulator.world import Row

_PRODUCTS = ("collaboratePro", "communicate", "engage")
AWARE_GRADES = frozenset("ACD")
"""Grades of public evidence that a simulated organisation takes for division-aware."""


def _me(call: Call) -> Row:
    return call.org.fact("organization")


def _limits(call: Call) -> Row:
    """A few keys of a few namespaces; the vendor has many more."""
    namespace, limits = call.path["namespaceName"], call.org.fact("limits")
    known = {
        "platform.api": {"client.credentials.token.rate.per.minute": limits["requestsPerMinute"]},
        "authorization": {"divisions": limits["divisions"], "grants.per.subject": limits["grantsPerSubject"]},
        "auth.api": {"grants.per.subject": limits["grantsPerSubject"]},
    }
    if namespace not in known:
        raise not_found("namespace", namespace)
    rows = [{"key": key, "namespace": namespace, "value": value} for key, value in known[namespace].items()]
    return {"entities": rows}


def per_minute(rate_limit: str) -> int:
    """Requests a minute of a `300/60` setting, 0 for no limit."""
    requests, seconds = parse_rate(rate_limit)
    return int(requests * 60 / seconds)


@cache
def grades() -> dict[str, str]:
    """The grade of every known permission, see `reconciler/data/permissions.json`."""
    found = json.loads(files("reconciler").joinpath("data/permissions.json").read_text("utf-8"))
    return {name: entry["grade"] for name, entry in found["permissions"].items()}


@cache
def permissions() -> dict[str, list[str]]:
    """Every known permission by its domain."""
    found: dict[str, list[str]] = {}
    for name in grades():
        found.setdefault(name.partition(":")[0], []).append(name)
    return found


def aware(permission: str) -> bool:
    """Whether a division confines it, here; what nobody knows is confined by none."""
    return grades().get(permission, "") in AWARE_GRADES


@cache
def catalogue() -> list[Row]:
    """Every domain with its permissions by entity type."""
    domains: dict[str, dict[str, list[Row]]] = {}
    for name, grade in grades().items():
        domain, entity, action = name.split(":")
        domains.setdefault(domain, {}).setdefault(entity, []).append(_entry(domain, entity, action, grade))
    return [
        {"name": domain, "domain": domain, "permissionMap": entities}
        for domain, entities in sorted(domains.items())
    ]


def _entry(domain: str, entity: str, action: str, grade: str) -> Row:
    return {
        "domain": domain,
        "entityType": entity,
        "action": action,
        "label": f"{domain} > {entity} > {action}",
        "allowsConditions": False,
        "divisionAware": grade in AWARE_GRADES,
    }


def _permissions(call: Call) -> Row:
    """Paged by domain; `queryType` domain or permission with a comma list in `query`."""
    wanted = {part.strip() for part in (call.query.text("query") or "").split(",")} - {""}
    kind = call.query.text("queryType") or "domain"
    if kind not in ("domain", "permission"):
        raise invalid_value("queryType", "expected domain or permission")
    rows = catalogue()
    if wanted and kind == "domain":
        rows = [row for row in rows if row["domain"] in wanted]
    elif wanted:
        rows = [row for row in rows if not wanted.isdisjoint(_names(row))]
    return page(call, rows, lambda row: row)


def _names(row: Row) -> set[str]:
    entries = (entry for group in row["permissionMap"].values() for entry in group)
    return {f"{each['domain']}:{each['entityType']}:{each['action']}" for each in entries}


def _divisions(call: Call, access: Access) -> tuple[list[Row], bool]:
    """Where one permission is held, and whether that is everywhere; of an org-wide one, as a switch says."""
    permission = call.query.text("permission")
    if not permission:
        raise invalid_value("permission", "is required")
    where = access.where(permission)
    unbound = bool(where) and not aware(permission)
    everywhere = EVERYWHERE in where or (unbound and call.org.on("org-wide-permitted", "everywhere"))
    rows = call.seen.divisions.rows.values()
    return [row for row in rows if everywhere or row["id"] in where], everywhere


def _permitted(call: Call) -> Row:
    """Divisions in which the caller holds one permission."""
    return _paged(call, call.caller.access)


def _paged(call: Call, access: Access) -> Row:
    rows, everywhere = _divisions(call, access)
    return page(call, rows, lambda row: row) | {"allDivsPermitted": everywhere}


def _permitted_list(call: Call) -> list[Row]:
    """The deprecated list: whole, narrowed by a part of the name."""
    name = (call.query.text("name") or "").casefold()
    return [row for row in _divisions(call, call.caller.access)[0] if name in row["name"].casefold()]


def _permitted_of(call: Call) -> Row:
    """The deprecated question about somebody else, which needs no permission either."""
    subject = call.path["subjectId"]
    check_subject(call, subject)
    return _paged(call, access_of(call.seen, subject))


def _products(call: Call) -> Row:
    """What the vendor names as examples of products: here everything is licensed."""
    listed = unpaged(call.query, [{"id": name} for name in _PRODUCTS])
    return {name: value for name, value in listed.items() if name != "selfUri"}


OPERATIONS: dict[str, Handler] = {
    "get_authorization_products": _products,
    "get_organizations_me": _me,
    "get_organizations_limits_namespace": _limits,
    "get_authorization_permissions": _permissions,
    "get_authorization_divisionspermitted_me": _permitted_list,
    "get_authorization_divisionspermitted_paged_me": _permitted,
    "get_authorization_divisionspermitted_paged_subject_id": _permitted_of,
}
