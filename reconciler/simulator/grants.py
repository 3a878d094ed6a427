"""Granting and revoking through the subjects and roles API (§7)."""

from reconciler.simulator.access import EVERYWHERE
from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import bad_request, not_found
from reconciler.simulator.rules import (
    HOLDERS,
    check_may_grant,
    check_pairs_exist,
    check_room,
    check_takes_roles,
    granting_divisions,
)
from reconciler.simulator.world import Grant, Pair

_DELETE = "authorization:grant:delete"


def _kind(call: Call, subject: str) -> str:
    """The `subjectType` of the query (PC_USER when missing); 404 when none of that type is there."""
    kind = call.query.text("subjectType") or "PC_USER"
    if kind not in HOLDERS:
        raise bad_request(f"subjectType must be one of {', '.join(HOLDERS)}", "invalid.query.param.value")
    check_there(call, kind, subject)
    return kind


def check_there(call: Call, kind: str, subject: str) -> None:
    """404 unless there is such a subject of this type now."""
    row = call.org.live.table(HOLDERS[kind]).rows.get(subject)
    if row is None or row.get("state") == "deleted":
        raise not_found(kind, subject)


def _known_kind(call: Call, subject: str) -> str:
    """The type of a subject that is not told."""
    if subject in call.org.live.trustees.rows:
        return f"PC_TRUSTEE_{call.org.live.trustees.rows[subject]['type'].upper()}"
    for kind, table in HOLDERS.items():
        if subject in call.org.live.table(table).rows:
            return kind
    raise not_found("subject", subject)


def _pairs(call: Call) -> list[Pair]:
    return [(grant["roleId"], grant["divisionId"]) for grant in call.body["grants"]]


def _path_pair(call: Call) -> Pair:
    if call.path["divisionId"] == EVERYWHERE and call.org.on("star-in-path", "refused"):
        raise bad_request("* is not a division id in a path")
    return call.path["roleId"], call.path["divisionId"]


def add_pairs(call: Call, kinds: dict[str, str], pairs: list[Pair]) -> None:
    """The pairs to every subject, each with its type: to all of them or, refused, to none."""
    widened = {subject: _widened(call, subject, pairs) for subject in kinds}
    for subject, held in widened.items():
        if len(held) > len(call.org.live.pairs(subject)):
            call.org.set_pairs(subject, kinds[subject], held)


def _widened(call: Call, subject: str, pairs: list[Pair]) -> dict[Pair, Grant]:
    """What a subject holds once the pairs are added. Raises when they may not be."""
    check_pairs_exist(call, pairs)
    check_may_grant(call, subject, pairs)
    held = call.org.live.pairs(subject)
    made = Grant(call.org.clock.stamp(), by_client=False)
    wanted = held | {pair: made for pair in pairs if pair not in held}
    check_room(call, len(wanted))
    if len(wanted) > len(held):
        check_takes_roles(call, subject)
    return wanted


def _grant(call: Call) -> None:
    subject = call.path["subjectId"]
    add_pairs(call, {subject: _kind(call, subject)}, [_path_pair(call)])


def _bulk_add(call: Call) -> None:
    subject = call.path["subjectId"]
    add_pairs(call, {subject: _kind(call, subject)}, _pairs(call))


def _revoke(call: Call) -> None:
    """404 when the subject does not hold the pair directly."""
    subject, pair = call.path["subjectId"], _path_pair(call)
    held = call.org.live.pairs(subject)
    if pair not in held:
        raise not_found("grant", f"{pair[0]} in {pair[1]}")
    granting_divisions(call, _DELETE, [pair])
    _keep(call, subject, {each: grant for each, grant in held.items() if each != pair})


def _keep(call: Call, subject: str, pairs: dict[Pair, Grant]) -> None:
    call.org.set_pairs(subject, _known_kind(call, subject), pairs)


def _bulk_remove(call: Call) -> None:
    """All or nothing: 404 when a named role or division is gone; pairs that are not held are passed over."""
    subject, pairs = call.path["subjectId"], _pairs(call)
    _known_kind(call, subject)
    check_pairs_exist(call, pairs)
    granting_divisions(call, _DELETE, pairs)
    held = call.org.live.pairs(subject)
    _keep(call, subject, {pair: grant for pair, grant in held.items() if pair not in set(pairs)})


def _bulk_replace(call: Call) -> None:
    """Set the direct grants exactly; inherited ones stay with the group."""
    subject, pairs = call.path["subjectId"], _pairs(call)
    kind, held = _kind(call, subject), call.org.live.pairs(subject)
    check_pairs_exist(call, pairs)
    new = [pair for pair in pairs if pair not in held]
    check_may_grant(call, subject, new)
    if new:
        check_takes_roles(call, subject)
    granting_divisions(call, _DELETE, [pair for pair in held if pair not in pairs])
    check_room(call, len(set(pairs)))
    made = Grant(call.org.clock.stamp(), by_client=False)
    call.org.set_pairs(subject, kind, {pair: held.get(pair, made) for pair in pairs})


def _grant_role(call: Call) -> None:
    """A role to every subject in every division of the body."""
    role, divisions = call.path["roleId"], call.body["divisionIds"]
    kinds = {subject: _kind(call, subject) for subject in call.body["subjectIds"]}
    add_pairs(call, kinds, [(role, division) for division in divisions])


OPERATIONS: dict[str, Handler] = {
    "post_authorization_subject_division_role": _grant,
    "delete_authorization_subject_division_role": _revoke,
    "post_authorization_subject_bulkadd": _bulk_add,
    "post_authorization_subject_bulkremove": _bulk_remove,
    "post_authorization_subject_bulkreplace": _bulk_replace,
    "post_authorization_role": _grant_role,
}
