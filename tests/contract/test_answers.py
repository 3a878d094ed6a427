"""Every operation the simulator imitates answers as the vendor's schema says, and asks for what it says.

Schemas are taken strictly: a property the vendor does not list is a mistake, unless the excerpt leaves the
schema open.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.contract import document, operations
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, client_body, grants, open_door, policies

IMITATED = sorted(Simulator().exchange.handlers)
SEED = """
base: northwind-new
organisation: {id: 33333333-3333-3333-3333-333333333333, name: Things}
codes: [{name: Resolved, division: "*"}]
queues:
  - {name: NW Service Desk, members: [mei@northwind.example], groups: [NW Agents], codes: [Resolved]}
flows: [{name: Main Line}]
tables: [{name: Hours, rows: [{key: monday, opens: "08:00"}]}]
units: [{name: Service, managementUnits: [{name: Floor, agents: [mei@northwind.example]}]}]
conversations:
  - {name: call, start: 2026-01-05T09:00:00Z, queues: [NW Service Desk], agents: [mei@northwind.example],
     recordings: 1}
roles: [{name: Script Designer, default: true, missing: true, permissions: ["scripter:script:view"]}]
groups:
  - name: NW Agents
    dynamic: {members: [dana@northwind.example], conditions: [{operation: And, languageSkillConditions: [
      {languageSkill: Spanish, comparator: GreaterThan, proficiency: 2}]}]}
contacts: [{name: Rosa Lind, title: Buyer, division: "*"}]
authorizations: [{name: Desk Panel, scopes: [routing], owner: dana@northwind.example}]
policies:
  - {name: Night, target: "authorization:grant:add", effect: DENY, subject: {group: NW Agents},
     condition: {any: [{attribute: hour}]}, attributes: [{name: hour, type: TIME, description: of the day}],
     presets: [{name: night, type: TIME_RANGE, value: 22-06}]}
"""
EVER = "2000-01-01T00:00:00Z/2100-01-01T00:00:00Z"
EXTRA_RIGHTS = (
    "routing:wrapupCode:view",
    "routing:wrapupCode:search",
    "wfm:businessUnit:view",
    "wfm:businessUnit:search",
    "wfm:managementUnit:search",
    "wfm:realtimeAdherence:view",
    "wfm:schedule:view",
    "audits:audit:view",
    "analytics:conversationDetail:view",
    "analytics:conversationAggregate:view",
    "analytics:queueObservation:view",
    "recording:recording:view",
    "architect:flow:view",
    "architect:flow:search",
    "architect:datatable:view",
    "architect:datatable:search",
    "routing:queue:view",
    "routing:queue:search",
    "routing:queue:edit",
    "directory:user:view",
    "authorization:settings:edit",
    "authorization:policy:view",
    "directory:group:view",
    "externalContacts:contact:view",
    "oauth:client:authorize",
    "wfm:historicalAdherence:view",
)


@dataclass
class Place:
    """An organisation with one of everything, and the ids of that."""

    guest: Guest
    role: str
    default: str
    division: str
    empty: str
    deleted: str
    client: str
    inactive: str
    user: str
    group: str
    queue: str
    named: dict[str, str]
    audit: str
    audit_query: str
    usage_query: str
    adherence_job: str


THINGS = (
    "queues", "wrapupCodes", "flows", "dataTables", "businessUnits", "managementUnits", "conversations",
    "policies",
)  # fmt: skip


async def furnished() -> Place:
    guest = await open_door(parse_seed(SEED), switches={"tombstones": "listed"})
    role, division = await guest.role("r", *EXTRA_RIGHTS), await guest.division("d")
    await guest.grant("operator", (role, "*"))
    deleted = await guest.division("deleted")
    await guest.call("DELETE", f"authorization/divisions/{deleted}")
    queue = str(guest.find("queues", "NW Overflow")["id"])
    await guest.call("POST", f"authorization/divisions/{division}/objects/QUEUE", [queue])
    started = await guest.make("audits/query", {"interval": EVER})
    used = await guest.make("oauth/clients/operator/usage/query", {"interval": EVER})
    _, job = await guest.call(
        "POST", BULK.removeprefix("/api/v2/"), bulk(guest.find("managementUnits", "Floor")["id"])
    )
    return Place(
        audit=next(iter(guest.sim.org.live.audits.rows)),
        audit_query=started["id"],
        usage_query=used["executionId"],
        adherence_job=job["job"]["id"],
        guest=guest,
        role=role,
        default=str(guest.find("roles", "Supervisor")["id"]),
        division=division,
        empty=await guest.division("empty"),
        deleted=deleted,
        client=(await guest.client("c", (role, division), description="x"))["id"],
        inactive=(await guest.client("i", state="inactive"))["id"],
        user=str(guest.find("users", "Mei Tanaka")["id"]),
        group=str(guest.find("groups", "NW Agents")["id"]),
        queue=queue,
        named={row["name"]: row["id"] for section in THINGS for row in guest.sim.snapshot()[section]},
    )


def bulk(unit: str) -> Any:
    """A query of one unit's historical adherence."""
    return {"items": [{"managementUnitId": unit, **WEEK}], "timeZone": "UTC"}


