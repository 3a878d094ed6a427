"""A seed made into an organisation: names become ids, grants find their targets.

Every mistake is a ValueError that names the file and the entry, so that a hand-written seed is easy to mend.
"""

from collections.abc import Iterator

from reconciler.simulator.access import EVERYWHERE
from reconciler.simulator.clients import CREDENTIALS, client_row
from reconciler.simulator.divisions import division_row
from reconciler.simulator.identity import secret_for, seeded_id
from reconciler.simulator.organization import per_minute
from reconciler.simulator.seed import Seed
from reconciler.simulator.seed_access import authorization_row, contact_row, dynamic_part, policy_row
from reconciler.simulator.seed_format import Entry, moment
from reconciler.simulator.seed_past import AUDITED, audit_of, usage_row
from reconciler.simulator.seed_roles import seeded_role
from reconciler.simulator.seed_things import (
    business_unit_row,
    code_row,
    conversation_row,
    flow_row,
    management_unit_row,
    table_row,
)
from reconciler.simulator.settings import Settings
from reconciler.simulator.world import Grant, Pair, Row, World

_LIMITS = {"divisions": 50_000, "grantsPerSubject": 50_000}
_ROLE_SETTINGS = {
    "backfillEnabled": False,
    "authorizationGrantDivisionAware": False,
    "genesysOrgPolicyBypass": False,
}


def populate(seed: Seed, settings: Settings, at: str) -> tuple[World, dict[str, str]]:
    """The world of a seed and the secrets of its clients by id; `at` is the date of what has none."""
    return _Builder(seed, settings, at).build()


