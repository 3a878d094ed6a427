"""What an organisation consists of: tables of rows, looked up by id or by one index.

Rows are JSON-ready dicts and are replaced, never changed in place: a reader may keep one, and history costs
a reference instead of a copy. A world knows no time, no rules and no rights.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

Row = dict[str, Any]
Pair = tuple[str, str]
"""A role id and a division id; `*` stands for every division."""


class Grant(NamedTuple):
    """When a pair was granted, and whether it came through a client's `roleDivisions`."""

    made_at: str
    by_client: bool


def _by_name(row: Row) -> Iterable[str]:
    return (str(row["name"]).casefold(),)


def _by_target(row: Row) -> Iterable[str]:
    """Grants are found by role id and by division id."""
    return {part for pair in row["pairs"] for part in pair}


def _by_entity(row: Row) -> Iterable[str]:
    """Audits are found by the id of what they are about."""
    return (row["entity"]["id"],)


class Table:
    """Rows by id in order of arrival, with an index from keys to ids."""

    def __init__(self, keys: Callable[[Row], Iterable[str]]) -> None:
        """`keys` gives the index keys of a row."""
        self.rows: dict[str, Row] = {}
        self._keys = keys
        self._index: dict[str, dict[str, None]] = {}

    def put(self, key: str, row: Row | None) -> Row | None:
        """Store `row`, or remove it when None; the row that stood there before is returned."""
        before = self.rows.get(key)
        for name in self._keys(before) if before else ():
            del self._index[name][key]
        if row is None:
            self.rows.pop(key, None)
            return before
        self.rows[key] = row
        for name in self._keys(row):
            self._index.setdefault(name, {})[key] = None
        return before

    def find(self, name: str) -> list[Row]:
        """The rows with index key `name`."""
        return [self.rows[key] for key in self._index.get(name, ())]


class World:
    """All tables of one organisation. `version` moves whenever somebody's rights may have changed."""

    RIGHTS = frozenset({"roles", "grants", "groups", "divisions"})

    def __init__(self) -> None:
        """An empty organisation."""
        self.divisions, self.deleted_divisions = Table(_by_name), Table(_by_name)
        self.roles, self.default_roles, self.clients = Table(_by_name), Table(_by_name), Table(_by_name)
        self.users, self.groups, self.queues = Table(_by_name), Table(_by_name), Table(_by_name)
        self.trustees = Table(_by_name)
        self.wrapup_codes, self.flows, self.data_tables = Table(_by_name), Table(_by_name), Table(_by_name)
        self.business_units, self.management_units = Table(_by_name), Table(_by_name)
        self.conversations, self.audits = Table(_by_name), Table(_by_entity)
        self.contacts, self.policies, self.authorizations = Table(_by_name), Table(_by_name), Table(_by_name)
        self.usage = Table(_by_name)
        self.grants, self.facts = Table(_by_target), Table(_by_name)
        self.version = 0

    def table(self, name: str) -> Table:
        """A table by its attribute name."""
        found: Table = getattr(self, name)
        return found

    def put(self, table: str, key: str, row: Row | None) -> Row | None:
        """Store or remove (None) a row; the one before is returned."""
        self.version += table in self.RIGHTS
        return self.table(table).put(key, row)

    def home(self) -> Row:
        """The Home division; every organisation has one."""
        return next(row for row in self.divisions.rows.values() if row["homeDivision"])

    def pairs(self, subject: str) -> dict[Pair, Grant]:
        """The pairs granted directly to a subject."""
        row = self.grants.rows.get(subject)
        return row["pairs"] if row else {}


TABLES = (
    "divisions",
    "deleted_divisions",
    "roles",
    "default_roles",
    "clients",
    "users",
    "groups",
    "queues",
    "trustees",
    "wrapup_codes",
    "flows",
    "data_tables",
    "business_units",
    "management_units",
    "conversations",
    "contacts",
    "policies",
    "authorizations",
    "audits",
    "usage",
    "grants",
    "facts",
)
"""Every table by attribute name, in the order a copy is made."""


def copy_of(world: World) -> World:
    """The same rows in tables of their own."""
    twin = World()
    for name in TABLES:
        for key, row in world.table(name).rows.items():
            twin.put(name, key, row)
    return twin