DIVISION = {"name": "new", "description": ""}
SEARCH = {"query": [{"type": "CONTAINS", "fields": ["name"], "value": "e"}], "pageSize": 10}
CONDITION = {"conjunction": "AND", "terms": [{"variableName": "x", "operator": "EQ", "operands": []}]}
ROLE = {
    "name": "new",
    "description": "",
    "permissionPolicies": [policies("routing:queue:view")[0] | {"resourceConditionNode": CONDITION}],
}
AUTH = "/api/v2/authorization"
CLIENTS = "/api/v2/oauth/clients"
WFM = "/api/v2/workforcemanagement"
BULK = f"{WFM}/adherence/historical/bulk"
TARGET = f"{AUTH}/policies/targets/authorization:grant:add"
WEEK = {"startDate": "2026-01-05T00:00:00Z", "endDate": "2026-01-12T00:00:00Z"}
AUDITS = "/api/v2/audits/query"
ANALYTICS = "/api/v2/analytics"
TABLES = "/api/v2/flows/datatables"
AS_CLIENT = "subjectType=PC_OAUTH_CLIENT"

# operationId: the request to send to a furnished organisation, as path and body
EXAMPLES: dict[str, Callable[[Place], tuple[str, Any]]] = {
    "get_tokens_me": lambda at: ("/api/v2/tokens/me", None),
    "head_tokens_me": lambda at: ("/api/v2/tokens/me", None),
    "delete_tokens_me": lambda at: ("/api/v2/tokens/me", None),
    "get_organizations_me": lambda at: ("/api/v2/organizations/me", None),
    "get_organizations_limits_namespace": lambda at: (
        "/api/v2/organizations/limits/namespaces/authorization", None,
    ),
    "get_authorization_permissions": lambda at: (f"{AUTH}/permissions?pageSize=100", None),
    "get_authorization_divisionspermitted_me": lambda at: (
        f"{AUTH}/divisionspermitted/me?permission=authorization:role:view", None,
    ),
    "get_authorization_divisionspermitted_paged_subject_id": lambda at: (
        f"{AUTH}/divisionspermitted/paged/{at.client}?permission=routing:queue:view", None,
    ),
    "get_authorization_divisionspermitted_paged_me": lambda at: (
        f"{AUTH}/divisionspermitted/paged/me?permission=routing:queue:view", None,
    ),
    "get_authorization_divisions": lambda at: (
        f"{AUTH}/divisions?objectCount=true&pageSize=2&pageNumber=2", None,
    ),
    "get_authorization_divisions_query": lambda at: (f"{AUTH}/divisions/query?pageSize=2", None),
    "get_authorization_divisions_deleted": lambda at: (f"{AUTH}/divisions/deleted", None),
    "get_authorization_divisions_home": lambda at: (f"{AUTH}/divisions/home", None),
    "get_authorization_divisions_limit": lambda at: (f"{AUTH}/divisions/limit", None),
    "get_authorization_division": lambda at: (f"{AUTH}/divisions/{at.division}?objectCount=true", None),
    "get_authorization_division_grants": lambda at: (f"{AUTH}/divisions/{at.division}/grants", None),
    "post_authorization_divisions": lambda at: (f"{AUTH}/divisions", DIVISION),
    "put_authorization_division": lambda at: (f"{AUTH}/divisions/{at.division}", DIVISION),
    "delete_authorization_division": lambda at: (f"{AUTH}/divisions/{at.empty}", None),
    "post_authorization_division_restore": lambda at: (f"{AUTH}/divisions/{at.deleted}/restore", DIVISION),
    "post_authorization_division_object": lambda at: (
        f"{AUTH}/divisions/{at.empty}/objects/QUEUE", [at.queue],
    ),
    "get_authorization_roles": lambda at: (f"{AUTH}/roles?pageSize=100", None),
    "get_authorization_role": lambda at: (f"{AUTH}/roles/{at.role}", None),
    "get_authorization_role_subjectgrants": lambda at: (f"{AUTH}/roles/{at.role}/subjectgrants", None),
    "post_authorization_roles": lambda at: (f"{AUTH}/roles", ROLE),
    "put_authorization_role": lambda at: (f"{AUTH}/roles/{at.role}", ROLE),
    "delete_authorization_role": lambda at: (f"{AUTH}/roles/{at.role}", None),
    "post_authorization_role": lambda at: (
        f"{AUTH}/roles/{at.role}?{AS_CLIENT}", {"subjectIds": [at.client], "divisionIds": ["*"]},
    ),
    "get_authorization_roles_settings": lambda at: (f"{AUTH}/roles/settings", None),
    "put_authorization_roles_settings": lambda at: (f"{AUTH}/roles/settings", {"backfillEnabled": True}),
    "get_authorization_subject": lambda at: (
        f"{AUTH}/subjects/{at.user}?includeDuplicates=true&includeFullRoles=true", None,
    ),
    "get_authorization_subjects_me": lambda at: (f"{AUTH}/subjects/me", None),
    "post_authorization_subject_division_role": lambda at: (
        f"{AUTH}/subjects/{at.user}/divisions/{at.division}/roles/{at.role}", None,
    ),
    "delete_authorization_subject_division_role": lambda at: (
        f"{AUTH}/subjects/{at.client}/divisions/{at.division}/roles/{at.role}", None,
    ),
    "post_authorization_subject_bulkadd": lambda at: (
        f"{AUTH}/subjects/{at.client}/bulkadd?{AS_CLIENT}", grants((at.role, "*")),
    ),
    "post_authorization_subject_bulkremove": lambda at: (
        f"{AUTH}/subjects/{at.client}/bulkremove", grants((at.role, at.division)),
    ),
    "post_authorization_subject_bulkreplace": lambda at: (
        f"{AUTH}/subjects/{at.client}/bulkreplace?{AS_CLIENT}", grants(),
    ),
    "get_oauth_clients": lambda at: (CLIENTS, None),
    "get_oauth_client": lambda at: (f"{CLIENTS}/{at.client}", None),
    "post_oauth_clients": lambda at: (CLIENTS, client_body("new", (at.role, at.division), description="")),
    "put_oauth_client": lambda at: (f"{CLIENTS}/{at.client}", client_body("new", (at.role, at.division))),
    "delete_oauth_client": lambda at: (f"{CLIENTS}/{at.inactive}", None),
    "post_oauth_client_secret": lambda at: (f"{CLIENTS}/{at.client}/secret", None),
    "get_users": lambda at: ("/api/v2/users", None),
    "get_user": lambda at: (f"/api/v2/users/{at.user}", None),
    "post_users_search": lambda at: ("/api/v2/users/search", SEARCH),
    "get_groups": lambda at: ("/api/v2/groups", None),
    "get_group": lambda at: (f"/api/v2/groups/{at.group}", None),
    "get_group_members": lambda at: (f"/api/v2/groups/{at.group}/members", None),
    "post_groups_search": lambda at: ("/api/v2/groups/search", SEARCH),
    "get_routing_queues": lambda at: ("/api/v2/routing/queues", None),
    "get_routing_queues_divisionviews": lambda at: ("/api/v2/routing/queues/divisionviews", None),
    "get_routing_queue": lambda at: (f"/api/v2/routing/queues/{at.named['NW Service Desk']}", None),
    "get_routing_queue_members": lambda at: (
        f"/api/v2/routing/queues/{at.named['NW Service Desk']}/members?pageSize=1", None,
    ),
    "get_routing_queue_users": lambda at: (
        f"/api/v2/routing/queues/{at.named['NW Service Desk']}/users", None,
    ),
    "get_routing_queue_wrapupcodes": lambda at: (
        f"/api/v2/routing/queues/{at.named['NW Service Desk']}/wrapupcodes", None,
    ),
    "get_user_queues": lambda at: (f"/api/v2/users/{at.user}/queues", None),
    "get_routing_wrapupcodes": lambda at: ("/api/v2/routing/wrapupcodes", None),
    "get_routing_wrapupcode": lambda at: (f"/api/v2/routing/wrapupcodes/{at.named['Resolved']}", None),
    "get_routing_wrapupcodes_divisionviews": lambda at: ("/api/v2/routing/wrapupcodes/divisionviews", None),
    "get_routing_wrapupcodes_divisionview": lambda at: (
        f"/api/v2/routing/wrapupcodes/divisionviews/{at.named['Resolved']}", None,
    ),
    "get_workforcemanagement_businessunits": lambda at: (f"{WFM}/businessunits", None),
    "get_workforcemanagement_businessunits_divisionviews": lambda at: (
        f"{WFM}/businessunits/divisionviews", None,
    ),
    "get_workforcemanagement_businessunit": lambda at: (f"{WFM}/businessunits/{at.named['Service']}", None),
    "get_workforcemanagement_businessunit_managementunits": lambda at: (
        f"{WFM}/businessunits/{at.named['Service']}/managementunits", None,
    ),
    "get_workforcemanagement_managementunits": lambda at: (f"{WFM}/managementunits", None),
    "get_workforcemanagement_managementunits_divisionviews": lambda at: (
        f"{WFM}/managementunits/divisionviews", None,
    ),
    "get_workforcemanagement_managementunit": lambda at: (
        f"{WFM}/managementunits/{at.named['Floor']}", None,
    ),
    "get_workforcemanagement_managementunit_users": lambda at: (
        f"{WFM}/managementunits/{at.named['Floor']}/users", None,
    ),
    "get_workforcemanagement_managementunit_adherence": lambda at: (
        f"{WFM}/managementunits/{at.named['Floor']}/adherence", None,
    ),
    "get_workforcemanagement_adherence": lambda at: (f"{WFM}/adherence?userId={at.user}", None),
    "get_workforcemanagement_agent_managementunit": lambda at: (
        f"{WFM}/agents/{at.user}/managementunit", None,
    ),
    "post_workforcemanagement_businessunit_agentschedules_search": lambda at: (
        f"{WFM}/businessunits/{at.named['Service']}/agentschedules/search", WEEK,
    ),
    "post_workforcemanagement_managementunit_agentschedules_search": lambda at: (
        f"{WFM}/managementunits/{at.named['Floor']}/agentschedules/search", WEEK,
    ),
    "post_workforcemanagement_managementunit_schedules_search": lambda at: (
        f"{WFM}/managementunits/{at.named['Floor']}/schedules/search", WEEK | {"userIds": [at.user]},
    ),
    "get_audits_query_servicemapping": lambda at: (f"{AUDITS}/servicemapping", None),
    "get_audits_query_realtime_servicemapping": lambda at: (f"{AUDITS}/realtime/servicemapping", None),
    "post_audits_query": lambda at: (AUDITS, {"interval": EVER, "serviceName": "PeoplePermissions"}),
    "get_audits_query_transaction_id": lambda at: (f"{AUDITS}/{at.audit_query}", None),
    "get_audits_query_transaction_id_results": lambda at: (f"{AUDITS}/{at.audit_query}/results", None),
    "post_audits_query_realtime": lambda at: (f"{AUDITS}/realtime", {"interval": EVER, "pageSize": 500}),
    "post_audits_query_realtime_related": lambda at: (f"{AUDITS}/realtime/related", {"auditId": at.audit}),
    "post_oauth_client_usage_query": lambda at: (
        f"{CLIENTS}/operator/usage/query", {"interval": EVER, "granularity": "Day"},
    ),
    "get_oauth_client_usage_summary": lambda at: (f"{CLIENTS}/operator/usage/summary?days=7", None),
    "get_oauth_client_usage_query_result": lambda at: (
        f"{CLIENTS}/operator/usage/query/results/{at.usage_query}", None,
    ),
    "get_analytics_conversation_details": lambda at: (
        f"{ANALYTICS}/conversations/{at.named['call']}/details", None,
    ),
    "post_analytics_conversations_details_query": lambda at: (
        f"{ANALYTICS}/conversations/details/query", {"interval": EVER},
    ),
    "post_analytics_conversations_aggregates_query": lambda at: (
        f"{ANALYTICS}/conversations/aggregates/query",
        {"interval": EVER, "metrics": ["nOffered", "tHandle"], "groupBy": ["divisionId"]},
    ),
    "post_analytics_queues_observations_query": lambda at: (
        f"{ANALYTICS}/queues/observations/query",
        {
            "filter": {
                "type": "or",
                "predicates": [{"dimension": "queueId", "value": at.named["NW Service Desk"]}],
            },
            "metrics": ["oOnQueueUsers"],
        },
    ),
    "get_conversation_recordings": lambda at: (
        f"/api/v2/conversations/{at.named['call']}/recordings", None,
    ),
    "get_conversation_recordingmetadata": lambda at: (
        f"/api/v2/conversations/{at.named['call']}/recordingmetadata", None,
    ),
    "get_flows": lambda at: ("/api/v2/flows", None),
    "get_flow": lambda at: (f"/api/v2/flows/{at.named['Main Line']}", None),
    "get_flows_divisionviews": lambda at: ("/api/v2/flows/divisionviews", None),
    "get_flows_datatables": lambda at: (TABLES, None),
    "get_flows_datatable": lambda at: (f"{TABLES}/{at.named['Hours']}", None),
    "get_flows_datatables_divisionviews": lambda at: (f"{TABLES}/divisionviews", None),
    "get_flows_datatables_divisionview": lambda at: (f"{TABLES}/divisionviews/{at.named['Hours']}", None),
    "get_flows_datatable_rows": lambda at: (f"{TABLES}/{at.named['Hours']}/rows?showbrief=false", None),
    "get_authorization_policies": lambda at: (f"{AUTH}/policies", None),
    "get_authorization_policies_subject_subject_id": lambda at: (
        f"{AUTH}/policies/subject/{at.group}", None,
    ),
    "get_authorization_policies_targets": lambda at: (f"{AUTH}/policies/targets", None),
    "get_authorization_policies_target": lambda at: (TARGET, None),
    "get_authorization_policies_target_subject_subject_id": lambda at: (
        f"{TARGET}/subject/{at.group}", None,
    ),
    "get_authorization_policy": lambda at: (f"{AUTH}/policies/{at.named['Night']}", None),
    "get_authorization_policy_attributes": lambda at: (
        f"{AUTH}/policies/{at.named['Night']}/attributes", None,
    ),
    "get_authorization_products": lambda at: (f"{AUTH}/products", None),
    "post_authorization_roles_default": lambda at: (f"{AUTH}/roles/default?force=true", None),
    "put_authorization_roles_default": lambda at: (f"{AUTH}/roles/default", [{"id": at.default}]),
    "get_authorization_role_comparedefault_right_role_id": lambda at: (
        f"{AUTH}/roles/{at.role}/comparedefault/{at.default}", None,
    ),
    "patch_authorization_role": lambda at: (f"{AUTH}/roles/{at.role}", {"roleNeedsUpdate": True}),
    "get_authorization_role_users": lambda at: (f"{AUTH}/roles/{at.role}/users", None),
    "put_authorization_role_users_add": lambda at: (f"{AUTH}/roles/{at.role}/users/add", [at.user]),
    "put_authorization_role_users_remove": lambda at: (f"{AUTH}/roles/{at.role}/users/remove", [at.user]),
    "get_authorization_subjects_rolecounts": lambda at: (
        f"{AUTH}/subjects/rolecounts?id={at.user}&id={at.client}", None,
    ),
    "get_user_roles": lambda at: (f"/api/v2/users/{at.user}/roles", None),
    "get_externalcontacts_contacts": lambda at: ("/api/v2/externalcontacts/contacts?expand=division", None),
    "get_group_dynamicsettings": lambda at: (f"/api/v2/groups/{at.group}/dynamicsettings", None),
    "get_group_individuals": lambda at: (f"/api/v2/groups/{at.group}/individuals", None),
    "get_oauth_authorizations": lambda at: ("/api/v2/oauth/authorizations", None),
    "get_oauth_scopes": lambda at: ("/api/v2/oauth/scopes", None),
    "post_workforcemanagement_adherence_historical_bulk": lambda at: (BULK, bulk(at.named["Floor"])),
    "get_workforcemanagement_adherence_historical_bulk_job": lambda at: (
        f"{BULK}/jobs/{at.adherence_job}", None,
    ),
}  # fmt: skip


