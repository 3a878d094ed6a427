"""Every operation that shows many, and which objects of a snapshot each client should get of it.

Written from the rules of access: a list is cut to the divisions of its own permission, what stands in `*` is
seen by whoever holds the permission anywhere, a conversation is seen from every division it touched, and the
parts of a thing are seen by whoever sees the thing. Permissions are the contract's (`compared.OPERATIONS`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.simulator.compared import Compared
from tests.simulator.model import Model, visible
from tests.simulator.organisation import EVER

Row = dict[str, Any]
WFM = "get_workforcemanagement_"


def _entities(answer: Any) -> list[str]:
    return [row["id"] for row in answer["entities"]]


def _every(row: Row) -> bool:
    return True


@dataclass(frozen=True)
class Listing:
    """A question for all objects of a section."""

    operation: str
    section: str
    ids: Callable[[Any], list[str]] = _entities
    body: Callable[[Model], Any] | None = None
    query: Callable[[Model], str] | None = None
    kept: Callable[[Row], bool] = _every
    """Rows that are listed at all."""
    by: str = ""
    """The operation whose permissions cut a list that publishes none."""
    org_wide: bool = False
    """Whether objects are shown whatever their division."""

    def expected(self, org: Compared, client: str) -> list[Row] | None:
        """The rows a client should get; None where it is refused."""
        where = org.allowed(client, self.by or self.operation)
        if where is None and not self.by:
            return None
        rows = [row for row in rows_of(org.model, self.section) if self.kept(row) and org.shown(row)]
        return [row for row in rows if self.org_wide or visible(row, where or set())]


@dataclass(frozen=True)
class Parts:
    """A question for what is in each object of a section; `parts` gives it, where the client may act."""

    operation: str
    section: str
    parts: Callable[[Model, Row, set[str]], Iterable[str]]
    ids: Callable[[Any], list[str]] = _entities
    body: Callable[[Row], Any] | None = None
    key: Callable[[Row], str] = lambda row: str(row["id"])
    by: str = ""
    """The operation whose permissions cut the parts of an object that everybody may ask about."""
    open: bool = False
    """Whether an object may be asked about wherever it is, and only its parts are cut."""

    def expected(self, org: Compared, client: str, row: Row) -> tuple[int, set[str]]:
        """The status, and what is in the object when it is 200."""
        where = org.allowed(client, self.by or self.operation)
        if where is None and not self.by:
            return 403, set()
        if not org.shown(row):
            return 404, set()
        if not (self.open or visible(row, where or set())):
            return org.foreign(), set()
        return 200, {*self.parts(org.model, row, where or set())}


def rows_of(model: Model, section: str) -> list[Row]:
    """The objects of a section; an agent is where the unit is."""
    if section != "agents":
        rows: list[Row] = model.state[section]
        return rows
    units = model.state["managementUnits"]
    return [{"id": key, "division": unit["division"]} for unit in units for key in unit["agents"]]


def _people(model: Model, row: Row) -> set[str]:
    """Who serves a queue: by hand and through groups."""
    groups = [group for group in model.state["groups"] if group["id"] in row["groups"]]
    return {*row["members"], *(key for group in groups for key in group["members"])}


def _queues_of(model: Model, row: Row, where: set[str]) -> set[str]:
    queues = [queue for queue in model.state["queues"] if visible(queue, where)]
    return {queue["id"] for queue in queues if row["id"] in _people(model, queue)}


def _below(model: Model, row: Row, where: set[str]) -> list[Row]:
    units = [unit for unit in model.state["managementUnits"] if unit["businessUnit"] == row["id"]]
    return [unit for unit in units if visible(unit, where)]


def _scheduled(answer: Any) -> list[str]:
    return [row["user"]["id"] for row in answer["result"]["agentSchedules"]]


def _week(row: Row) -> Row:
    return {"startDate": "2026-01-05T00:00:00Z", "endDate": "2026-01-06T00:00:00Z"}


def _any_queue(model: Model) -> Row:
    asked = [{"dimension": "queueId", "value": row["id"]} for row in model.state["queues"]]
    return {"filter": {"type": "or", "predicates": asked}, "metrics": ["oOnQueueUsers"]}


def _any_agent(model: Model) -> str:
    return "?" + "&".join(f"userId={row['id']}" for row in model.state["users"])


def _clients(answer: Any) -> list[str]:
    """An authorisation has no id but its client's."""
    return [row["client"]["id"] for row in answer["entities"]]


def _bare(rows: Any) -> list[str]:
    return [row["id"] for row in rows]


def _found(answer: Any) -> list[str]:
    return _bare(answer["results"])


def _grouped(name: str) -> Callable[[Any], list[str]]:
    return lambda answer: [row["group"][name] for row in answer["results"]]


def _agents_of(model: Model, row: Row, where: set[str]) -> Iterable[str]:
    return (key for unit in _below(model, row, where) for key in unit["agents"])


def _active(row: Row) -> bool:
    return not row["deleted"]


_FIGURES = {"interval": EVER, "metrics": ["nOffered"], "groupBy": ["conversationId"]}
_DETAILS = {"interval": EVER, "paging": {"pageSize": 100, "pageNumber": 1}}

