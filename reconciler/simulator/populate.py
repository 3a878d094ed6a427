"""A seed made into an organisation: names become ids, grants find their targets.

Every mistake is a ValueError that names the entry, so that a hand-written seed is easy to mend.
"""

from collections.abc import Iterator

from reconciler.simulator.clients import CREDENTIALS, client_row
from reconciler.simulator.divisions import division_row
from reconciler.simulator.identity import named_id, secret_for
from reconciler.simulator.organization import catalogue, per_minute
from reconciler.simulator.roles import role_row
from reconciler.simulator.seed import Entry, Seed
from reconciler.simulator.settings import Settings
from reconciler.simulator.world import Grant, Pair, Row, World

_LIMITS = {"divisions": 50_000, "grantsPerSubject": 50_000}
_ROLE_SETTINGS = {
    "backfillEnabled": False,
    "authorizationGrantDivisionAware": False,
    "genesysOrgPolicyBypass": False,
}


def _identify(kind: str, entry: Entry) -> str:
    return str(entry.get("id") or named_id(kind, str(entry["name"])))


def populate(seed: Seed, settings: Settings, at: str) -> tuple[World, dict[str, str]]:
    """The world of a seed and the secrets of its clients by id; `at` is the date of everything in it."""
    return _Builder(seed, settings, at).build()


class _Builder:
    """Builds kinds in the order they refer to each other."""

    def __init__(self, seed: Seed, settings: Settings, at: str) -> None:
        self._seed, self._settings, self._at = seed, settings, at
        self._world, self._secrets = World(), dict[str, str]()
        self._by = {"id": named_id("user", "seed"), "name": "Seed", "selfUri": "/api/v2/users/seed"}

    def build(self) -> tuple[World, dict[str, str]]:
        self._facts()
        for entry in self._seed.divisions:
            self._put("divisions", self._division_row(entry))
        for entry in self._seed.roles:
            self._put("roles", _role(entry))
        for entry in self._seed.users:
            self._user(entry)
        for entry in self._seed.groups:
            self._group(entry)
        for entry in self._seed.queues:
            self._queue(entry)
        for entry in self._seed.clients:
            self._client(entry)
        return self._world, self._secrets

    def _put(self, table: str, row: Row) -> None:
        self._world.put(table, row["id"], row)

    def _facts(self) -> None:
        organisation = {
            "version": 1,
            "state": "active",
            "productPlatform": "GenesysCloud",
            **self._seed.organisation,
        }
        uri = "/api/v2/organizations/me"
        limits = _LIMITS | {"requestsPerMinute": per_minute(self._settings.rate_limit)} | self._seed.limits
        settings = {"id": "settings", **_ROLE_SETTINGS, **self._seed.settings}
        self._world.put("facts", "organization", organisation | {"selfUri": uri})
        self._world.put("facts", "limits", {"name": "limits", **limits})
        self._world.put("facts", "settings", {"name": "settings", **settings})

    def _division_row(self, entry: Entry) -> Row:
        description, home = entry.get("description") or "", bool(entry.get("home"))
        return division_row(_identify("division", entry), str(entry["name"]), description, home)

    def _id(self, table: str, name: str, what: str) -> str:
        found = self._world.table(table).find(name.casefold())
        if not found:
            raise ValueError(f"seed: {what} names {name!r}, which is not among its {table}")
        return str(found[0]["id"])

    def _division(self, entry: Entry) -> str:
        name = entry.get("division")
        return self._id("divisions", name, entry["name"]) if name else str(self._world.home()["id"])

    def _user(self, entry: Entry) -> None:
        key = _identify("user", entry)
        email = entry.get("email") or f"{key}@example.invalid"
        kept: Row = {name: entry[name] for name in ("title", "department") if name in entry}
        self._put("users", {
            "id": key, "name": entry["name"], "email": email, "username": email, **kept, "state": "active",
            "version": 1, "division": self._division(entry), "selfUri": f"/api/v2/users/{key}",
        })  # fmt: skip
        self._grants(key, "PC_USER", entry)

    def _group(self, entry: Entry) -> None:
        key = _identify("group", entry)
        emails = {row["email"]: row["id"] for row in self._world.users.rows.values()}
        strangers = [member for member in entry.get("members") or () if member not in emails]
        if strangers:
            raise ValueError(
                f"seed: group {entry['name']} has member {strangers[0]!r}, who is not among its users"
            )
        self._put("groups", {
            "id": key, "name": entry["name"], "description": entry.get("description") or "",
            "type": "official", "rulesVisible": True, "visibility": "public", "rolesEnabled": True,
            "state": "active", "version": 1, "dateModified": self._at,
            "members": [emails[member] for member in entry.get("members") or ()],
            "selfUri": f"/api/v2/groups/{key}",
        })  # fmt: skip
        self._grants(key, "PC_GROUP", entry)

    def _queue(self, entry: Entry) -> None:
        key = _identify("queue", entry)
        self._put("queues", {
            "id": key, "name": entry["name"], "description": entry.get("description") or "",
            "division": self._division(entry), "dateCreated": self._at, "dateModified": self._at,
            "memberCount": 0, "selfUri": f"/api/v2/routing/queues/{key}",
        })  # fmt: skip

    def _client(self, entry: Entry) -> None:
        operator = bool(entry.get("operator"))
        key = self._settings.client_id if operator else _identify("client", entry)
        secret = self._settings.client_secret if operator else entry.get("secret") or secret_for(key)
        fields: Row = {
            "name": entry["name"], "description": entry.get("description") or "",
            "accessTokenValiditySeconds": entry.get("tokenSeconds") or 86_400,
            "registeredRedirectUri": entry.get("redirectUris") or [],
            "authorizedGrantType": entry.get("grantType") or CREDENTIALS,
            "scope": [], "state": entry.get("state") or "active",
        }  # fmt: skip
        self._put("clients", client_row(key, fields, self._by, self._at))
        self._secrets[key] = str(secret)
        self._grants(key, "PC_OAUTH_CLIENT", entry)

    def _grants(self, key: str, kind: str, entry: Entry) -> None:
        made = Grant(self._at, by_client=kind == "PC_OAUTH_CLIENT")
        pairs = dict.fromkeys(self._pairs(entry), made)
        if pairs:
            self._world.put("grants", key, {"subjectId": key, "type": kind, "pairs": pairs})

    def _pairs(self, entry: Entry) -> Iterator[Pair]:
        for grant in entry.get("grants") or ():
            role = self._id("roles", grant["role"], entry["name"])
            for name in grant["divisions"]:
                yield role, "*" if name == "*" else self._id("divisions", name, entry["name"])


def _role(entry: Entry) -> Row:
    policies: dict[tuple[str, str], list[str]] = {}
    for permission in _permissions(entry):
        parts = permission.split(":")
        if len(parts) != 3:
            raise ValueError(f"seed: role {entry['name']}: {permission!r} is no domain:entity:action")
        policies.setdefault((parts[0], parts[1]), []).append(parts[2])
    rows = [
        {"domain": domain, "entityName": entity, "actionSet": actions}
        for (domain, entity), actions in policies.items()
    ]
    name = str(entry["name"])
    default = name.lower().replace(" ", "-") if entry.get("default") else ""
    return role_row(_identify("role", entry), name, entry.get("description") or "", rows, default)


def _permissions(entry: Entry) -> Iterator[str]:
    for permission in entry.get("permissions") or ():
        if permission == "*":
            yield from (f"{row['domain']}:*:*" for row in catalogue())
        else:
            yield str(permission)
