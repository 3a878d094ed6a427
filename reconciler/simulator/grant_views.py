"""Grants as three lists show them: of a subject, of a role, of a division (§7).

`*` shows as a division with id and name `*`; how the vendor shows it is unknown (§12.4).
"""

from collections.abc import Iterator

from reconciler.simulator.access import EVERYWHERE, sources
from reconciler.simulator.call import Call, Handler
from reconciler.simulator.divisions import division_row
from reconciler.simulator.errors import not_found
from reconciler.simulator.paging import page
from reconciler.simulator.rules import SUBJECTS
from reconciler.simulator.world import Grant, Pair, Row, World


def division_ref(world: World, key: str) -> Row:
    """A division inside a grant; a deleted one keeps its name, `*` is itself."""
    row = world.divisions.rows.get(key) or world.deleted_divisions.rows.get(key)
    return row or division_row(key, key, "")


def division_name(world: World, key: str) -> Row:
    """A division inside an object or a subject's grants: id, name and address."""
    row = division_ref(world, key)
    return {name: row[name] for name in ("id", "name", "selfUri")}


def _role_ref(world: World, key: str, full: bool) -> Row:
    row = world.roles.rows.get(key)
    if row is None:
        return {"id": key, "name": key}
    shown = {name: row[name] for name in ("id", "name", "description", "default", "selfUri")}
    if full:
        shown["policies"] = [_policy(each) for each in row["permissionPolicies"]]
    return shown


def _policy(policy: Row) -> Row:
    """A policy inside a grant: without its conditions, and with another word for its actions."""
    named = {name: policy[name] for name in ("domain", "entityName") if name in policy}
    return named | {"actions": policy["actionSet"]}


def grant_row(world: World, subject: str, pair: Pair, grant: Grant, full: bool = False) -> Row:
    """An AuthzGrant; with `full` the role carries its policies."""
    return {
        "subjectId": subject,
        "division": division_ref(world, pair[1]),
        "role": _role_ref(world, pair[0], full),
        "grantMadeAt": grant.made_at,
    }


def _subject(world: World, key: str) -> Row:
    """The subject's row, whatever it is. Raises 404."""
    for table in SUBJECTS.values():
        row = world.table(table).rows.get(key)
        if row:
            return row
    raise not_found("subject", key)


def _grants(call: Call, subject: str) -> Iterator[Row]:
    """Direct and inherited grants; without `includeDuplicates` a pair shows once, direct before inherited."""
    all_of_them, full = call.query.flag("includeDuplicates"), call.query.flag("includeFullRoles")
    shown: set[Pair] = set()
    for source in sources(call.seen, subject):
        for pair, grant in call.seen.pairs(source).items():
            if all_of_them or pair not in shown:
                shown.add(pair)
                yield grant_row(call.seen, source, pair, grant, full)


def _show(call: Call, key: str) -> Row:
    row = _subject(call.seen, key)
    uri = f"/api/v2/authorization/subjects/{key}"
    return {"id": key, "name": row["name"], "grants": list(_grants(call, key)), "version": 1, "selfUri": uri}


def _of_subject(call: Call) -> Row:
    return _show(call, call.path["subjectId"])


def _of_me(call: Call) -> Row:
    """The caller's own grants; whether a client token sees any is a switch (§12.5)."""
    shown = _show(call, call.caller.id)
    return shown if call.org.on("own-view", "filled") else shown | {"grants": []}


def _of_role(call: Call) -> Row:
    role = call.path["roleId"]
    if role not in call.seen.roles.rows:
        raise not_found("role", role)
    return page(call, call.seen.grants.find(role), lambda row: _holder(call.seen, role, row))


def _holder(world: World, role: str, row: Row) -> Row:
    subject = world.table(SUBJECTS[row["type"]]).rows.get(row["subjectId"], {})
    divisions = [division_name(world, pair[1]) for pair in row["pairs"] if pair[0] == role]
    return {
        "id": row["subjectId"],
        "name": subject.get("name", ""),
        "divisions": divisions,
        "type": row["type"],
        "selfUri": f"/api/v2/authorization/subjects/{row['subjectId']}",
    }


def _of_division(call: Call) -> Row:
    """Page size up to 500, no URIs; whether `*` grants show is a switch."""
    division = call.path["divisionId"]
    if division not in call.seen.divisions.rows:
        raise not_found("division", division)
    wanted = (division, EVERYWHERE) if call.org.on("star-in-division-grants", "yes") else (division,)
    rows = [
        grant_row(call.seen, row["subjectId"], pair, grant)
        for each in wanted
        for row in call.seen.grants.find(each)
        for pair, grant in row["pairs"].items()
        if pair[1] == each
    ]
    return page(call, rows, lambda row: row, most=500, uris=False)


OPERATIONS: dict[str, Handler] = {
    "get_authorization_subject": _of_subject,
    "get_authorization_subjects_me": _of_me,
    "get_authorization_role_subjectgrants": _of_role,
    "get_authorization_division_grants": _of_division,
}
