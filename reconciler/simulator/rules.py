"""Rules that several operations share: names, descriptions, references, and who may hand on what.

The holding rules are §8 of the fact sheet: who puts a pair on a client must hold it, and who edits a client
must hold what it holds. Which of them the vendor enforces on the subjects API, and with which status, is
open.
"""

from collections.abc import Iterable

from reconciler.simulator.access import EVERYWHERE
from reconciler.simulator.call import Call
from reconciler.simulator.errors import ApiError, bad_request, invalid_value, missing_all, not_found
from reconciler.simulator.world import Pair, World

HOLDERS = {"PC_USER": "users", "PC_GROUP": "groups", "PC_OAUTH_CLIENT": "clients"}
"""Subject types that can be granted something, and the tables their subjects stand in."""
SUBJECTS = HOLDERS | {"PC_TRUSTEE_USER": "trustees", "PC_TRUSTEE_GROUP": "trustees"}
"""Subject types that can hold something."""


def check_text(call: Call, name: str, description: str) -> None:
    """A name is not blank; a description fits the `description-limit` switch."""
    if not name.strip():
        raise invalid_value("name", "must not be blank")
    limit = call.org.switches["description-limit"]
    if limit != "none" and len(description) > int(limit):
        raise invalid_value("description", f"must be at most {limit} characters")


def check_unique(call: Call, table: str, name: str, own: str = "") -> None:
    """Refuse a name another row has, ignoring case, as the `duplicate-names` switch says."""
    rule = call.org.switches["duplicate-names"]
    kept = call.org.on("deleted-division-name", "kept") and table == "divisions"
    tables = [table, "deleted_divisions"] if kept else [table]
    rows = [row for each in tables for row in call.org.live.table(each).find(name.casefold())]
    if rule == "allow" or all(row["id"] == own for row in rows):
        return
    if rule == "bad400":
        raise bad_request(f"name {name!r} is already in use")
    raise ApiError(409, "conflict", "name {name} is already in use", {"name": name})


def check_pairs_exist(call: Call, pairs: Iterable[Pair]) -> None:
    """404 for a pair that names a role or division that is gone, or too fresh to be seen."""
    for role, division in pairs:
        if not _known(call, "roles", role):
            raise not_found("role", role)
        if division != EVERYWHERE and not _known(call, "divisions", division):
            raise not_found("division", division)


def _known(call: Call, table: str, key: str) -> bool:
    worlds: tuple[World, ...] = (call.org.live, call.seen)
    return all(key in world.table(table).rows for world in worlds)


def check_subject(call: Call, subject: str) -> None:
    """404 for an id that is nobody's who can hold something."""
    if not any(subject in call.seen.table(table).rows for table in SUBJECTS.values()):
        raise not_found("subject", subject)


def check_room(call: Call, pairs: int) -> None:
    """400 `max.role.assignments.exceeded` for more pairs than a subject may hold."""
    most = call.org.fact("limits")["grantsPerSubject"]
    if pairs > most:
        text = "a subject may have at most {limit} role assignments"
        raise ApiError(400, "max.role.assignments.exceeded", text, {"limit": str(most)})


def _check_held(call: Call, pairs: Iterable[Pair], why: str) -> None:
    missing = sorted(pair for pair in pairs if not call.caller.access.holds(pair))
    if not missing:
        return
    shown = ", ".join(f"{role} in {division}" for role, division in missing[:5])
    params = {"why": why, "pairs": shown, "count": str(len(missing))}
    status = int(call.org.switches["holding-status"])
    code = "not.authorized" if status == 403 else "bad.request"
    raise ApiError(status, code, "{why}; missing {count} role assignment(s): {pairs}", params)


def check_may_put(call: Call, pairs: Iterable[Pair]) -> None:
    """The caller holds every pair it puts on a client (switch `operator-must-hold`)."""
    if call.org.on("operator-must-hold", "on"):
        _check_held(call, pairs, "you can only assign roles that you have")


def check_may_edit(call: Call, client: str) -> None:
    """The caller holds every pair the client holds (switch `editor-must-hold`)."""
    if call.org.on("editor-must-hold", "on"):
        _check_held(call, call.org.live.pairs(client), "you need the roles of a client to edit it")


def check_may_grant(call: Call, subject: str, pairs: Iterable[Pair]) -> None:
    """The subjects API: granting to oneself, what one does not hold, and per division."""
    pairs = list(pairs)
    if subject == call.caller.id and call.org.on("self-grant", "refused"):
        raise ApiError(403, "not.authorized", "you cannot change your own role assignments")
    if call.org.on("subject-must-hold", "on"):
        _check_held(call, pairs, "you can only assign roles that you have")
    granting_divisions(call, "authorization:grant:add", pairs)


def check_takes_roles(call: Call, subject: str) -> None:
    """A group whose roles are switched off takes no more (switch `roles-disabled-groups`)."""
    group = call.org.live.groups.rows.get(subject)
    if group and not group["rolesEnabled"] and call.org.on("roles-disabled-groups", "refused"):
        raise bad_request(f"roles are not enabled for the group {group['name']!r}")


def granting_divisions(call: Call, permission: str, pairs: Iterable[Pair]) -> None:
    """With the role setting `authorizationGrantDivisionAware`, granting is checked per division."""
    if not call.org.fact("settings")["authorizationGrantDivisionAware"]:
        return
    if any(not call.caller.access.allows(permission, division) for _, division in pairs):
        raise missing_all([permission])
