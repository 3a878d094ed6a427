"""The organisation at the start, from a readable YAML file. Every list may be missing.

    base: bare                                 # a bundled seed that this one goes on from
    organisation: {id: <uuid>, name: Northwind, domain: northwind}
    limits: {divisions: 50000, grantsPerSubject: 50000}
    settings: {backfillEnabled: false}         # role settings; also authorizationGrantDivisionAware
    divisions:                                 # exactly one is home; a deleted one is kept for restoring
      - {name: Home, home: true, description: text}
      - {name: Old, deleted: true}
    roles:
      - {name: Supervisor, default: true, description: text, permissions: ["routing:queue:view"],
         legacyPermissions: [admin], unusedPermissions: []}       # as switch `unused-permissions` shows them
      - {name: Script Designer, default: true, missing: true}     # the vendor has it, nobody added it here
      - name: Evaluator                        # a condition is the vendor's node; queues in it go by name
        permissions:
          - permission: quality:evaluation:view
            condition: {variableName: Conversation.queues, operator: EQ,
                        operands: [{type: QUEUE, queue: NW Service}]}
    users:
      - {name: Dana Keller, email: dana@northwind.example, title: text, department: text, division: Home,
         state: active, grants: [{role: Supervisor, divisions: [Home], grantMadeAt: 2024-05-31}]}
    groups:                                    # type official or social; visibility public, owners or members
      - {name: NW WFM Team, description: text, members: [dana@northwind.example], owners: [],
         type: official, state: active, visibility: public, rolesEnabled: true, grants: []}
      - name: NW Spanish                       # whom a rule brought in, and that rule in the vendor's words
        dynamic: {members: [dana@northwind.example], conditions: [{operation: And, routingSkillConditions: [
          {routingSkill: Spanish, comparator: GreaterThanOrEqualTo, proficiency: 3}]}]}
    queues:
      - {name: NW Service, division: Home, description: text, members: [dana@northwind.example],
         groups: [NW WFM Team], codes: [Resolved]}
    codes:                                     # wrap-up codes; `*` is every division
      - {name: Resolved, division: "*", description: text}
    flows:                                     # of Architect; the type is the vendor's word
      - {name: Main Line, type: INBOUNDCALL, division: Home, description: text, deleted: false}
    tables:                                    # data tables; each row has a key
      - {name: Opening Hours, division: Home, description: text, rows: [{key: monday, opens: "08:00"}]}
    units:                                     # business units of workforce management
      - {name: Service, division: Home, timeZone: Europe/Berlin,
         managementUnits: [{name: Service Floor, division: Home, agents: [dana@northwind.example]}]}
    conversations:                             # the name decides the id and is shown nowhere
      - {name: first call, start: 2026-01-05T09:30:00Z, minutes: 5, mediaType: voice, direction: inbound,
         queues: [NW Service], agents: [dana@northwind.example], recordings: 1}
    clients:                                   # `operator: true`, once, takes id and secret from the settings
      - {name: viewer, id: viewer, secret: text, description: text, state: active, tokenSeconds: 3600,
         grantType: CLIENT-CREDENTIALS, grants: [{role: Supervisor, divisions: ["*"], through: subjects}],
         dateCreated: 2024-05-31, dateModified: 2024-05-31, createdBy: dana@northwind.example,
         modifiedBy: dana@northwind.example, dateToDelete: 2026-01-31}
      - {name: desk, grantType: CODE, redirectUris: ["https://desk.example/cb"], scopes: ["users:readonly"],
         usage: [{path: /api/v2/users, method: GET, requests: 90, daysAgo: 1}]}
    trustees:                                  # somebody of another organisation whom this one trusts
      - {name: Partner Support, type: group, grants: [{role: Supervisor, divisions: [Home]}]}
    audits:                                    # who changed what before; the name is shown nowhere
      - {name: one right more, at: 2025-11-03T22:14:00Z, by: dana@northwind.example, action: Update,
         section: roles, entity: Supervisor,
         changes: [{property: description, oldValues: [text], newValues: [text]}]}
    contacts:                                  # external contacts; `*` is every division
      - {name: Rosa Lind, title: Buyer, division: "*", type: Curated}
    authorizations:                            # clients of others: authorised here, or asking for it
      - {name: Desk Panel, grantType: CODE, scopes: ["users:readonly"], owner: dana@northwind.example,
         state: Authorized, dateCreated: 2024-05-31}
    policies:                                  # of access; without a user, group or client for everybody
      - {name: No grants at night, target: "authorization:grant:add", effect: DENY, description: text,
         subject: {user: dana@northwind.example}, active: true, applyToClients: false, condition: {},
         attributes: [{name: hour, type: TIME, description: text}],
         presets: [{name: night, type: TIME_RANGE, value: text}], dateModified: 2024-05-31}

`division` defaults to the home division. Permissions are `domain:entity:action` with `*` allowed for entity
and action; a bare `*` stands for every domain. A grant of a client is part of its `roleDivisions`, unless it
was made `through: subjects`. What a default role is at the start is what it is restored to. A conversation
belongs to every division its queues and agents are in. The first word of a contact's name is its first name.
Access policies are shown, and enforced never. Dates are UTC; what has none dates from the start of the
simulator's clock. Ids follow from the organisation's id and the names (UUID 5) unless an `id` is given, so
that they are the same in every run and no two organisations share one; of two clients, users, groups, queues
or other things with one name, one needs an `id`.
With a `base`, an entry changes the base's entry of that id or name, key by key (the operator whatever it is
called), and any other is added; nothing is taken away.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from reconciler.simulator.bundled import bundled, bundled_source, bundled_text
from reconciler.simulator.seed_base import mistakes, on_top
from reconciler.simulator.seed_format import Entry, check


@dataclass(frozen=True, slots=True)
class Seed:
    """An organisation by names, as the file `origin` says it."""

    organisation: Entry
    limits: Entry = field(default_factory=dict)
    settings: Entry = field(default_factory=dict)
    divisions: list[Entry] = field(default_factory=list)
    roles: list[Entry] = field(default_factory=list)
    users: list[Entry] = field(default_factory=list)
    groups: list[Entry] = field(default_factory=list)
    queues: list[Entry] = field(default_factory=list)
    codes: list[Entry] = field(default_factory=list)
    flows: list[Entry] = field(default_factory=list)
    tables: list[Entry] = field(default_factory=list)
    units: list[Entry] = field(default_factory=list)
    conversations: list[Entry] = field(default_factory=list)
    clients: list[Entry] = field(default_factory=list)
    trustees: list[Entry] = field(default_factory=list)
    audits: list[Entry] = field(default_factory=list)
    contacts: list[Entry] = field(default_factory=list)
    authorizations: list[Entry] = field(default_factory=list)
    policies: list[Entry] = field(default_factory=list)
    origin: str = "seed"


_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FASTEST):  # type: ignore[misc]
    """PyYAML's, in C where that was built; but a key that stands twice in a mapping is a mistake."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for index, key in enumerate(keys) if key in keys[:index]]
        if twice:
            line = node.start_mark.line + 1
            raise ValueError(f"the mapping that begins in line {line} has {twice[0]!r} twice")
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


