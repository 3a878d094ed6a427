"""The organisation at the start, from a readable YAML file.

    organisation: {id: <uuid>, name: Northwind, domain: northwind}
    limits: {divisions: 50000, grantsPerSubject: 50000}            # optional
    settings: {backfillEnabled: false}                             # optional, role settings
    divisions:                                                     # exactly one is home
      - {name: Home, home: true, description: text}
    roles:
      - {name: Supervisor, default: true, description: text, permissions: ["routing:queue:view"]}
    users:
      - {name: Dana Keller, email: dana@northwind.example, title: text, department: text, division: Home,
         grants: [{role: Supervisor, divisions: [Home]}]}
    groups:
      - {name: NW WFM Team, description: text, members: [dana@northwind.example], grants: []}
    queues:
      - {name: NW Service, division: Home}
    clients:                                   # `operator: true` takes id and secret from the settings
      - {name: viewer, id: viewer, secret: text, description: text, state: active, tokenSeconds: 3600,
         grantType: CLIENT-CREDENTIALS, grants: [{role: Supervisor, divisions: ["*"]}]}

Every list may be missing; `division` defaults to the home division. Permissions are `domain:entity:action`
with `*` allowed for entity and action; a bare `*` stands for every domain. Ids follow from the names (UUID 5)
unless an `id` is given, so that they are the same in every run.
"""

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

Entry = dict[str, Any]
_LISTS = ("divisions", "roles", "users", "groups", "queues", "clients")
_ENTRY_KEYS: dict[str, set[str]] = {
    "divisions": {"name", "id", "description", "home"},
    "roles": {"name", "id", "description", "default", "permissions"},
    "users": {"name", "id", "email", "title", "department", "division", "grants"},
    "groups": {"name", "id", "description", "members", "grants"},
    "queues": {"name", "id", "description", "division"},
    "clients": {
        "name", "id", "secret", "description", "state", "tokenSeconds", "grantType", "grants", "operator",
        "redirectUris",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seed:
    """An organisation by names, as the file says it."""

    organisation: Entry
    limits: Entry = field(default_factory=dict)
    settings: Entry = field(default_factory=dict)
    divisions: list[Entry] = field(default_factory=list)
    roles: list[Entry] = field(default_factory=list)
    users: list[Entry] = field(default_factory=list)
    groups: list[Entry] = field(default_factory=list)
    queues: list[Entry] = field(default_factory=list)
    clients: list[Entry] = field(default_factory=list)


def parse_seed(text: str, origin: str = "seed") -> Seed:
    """A seed from YAML text. Raises ValueError that names `origin` and the entry."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{origin}: not YAML: {error}") from error
    if not isinstance(data, dict) or not {"id", "name"} <= set(data.get("organisation") or ()):
        raise ValueError(f"{origin}: needs organisation with id and name")
    unknown = set(data) - {"organisation", "limits", "settings", *_LISTS}
    if unknown:
        raise ValueError(f"{origin}: unknown section {sorted(unknown)[0]!r}; known: {', '.join(_LISTS)}")
    for section in _LISTS:
        _check_entries(data.get(section) or [], section, origin)
    if sum(bool(entry.get("home")) for entry in data.get("divisions") or []) != 1:
        raise ValueError(f"{origin}: exactly one division must say home: true")
    return Seed(**{name: value for name, value in data.items() if value is not None})


def _check_entries(entries: list[Any], section: str, origin: str) -> None:
    for index, entry in enumerate(entries):
        at = f"{origin}: {section}[{index}]"
        if not isinstance(entry, dict) or not entry.get("name"):
            raise ValueError(f"{at}: needs a name")
        unknown = set(entry) - _ENTRY_KEYS[section]
        if unknown:
            known = ", ".join(sorted(_ENTRY_KEYS[section]))
            raise ValueError(f"{at} ({entry['name']}): unknown {sorted(unknown)[0]!r}; known: {known}")


def load_seed(path: str | Path) -> Seed:
    """A seed from a file; the format is at the head of this module. Raises ValueError, OSError."""
    return parse_seed(Path(path).read_text("utf-8"), str(path))


def default_seed() -> Seed:
    """Northwind Contact Services: people, queues, default roles, an operator client, no tool's objects."""
    text = files("reconciler.simulator").joinpath("seeds/northwind-new.yaml").read_text("utf-8")
    return parse_seed(text, "northwind-new.yaml")