def test_every_imitated_operation_has_an_example() -> None:
    assert sorted(EXAMPLES) == IMITATED


def _closed() -> dict[str, Any]:
    """The components, with every object closed that the excerpt does not leave open."""
    components: dict[str, Any] = copy.deepcopy(document()["components"])
    for schema in components["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return components


COMPONENTS = _closed()


def check(schema: dict[str, Any], value: Any) -> None:
    jsonschema.Draft202012Validator({**schema, "components": COMPONENTS}).validate(value)


def answer_schema(operation: str) -> dict[str, Any] | None:
    """The schema of the success of an operation, None for an empty answer."""
    spec = document()["paths"][operations()[operation].path][operations()[operation].method.lower()]
    answer = next(spec["responses"][code] for code in ("200", "2XX") if code in spec["responses"])
    content: dict[str, Any] = answer.get("content", {})
    return content["application/json"]["schema"] if content else None


@pytest.mark.parametrize("operation", IMITATED)
async def test_an_operation_asks_and_answers_as_the_contract_says(operation: str) -> None:
    at, known = await furnished(), operations()[operation]
    path, body = EXAMPLES[operation](at)
    assert (body is None) == (known.body is None)
    if known.body:
        check(known.body, body)

    answer = await at.guest.http.request(known.method, path, json=body)
    assert answer.status_code == known.status, answer.text
    expected = answer_schema(operation)
    if expected is None:
        assert answer.content == b""
    else:
        check(expected, answer.json())
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("operation", IMITATED)
async def test_refusals_have_the_body_of_an_error(operation: str) -> None:
    """Without a token, and with an id that is nobody's."""
    at, known = await furnished(), operations()[operation]
    path, body = EXAMPLES[operation](at)
    for bad_path, headers in (
        (path, {"authorization": ""}),
        (path.replace("/api/v2/", "/api/v2/nowhere/"), {}),
    ):
        answer = await at.guest.http.request(known.method, bad_path, json=body, headers=headers)
        assert answer.status_code in (401, 404)
        if known.method != "HEAD":
            check({"$ref": "#/components/schemas/ErrorBody"}, answer.json())


async def test_a_tombstone_and_a_thin_list_fit_the_contract_too() -> None:
    at = await furnished()
    await at.guest.call("DELETE", f"oauth/clients/{at.inactive}")
    listed = await at.guest.get("oauth/clients")
    assert "deleted" in {row["state"] for row in listed["entities"]}
    check({"$ref": "#/components/schemas/OAuthClientEntityListing"}, listed)
    thin = await open_door(switches={"thin-clients": "on", "thin-roles": "on"})
    check({"$ref": "#/components/schemas/OAuthClientEntityListing"}, await thin.get("oauth/clients"))
    check(
        {"$ref": "#/components/schemas/OrganizationRoleEntityListing"}, await thin.get("authorization/roles")
    )


async def test_tokens_and_their_refusals_fit_the_contract() -> None:
    guest = await open_door()
    given = await guest.ask_token("operator", "operator-secret")
    check({"$ref": "#/components/schemas/AccessTokenResponse"}, given.json())
    refused = await guest.ask_token("operator", "wrong")
    check({"$ref": "#/components/schemas/TokenError"}, refused.json())
