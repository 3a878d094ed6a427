"""OAuth clients: one unpaged list, full-replace updates, secrets shown once, inactive before deleted (§8).

Not imitated: the vendor removing inactive clients by itself, scopes, redirect URIs beyond storing them.
"""

from collections.abc import Iterable

from reconciler.simulator.call import Call, Handler
from reconciler.simulator.errors import ApiError, bad_request, invalid_value, not_found
from reconciler.simulator.identity import former
from reconciler.simulator.paging import unpaged
from reconciler.simulator.rules import (
    check_may_edit,
    check_may_put,
    check_pairs_exist,
    check_room,
    check_text,
)
from reconciler.simulator.world import Grant, Pair, Row, World

_PATH = "/api/v2/oauth/clients"
CREDENTIALS = "CLIENT-CREDENTIALS"
_SHORTEST, _LONGEST, _USUAL = 300, 172_800, 86_400
_TOMBSTONE_SECONDS = 7 * 86_400.0
_THIN = frozenset({"roleDivisions", "roleIds", "description", "scope", "registeredRedirectUri"})


def client_row(key: str, fields: Row, by: Row, at: str) -> Row:
    """A client as it is stored: without its grants and its secret."""
    dates = {"dateCreated": at, "dateModified": at, "createdBy": by, "modifiedBy": by}
    return {"id": key, **fields, **dates, "selfUri": f"{_PATH}/{key}"}


def shown_pairs(world: World, key: str, both_views: bool) -> list[Pair]:
    """The pairs `roleDivisions` shows; without `both_views` only those made through the client itself."""
    return [pair for pair, grant in world.pairs(key).items() if both_views or grant.by_client]


def _show(call: Call, world: World, row: Row) -> Row:
    pairs = shown_pairs(world, row["id"], call.org.on("bulkadd-visible", "yes"))
    shown = row | {"roleDivisions": [{"roleId": role, "divisionId": division} for role, division in pairs]}
    if call.org.on("role-ids-shown", "yes"):
        shown["roleIds"] = list(dict.fromkeys(role for role, _ in pairs))
    if call.org.on("secret-on-get", "empty"):
        shown["secret"] = ""
    elif call.org.on("secret-on-get", "shown"):
        shown["secret"] = call.org.secrets.get(row["id"], "")
    return shown


def _list(call: Call) -> Row:
    rows = [_show(call, call.seen, row) for row in call.seen.clients.rows.values()]
    if call.org.on("thin-clients", "on"):
        rows = [{name: value for name, value in row.items() if name not in _THIN} for row in rows]
    return unpaged(call.query, rows)


def _get(call: Call) -> Row:
    key = call.path["clientId"]
    if key not in call.seen.clients.rows:
        raise not_found("client", key)
    return _show(call, call.seen, call.seen.clients.rows[key])


def _found(call: Call) -> Row:
    """The live client of the path. Raises 404 for a missing or deleted one."""
    row = call.org.live.clients.rows.get(call.path["clientId"])
    if row is None or row["state"] == "deleted":
        raise not_found("client", call.path["clientId"])
    return row


def _fields(call: Call) -> Row:
    """Every field of the body; what is missing falls back to its default, as a full replace does."""
    body = call.body
    seconds = body.get("accessTokenValiditySeconds") or _USUAL
    check_text(call, body["name"], body.get("description") or "")
    if not _SHORTEST <= seconds <= _LONGEST:
        raise invalid_value("accessTokenValiditySeconds", f"must be {_SHORTEST} to {_LONGEST}")
    fields: Row = {
        "name": body["name"],
        "description": body.get("description") or "",
        "accessTokenValiditySeconds": seconds,
        "registeredRedirectUri": body.get("registeredRedirectUri") or [],
        "authorizedGrantType": body["authorizedGrantType"],
        "scope": body.get("scope") or [],
        "state": body.get("state") or "active",
    }
    return fields | ({"dateToDelete": body["dateToDelete"]} if body.get("dateToDelete") else {})


def _wanted(call: Call) -> list[Pair]:
    """The pairs of the body; `roleIds` fall to Home. Only client-credentials clients have any."""
    if call.body["authorizedGrantType"] != CREDENTIALS:
        return []
    pairs = [(each["roleId"], each["divisionId"]) for each in call.body.get("roleDivisions") or ()]
    home = call.org.live.home()["id"]
    return list(dict.fromkeys(pairs + [(role, home) for role in call.body.get("roleIds") or ()]))


