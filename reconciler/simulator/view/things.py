"""What lives in divisions: every type of object, how many of each are where, and one by one."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from reconciler.simulator.access import EVERYWHERE
from reconciler.simulator.contract import operations
from reconciler.simulator.members import members_of
from reconciler.simulator.view.names import Place, names, place, rank
from reconciler.simulator.world import Row, World

Details = dict[str, object]
"""What else is said of an object: a text, a number, or names."""


class Type(NamedTuple):
    """A type of object: its table, the operation that opens one of it, and what is said of one."""

    title: str
    table: str
    operation: str
    tell: Callable[[World, Row], Details]

    @property
    def permissions(self) -> list[str]:
        """Any of these opens one where it is held; none, where everybody may."""
        return operations()[self.operation].permissions


class Thing(NamedTuple):
    """An object, where it is, and what else is said of it."""

    key: str
    name: str
    where: Place
    details: Details


def _queue(world: World, row: Row) -> Details:
    groups = names(world.groups.rows, row.get("groups") or ())
    codes = names(world.wrapup_codes.rows, row.get("codes") or ())
    return {"members": len(members_of(world, row)), "member groups": groups, "wrap-up codes": codes}


def _flow(world: World, row: Row) -> Details:
    return {"type": row["type"], "state": "deleted" if row["deleted"] else ""}


def _table(world: World, row: Row) -> Details:
    return {"rows": len(row["rows"])}


def _business_unit(world: World, row: Row) -> Details:
    return {"time zone": row["timeZone"]}


def _management_unit(world: World, row: Row) -> Details:
    unit = names(world.business_units.rows, [row["businessUnit"]])[0]
    return {"business unit": unit, "agents": names(world.users.rows, row["agents"])}


def _contact(world: World, row: Row) -> Details:
    return {"title": row["title"], "type": row["type"]}


def _plain(world: World, row: Row) -> Details:
    return {}


OBJECTS = (
    Type("Queues", "queues", "get_routing_queue", _queue),
    Type("Wrap-up codes", "wrapup_codes", "get_routing_wrapupcode", _plain),
    Type("Flows", "flows", "get_flow", _flow),
    Type("Data tables", "data_tables", "get_flows_datatable", _table),
    Type("Business units", "business_units", "get_workforcemanagement_businessunit", _business_unit),
    Type("Management units", "management_units", "get_workforcemanagement_managementunit", _management_unit),
    Type("External contacts", "contacts", "get_externalcontacts_contacts", _contact),
)
CONVERSATIONS = Type("Conversations", "conversations", "get_analytics_conversation_details", _plain)
USERS = Type("Users", "users", "get_user", _plain)
CONFINED = (*OBJECTS, CONVERSATIONS)
"""Types that a token opens where its permissions are held."""


class Index(NamedTuple):
    """The ids of one type by division, and how many there are; a conversation is in each that it touched."""

    type: Type
    ids: dict[str, list[str]]
    total: int


def index(world: World, kind: Type) -> Index:
    """Every object of a type by where it is."""
    ids: dict[str, list[str]] = {}
    rows = world.table(kind.table).rows
    for key, row in rows.items():
        for division in row["divisions"] if "divisions" in row else (row["division"],):
            ids.setdefault(division, []).append(key)
    return Index(kind, ids, len(rows))


def things(world: World, kind: Type) -> list[Thing]:
    """Every object of a type, by division and name."""
    found = (_thing(world, kind, row) for row in world.table(kind.table).rows.values())
    return sorted(found, key=lambda each: (rank(each.where), each.name.casefold()))


def _thing(world: World, kind: Type, row: Row) -> Thing:
    told = {label: value for label, value in kind.tell(world, row).items() if value != "" and value != []}
    return Thing(row["id"], row["name"], place(world, row["division"]), told)


class Division(NamedTuple):
    """A division and how much is in it, type by type."""

    where: Place
    description: str
    counts: list[int]


def divisions(world: World, indices: Iterable[Index]) -> list[Division]:
    """Every division, and first what is in none of them but in all (`*`), if anything is."""
    listed = [*indices]
    rows = [*world.divisions.rows.values()]
    if any(EVERYWHERE in each.ids for each in listed):
        rows.append({"id": EVERYWHERE, "description": ""})
    found = [
        Division(
            place(world, row["id"]),
            row["description"],
            [len(each.ids.get(row["id"], ())) for each in listed],
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: rank(each.where))
