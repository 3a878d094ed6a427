"""More of a seed as it is stored: dynamic groups, contacts, authorised clients, access policies."""

from collections.abc import Callable

from reconciler.simulator.seed_format import Entry, moment
from reconciler.simulator.world import Row


def dynamic_part(entry: Entry, added: list[str], people: Callable[[Entry], list[str]]) -> Row:
    """The members of a group together with those its rule brought in, if it has one, and that rule."""
    rule = entry.get("dynamic")
    if rule is None:
        return {}
    taken = [key for key in people(rule) if key not in added]
    conditions = [
        {"routingSkillConditions": [], "languageSkillConditions": []} | each for each in rule["conditions"]
    ]
    return {"members": [*added, *taken], "dynamic": {"members": taken, "conditions": conditions}}


def contact_row(key: str, entry: Entry, division: str, at: str) -> Row:
    """An external contact; `division` may be `*`."""
    first, _, last = str(entry["name"]).partition(" ")
    return {
        "id": key,
        "name": entry["name"],
        "firstName": first,
        "lastName": last,
        "title": entry.get("title") or "",
        "type": entry.get("type") or "Curated",
        "division": division,
        "createDate": at,
        "modifyDate": at,
        "selfUri": f"/api/v2/externalcontacts/contacts/{key}",
    }


def authorization_row(key: str, entry: Entry, owner: Row | None, at: str) -> Row:
    """What somebody let a client do that is not one of the organisation's own."""
    born = moment(entry["dateCreated"]) if "dateCreated" in entry else at
    state = entry.get("state") or "Authorized"
    client = {"id": key, "name": entry["name"], "authorizedGrantType": entry.get("grantType") or "CODE"}
    people = {"resourceOwner": owner, "createdBy": owner, "modifiedBy": owner} if owner else {}
    return {
        "id": key,
        "name": entry["name"],
        "client": client,
        "scope": entry.get("scopes") or [],
        **people,
        "dateCreated": born,
        "dateModified": born,
        "state": state,
        "pending": state == "Requested",
        "selfUri": f"/api/v2/oauth/authorizations/{key}",
    }


def policy_row(key: str, entry: Entry, subject: Row, at: str) -> Row:
    """An access policy, with the attributes it looks at."""
    return {
        "id": key,
        "name": entry["name"],
        "description": entry.get("description") or "",
        "targetResource": entry["target"],
        "subject": subject,
        "effect": entry["effect"],
        "condition": entry.get("condition") or {},
        "active": entry.get("active", True),
        "applyToClients": entry.get("applyToClients", False),
        "attributes": entry.get("attributes") or [],
        "presetAttributes": {
            each["name"]: {"type": each["type"], "value": each["value"]}
            for each in entry.get("presets") or ()
        },
        "dateModified": moment(entry["dateModified"]) if "dateModified" in entry else at,
        "selfUri": f"/api/v2/authorization/policies/{key}",
    }
