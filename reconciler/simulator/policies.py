"""Access policies: who may or may not do what under which conditions, org-wide and read only (§6, §13).

They are shown as the seed says them and enforced never, as in an organisation that has not switched them on.
A policy that names everybody names no subject, and a group's is not its members'. The attributes a target
accepts are those its policies look at; the vendor has more.
"""

from collections.abc import Callable, Collection

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import not_found
from reconciler.simulator.paging import cursor_page
from reconciler.simulator.rules import check_subject
from reconciler.simulator.world import Row


def _show(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "attributes"}


def _chosen(call: Call, lets: Callable[[Row], bool]) -> Row:
    rows = [row for row in call.seen.policies.rows.values() if lets(row)]
    return cursor_page(call, rows, _show, backwards=False)


def _list(call: Call) -> Row:
    return _chosen(call, lambda row: True)


def _of_subject(call: Call) -> Row:
    subject = call.path["subjectId"]
    check_subject(call, subject)
    return _chosen(call, lambda row: _names(row, subject))


def _names(row: Row, subject: str) -> bool:
    return bool(row["subject"].get("id") == subject)


def _by_target(call: Call) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in call.seen.policies.rows.values():
        found.setdefault(row["targetResource"], []).append(row)
    return found


def _targets(call: Call) -> Row:
    targets = {
        name: {"description": name, "policyAttributes": _attributes(rows)}
        for name, rows in sorted(_by_target(call).items())
    }
    return {"baseAttributes": [], "targetAttributes": targets}


def _attributes(rows: Collection[Row]) -> list[Row]:
    """Each attribute once, as the first policy has it."""
    found: dict[str, Row] = {}
    for each in (each for row in rows for each in row["attributes"]):
        found.setdefault(each["name"], each)
    return list(found.values())


def _target(call: Call) -> str:
    name = call.path["targetName"]
    if name not in _by_target(call):
        raise not_found("policy target", name)
    return name


def _of_target(call: Call) -> Row:
    target = _target(call)
    return _chosen(call, lambda row: bool(row["targetResource"] == target))


def _of_both(call: Call) -> Row:
    subject, target = call.path["subjectId"], call.path["targetName"]
    for row in _by_target(call).get(target, ()):
        if _names(row, subject):
            return _show(row)
    raise not_found("policy", f"{target} of {subject}")


def _found(call: Call) -> Row:
    row = call.seen.policies.rows.get(call.path["policyId"])
    if row is None:
        raise not_found("policy", call.path["policyId"])
    return row


def _get(call: Call) -> Row:
    return _show(_found(call))


def _attributes_of(call: Call) -> Row:
    row = _found(call)
    kept = {name: row[name] for name in ("id", "name", "presetAttributes")}
    return kept | {"policyAttributes": row["attributes"], "selfUri": f"{row['selfUri']}/attributes"}


OPERATIONS: dict[str, Handler] = {
    "get_authorization_policies": _list,
    "get_authorization_policies_subject_subject_id": _of_subject,
    "get_authorization_policies_targets": _targets,
    "get_authorization_policies_target": _of_target,
    "get_authorization_policies_target_subject_subject_id": _of_both,
    "get_authorization_policy": _get,
    "get_authorization_policy_attributes": _attributes_of,
}