class _Builder:
    """Builds kinds in the order they refer to each other."""

    def __init__(self, seed: Seed, settings: Settings, at: str) -> None:
        self._seed, self._settings, self._at = seed, settings, at
        self._world, self._secrets = World(), dict[str, str]()
        self._by: Row = {"id": self._named("user", "seed"), "name": "Seed", "selfUri": "/api/v2/users/seed"}
        self._emails: dict[str, Row] = {}
        self._queue_ids = {entry["name"]: self._identify("queue", entry) for entry in seed.queues}

    def build(self) -> tuple[World, dict[str, str]]:
        self._facts()
        for section, make in (
            ("divisions", self._division_of), ("roles", self._role), ("users", self._user),
            ("groups", self._group), ("codes", self._code), ("queues", self._queue), ("flows", self._flow),
            ("tables", self._table), ("units", self._unit), ("conversations", self._conversation),
            ("clients", self._client), ("trustees", self._trustee),
            ("audits", self._audit), ("contacts", self._contact),
            ("authorizations", self._authorization), ("policies", self._policy),
        ):  # fmt: skip
            for entry in getattr(self._seed, section):
                try:
                    make(entry)
                except ValueError as error:
                    raise ValueError(f"{self._seed.origin}: {section} ({entry['name']}): {error}") from error
        return self._world, self._secrets

    def _put(self, table: str, row: Row) -> None:
        self._world.put(table, row["id"], row)

    def _named(self, kind: str, name: str) -> str:
        return seeded_id(str(self._seed.organisation["id"]), kind, name)

    def _identify(self, kind: str, entry: Entry) -> str:
        return str(entry.get("id") or self._named(kind, str(entry["name"])))

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

    def _division_of(self, entry: Entry) -> None:
        description, home = entry.get("description") or "", bool(entry.get("home"))
        if home and entry.get("deleted"):
            raise ValueError("the home division cannot be deleted")
        row = division_row(self._identify("division", entry), str(entry["name"]), description, home)
        self._put("deleted_divisions" if entry.get("deleted") else "divisions", row)

    def _role(self, entry: Entry) -> None:
        row = seeded_role(self._identify("role", entry), entry, self._queue_ids)
        if row["default"]:
            self._put("default_roles", row)
        if not entry.get("missing"):
            self._put("roles", row)
        elif not row["default"]:
            raise ValueError("only a default role can be missing")

    def _id(self, table: str, name: str) -> str:
        found = self._world.table(table).find(name.casefold())
        if not found:
            raise ValueError(f"names {name!r}, which is not among the {table}")
        return str(found[0]["id"])

    def _where(self, entry: Entry) -> str:
        name = entry.get("division")
        return self._id("divisions", name) if name else str(self._world.home()["id"])

    def _people(self, entry: Entry, role: str) -> list[str]:
        return [str(self._person(email, role)["id"]) for email in entry.get(role) or ()]

    def _person(self, email: str, role: str) -> Row:
        if email not in self._emails:
            raise ValueError(f"{role}: {email!r} is not the e-mail of one of its users")
        return self._emails[email]

    def _user(self, entry: Entry) -> None:
        key = self._identify("user", entry)
        email = entry.get("email") or f"{key}@example.invalid"
        kept: Row = {name: entry[name] for name in ("title", "department") if name in entry}
        row = {
            "id": key, "name": entry["name"], "email": email, "username": email, **kept,
            "state": entry.get("state") or "active",
            "version": 1, "division": self._where(entry), "selfUri": f"/api/v2/users/{key}",
        }  # fmt: skip
        self._put("users", row)
        self._emails[email] = row
        self._grants(key, "PC_USER", entry)

    def _group(self, entry: Entry) -> None:
        key = self._identify("group", entry)
        owners = {"owners": self._people(entry, "owners")} if entry.get("owners") else {}
        added = self._people(entry, "members")
        dynamic = dynamic_part(entry, added, lambda rule: self._people(rule, "members"))
        self._put("groups", {
            "id": key, "name": entry["name"], "description": entry.get("description") or "",
            "type": entry.get("type") or "official", "rulesVisible": True,
            "visibility": entry.get("visibility") or "public",
            "rolesEnabled": entry.get("rolesEnabled", True), "state": entry.get("state") or "active",
            "version": 1, "dateModified": self._at, "members": added, **owners, **dynamic,
            "selfUri": f"/api/v2/groups/{key}",
        })  # fmt: skip
        self._grants(key, "PC_GROUP", entry)

    def _queue(self, entry: Entry) -> None:
        key = self._identify("queue", entry)
        self._put("queues", {
            "id": key, "name": entry["name"], "description": entry.get("description") or "",
            "division": self._where(entry), "dateCreated": self._at, "dateModified": self._at,
            "members": self._people(entry, "members"),
            "groups": [self._id("groups", name) for name in entry.get("groups") or ()],
            "codes": [self._id("wrapup_codes", name) for name in entry.get("codes") or ()],
            "selfUri": f"/api/v2/routing/queues/{key}",
        })  # fmt: skip

    def _code(self, entry: Entry) -> None:
        division = EVERYWHERE if entry.get("division") == EVERYWHERE else self._where(entry)
        self._put("wrapup_codes", code_row(self._identify("code", entry), entry, division, self._at))

    def _flow(self, entry: Entry) -> None:
        self._put("flows", flow_row(self._identify("flow", entry), entry, self._where(entry)))

    def _table(self, entry: Entry) -> None:
        self._put("data_tables", table_row(self._identify("table", entry), entry, self._where(entry)))

    def _unit(self, entry: Entry) -> None:
        unit = business_unit_row(self._identify("unit", entry), entry, self._where(entry), self._at)
        self._put("business_units", unit)
        for each in entry.get("managementUnits") or ():
            key, agents = self._identify("management-unit", each), self._people(each, "agents")
            self._put("management_units", management_unit_row(key, each, unit, self._where(each), agents))

    def _conversation(self, entry: Entry) -> None:
        queues = [self._world.queues.rows[self._id("queues", name)] for name in entry.get("queues") or ()]
        agents = [self._person(email, "agents") for email in entry.get("agents") or ()]
        key = self._identify("conversation", entry)
        self._put("conversations", conversation_row(key, entry, queues, agents))

    def _client(self, entry: Entry) -> None:
        operator = bool(entry.get("operator"))
        key = self._settings.client_id if operator else self._identify("client", entry)
        secret = self._settings.client_secret if operator else entry.get("secret") or secret_for(key)
        fields: Row = {
            "name": entry["name"], "description": entry.get("description") or "",
            "accessTokenValiditySeconds": entry.get("tokenSeconds") or 86_400,
            "registeredRedirectUri": entry.get("redirectUris") or [],
            "authorizedGrantType": entry.get("grantType") or CREDENTIALS,
            "scope": entry.get("scopes") or [], "state": entry.get("state") or "active",
        }  # fmt: skip
        self._put("clients", client_row(key, fields, self._by, self._at) | self._history(entry))
        self._secrets[key] = str(secret)
        if entry.get("usage"):
            self._put("usage", usage_row(key, entry, self._at))
        self._grants(key, "PC_OAUTH_CLIENT", entry)

    def _history(self, entry: Entry) -> Row:
        """Who made and changed a client, and when; a change is later than its birth, or is it."""
        names = ("dateCreated", "dateModified", "dateToDelete")
        dates = {name: moment(entry[name]) for name in names if name in entry}
        people = {name: self._ref(entry[name], name) for name in ("createdBy", "modifiedBy") if name in entry}
        born = {"dateModified": dates.get("dateCreated"), "modifiedBy": people.get("createdBy")}
        return {name: value for name, value in born.items() if value} | dates | people

    def _ref(self, email: str, role: str) -> Row:
        row = self._person(email, role)
        return {name: row[name] for name in ("id", "name", "selfUri")}

    def _audit(self, entry: Entry) -> None:
        table = self._world.table(AUDITED[entry["section"]])
        entity = table.rows[self._id(AUDITED[entry["section"]], entry["entity"])]
        by = self._ref(entry["by"], "by")
        self._put("audits", audit_of(self._identify("audit", entry), entry, entity, by))

    def _trustee(self, entry: Entry) -> None:
        key, kind = self._identify("trustee", entry), entry.get("type") or "user"
        self._put("trustees", {"id": key, "name": entry["name"], "type": kind})
        self._grants(key, f"PC_TRUSTEE_{kind.upper()}", entry)

    def _contact(self, entry: Entry) -> None:
        division = EVERYWHERE if entry.get("division") == EVERYWHERE else self._where(entry)
        self._put("contacts", contact_row(self._identify("contact", entry), entry, division, self._at))

    def _authorization(self, entry: Entry) -> None:
        owner = self._ref(entry["owner"], "owner") if "owner" in entry else None
        self._put("authorizations", authorization_row(self._identify("app", entry), entry, owner, self._at))

    def _policy(self, entry: Entry) -> None:
        subject, named = {"type": "ALL"}, entry.get("subject") or {}
        if len(named) > 1:
            raise ValueError("subject: name one user, group or client")
        for kind, name in named.items():
            key = self._person(name, "subject")["id"] if kind == "user" else self._id(f"{kind}s", name)
            subject = {"type": kind.upper(), "id": key}
        self._put("policies", policy_row(self._identify("policy", entry), entry, subject, self._at))

    def _grants(self, key: str, kind: str, entry: Entry) -> None:
        pairs = dict(self._pairs(entry, kind == "PC_OAUTH_CLIENT"))
        if pairs:
            self._world.put("grants", key, {"subjectId": key, "type": kind, "pairs": pairs})

    def _pairs(self, entry: Entry, client: bool) -> Iterator[tuple[Pair, Grant]]:
        for grant in entry.get("grants") or ():
            own = client and grant.get("through", "client") == "client"
            if own and entry.get("grantType", CREDENTIALS) != CREDENTIALS:
                raise ValueError(f"only a {CREDENTIALS} client has roleDivisions; say through: subjects")
            if not client and grant.get("through") == "client":
                raise ValueError("through: client is said of clients only")
            made = Grant(moment(grant["grantMadeAt"]) if "grantMadeAt" in grant else self._at, by_client=own)
            role = self._id("roles", grant["role"])
            for name in grant["divisions"]:
                yield (role, "*" if name == "*" else self._id("divisions", name)), made