def _check_birth(call: Call, fields: Row, pairs: list[Pair]) -> None:
    if fields["state"] != "active" and call.org.on("inactive-birth", "refused"):
        raise bad_request("a client cannot be created in state " + str(fields["state"]))
    bare = fields["authorizedGrantType"] == CREDENTIALS and not pairs
    if bare and call.org.on("grantless-birth", "refused"):
        raise bad_request("a client credentials client needs at least one role")


def _check_pairs(call: Call, key: str, pairs: list[Pair]) -> None:
    check_pairs_exist(call, pairs)
    check_may_put(call, pairs)
    check_room(call, len({*pairs, *_others(call, key)}))


def _others(call: Call, key: str) -> dict[Pair, Grant]:
    """What `roleDivisions` does not govern (switch `bulkadd-visible`)."""
    if not call.org.on("bulkadd-visible", "no"):
        return {}
    return {pair: grant for pair, grant in call.org.live.pairs(key).items() if not grant.by_client}


def _set_pairs(call: Call, key: str, pairs: Iterable[Pair]) -> None:
    """Replace what `roleDivisions` governs."""
    held, others = call.org.live.pairs(key), _others(call, key)
    made = Grant(call.org.clock.stamp(), by_client=True)
    mine = {pair: held[pair]._replace(by_client=True) if pair in held else made for pair in pairs}
    if held != others | mine:
        call.org.set_pairs(key, "PC_OAUTH_CLIENT", others | mine)


def _create(call: Call) -> Row:
    fields, pairs = _fields(call), _wanted(call)
    _check_birth(call, fields, pairs)
    _check_pairs(call, "", pairs)
    row = client_row(call.org.sequence.new_id("client"), fields, call.caller.ref(), call.org.clock.stamp())
    call.org.put("clients", row["id"], row)
    _set_pairs(call, row["id"], pairs)
    return _with_new_secret(call, row)


def _with_new_secret(call: Call, row: Row) -> Row:
    """The client with a fresh secret: the only place the vendor tells one."""
    if row["id"] in call.org.secrets and call.org.on("old-secret", "lives"):
        call.org.secrets[former(row["id"])] = call.org.secrets[row["id"]]
    call.org.secrets[row["id"]] = call.org.sequence.new_secret("secret")
    return _show(call, call.org.live, row) | {"secret": call.org.secrets[row["id"]]}


def _put(call: Call) -> Row:
    row, fields, pairs = _found(call), _fields(call), _wanted(call)
    check_may_edit(call, row["id"])
    _check_pairs(call, row["id"], pairs)
    row = client_row(row["id"], fields, call.caller.ref(), call.org.clock.stamp()) | _birth(row)
    call.org.put("clients", row["id"], row)
    _set_pairs(call, row["id"], pairs)
    return _show(call, call.org.live, row)


def _birth(row: Row) -> Row:
    return {"dateCreated": row["dateCreated"], "createdBy": row["createdBy"]}


def _new_secret(call: Call) -> Row:
    row = _found(call)
    check_may_edit(call, row["id"])
    row = row | {"dateModified": call.org.clock.stamp(), "modifiedBy": call.caller.ref()}
    call.org.put("clients", row["id"], row)
    return _with_new_secret(call, row)


def _delete(call: Call) -> None:
    """Only an inactive client; a tombstone may stay listed (switch). Its grants and tokens end."""
    row = _found(call)
    if row["state"] != "inactive":
        raise ApiError(
            400, "cannot.delete.client", "client {id} must be inactive to be deleted", {"id": row["id"]}
        )
    ended = {"state": "deleted", "dateToDelete": call.org.clock.stamp(_TOMBSTONE_SECONDS)}
    listed = call.org.on("tombstones", "listed")
    call.org.put("clients", row["id"], row | ended if listed else None)
    call.org.set_pairs(row["id"], "PC_OAUTH_CLIENT", {})
    for key in (row["id"], former(row["id"])):
        call.org.secrets.pop(key, None)


OPERATIONS: dict[str, Handler] = {
    "get_oauth_clients": _list,
    "get_oauth_client": _get,
    "post_oauth_clients": _create,
    "put_oauth_client": _put,
    "delete_oauth_client": _delete,
    "post_oauth_client_secret": _new_secret,
}