LISTINGS = [
    Listing("get_authorization_divisions", "divisions"),
    Listing("get_authorization_divisions_query", "divisions"),
    Listing("get_authorization_divisions_deleted", "deletedDivisions"),
    Listing("get_authorization_roles", "roles"),
    Listing("get_authorization_policies", "policies"),
    Listing("get_oauth_clients", "clients"),
    Listing("get_oauth_authorizations", "authorizations", ids=_clients),
    Listing("get_users", "users", query=lambda model: "?state=any", org_wide=True),
    Listing("get_groups", "groups"),
    Listing("post_groups_search", "groups", _found, body=lambda model: {"query": [], "pageSize": 100}),
    Listing("post_users_search", "users", _found, body=lambda model: {"query": [], "pageSize": 100},
            org_wide=True),
    Listing("post_users_search", "users", _found,
            body=lambda model: {"query": [], "pageSize": 100, "enforcePermissions": True}),
    Listing("get_routing_queues", "queues"),
    Listing("get_routing_queues_divisionviews", "queues"),
    Listing("get_routing_wrapupcodes", "wrapupCodes"),
    Listing("get_routing_wrapupcodes_divisionviews", "wrapupCodes"),
    Listing("get_flows", "flows", kept=_active),
    Listing("get_flows_divisionviews", "flows", kept=_active),
    Listing("get_flows_datatables", "dataTables"),
    Listing("get_flows_datatables_divisionviews", "dataTables"),
    Listing(f"{WFM}businessunits", "businessUnits", by=f"{WFM}businessunit"),
    Listing(f"{WFM}businessunits_divisionviews", "businessUnits"),
    Listing(f"{WFM}managementunits", "managementUnits", by=f"{WFM}managementunit"),
    Listing(f"{WFM}managementunits_divisionviews", "managementUnits"),
    Listing(f"{WFM}adherence", "agents", lambda answer: [row["id"] for row in answer], query=_any_agent),
    Listing("get_externalcontacts_contacts", "contacts"),
    Listing("post_analytics_conversations_details_query", "conversations",
            lambda answer: [row["conversationId"] for row in answer.get("conversations") or ()],
            body=lambda model: _DETAILS),
    Listing("post_analytics_conversations_aggregates_query", "conversations", _grouped("conversationId"),
            body=lambda model: _FIGURES),
    Listing("post_analytics_queues_observations_query", "queues", _grouped("queueId"), body=_any_queue),
]  # fmt: skip

PARTS = [
    Parts("get_routing_queue_members", "queues", lambda model, row, where: _people(model, row)),
    Parts("get_routing_queue_users", "queues", lambda model, row, where: _people(model, row)),
    Parts("get_routing_queue_wrapupcodes", "queues", lambda model, row, where: row["codes"]),
    Parts("get_user_queues", "users", _queues_of, open=True),
    Parts("get_group_members", "groups", lambda model, row, where: row["members"]),
    Parts("get_flows_datatable_rows", "dataTables",
          lambda model, row, where: [each["key"] for each in row["rows"]],
          ids=lambda answer: [row["key"] for row in answer["entities"]]),
    Parts("get_conversation_recordings", "conversations", lambda model, row, where: row["recordings"],
          ids=_bare),
    Parts("get_conversation_recordingmetadata", "conversations", lambda model, row, where: row["recordings"],
          ids=_bare),
    Parts(f"{WFM}businessunit_managementunits", "businessUnits",
          lambda model, row, where: [unit["id"] for unit in _below(model, row, where)],
          by=f"{WFM}managementunit", open=True),
    Parts(f"{WFM}managementunit_users", "managementUnits", lambda model, row, where: row["agents"]),
    Parts(f"{WFM}managementunit_adherence", "managementUnits", lambda model, row, where: row["agents"]),
    Parts(f"{WFM}agent_managementunit", "managementUnits", lambda model, row, where: [row["id"]],
          ids=lambda answer: [answer["managementUnit"]["id"]], key=lambda row: str(row["agents"][0])),
    Parts("post_workforcemanagement_managementunit_agentschedules_search", "managementUnits",
          lambda model, row, where: row["agents"], _scheduled, _week),
    Parts("post_workforcemanagement_businessunit_agentschedules_search", "businessUnits", _agents_of,
          _scheduled, _week),
    Parts("post_workforcemanagement_managementunit_schedules_search", "managementUnits",
          lambda model, row, where: row["agents"], lambda answer: list(answer["userSchedules"]),
          lambda row: _week(row) | {"userIds": row["agents"]}),
]  # fmt: skip

ONE = {
    "get_authorization_division": "divisions", "get_authorization_role": "roles",
    "get_oauth_client": "clients", "get_user": "users", "get_group": "groups", "get_routing_queue": "queues",
    "get_routing_wrapupcode": "wrapupCodes", "get_routing_wrapupcodes_divisionview": "wrapupCodes",
    "get_flow": "flows", "get_flows_datatable": "dataTables",
    "get_flows_datatables_divisionview": "dataTables",
    "get_workforcemanagement_businessunit": "businessUnits",
    "get_workforcemanagement_managementunit": "managementUnits",
    "get_analytics_conversation_details": "conversations", "get_authorization_policy": "policies",
}  # fmt: skip
"""Operations that read one object by its id, and where the snapshot keeps it."""