def parse_seed(text: str, origin: str = "seed") -> Seed:
    """A seed from YAML text. Raises ValueError that names `origin` and the entry."""
    data = _whole(text, origin)
    if not {"id", "name"} <= set(data.get("organisation") or ()):
        raise ValueError(f"{origin}: needs organisation with id and name")
    for mistake in mistakes(data, origin):
        raise ValueError(mistake)
    return Seed(**data, origin=origin)


def _whole(text: str, origin: str) -> Entry:
    """What a file says together with its base."""
    own = _read(text, origin)
    base = own.pop("base", None)
    if base is None:
        return own
    if base not in bundled():
        raise ValueError(f"{origin}: base: no bundled seed is called {base!r}; {bundled_text()}")
    return on_top(_whole(bundled_source(base), f"{base}.yaml"), own)


def _read(text: str, origin: str) -> Entry:
    try:
        data = yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise ValueError(f"{origin}: not YAML: {error}") from error
    except ValueError as error:
        raise ValueError(f"{origin}: {error}") from error
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if value is not None}
    check(data, origin)
    return dict(data)


def load_seed(path: str | Path) -> Seed:
    """A seed from a file; the format is at the head of this module. Raises ValueError, OSError."""
    try:
        text = Path(path).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 text") from error
    return parse_seed(text, str(path))


def find_seed(name: str) -> Seed:
    """A bundled seed by its name, or the seed in a file. Raises ValueError, which names the bundled ones."""
    if name in bundled():
        return parse_seed(bundled_source(name), f"{name}.yaml")
    if not Path(name).is_file():
        raise ValueError(f"no bundled seed and no file is called {name!r}; {bundled_text()}")
    try:
        return load_seed(name)
    except OSError as error:
        raise ValueError(f"{name}: cannot be read: {error.strerror}") from error


def default_seed() -> Seed:
    """Northwind Contact Services: people, queues, default roles, an operator client, no tool's objects."""
    return find_seed("northwind-new")
