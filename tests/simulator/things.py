"""Two tenants with one of everything there is to see, and a client that may see some of it."""

from __future__ import annotations

from typing import Any

from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, open_door, policies
from tests.simulator.organisation import EVER

AUDIT = "audits:audit:view"
SEED = """
base: bare
organisation: {id: 22222222-2222-2222-2222-222222222222, name: Two}
divisions: [{name: East}, {name: West}]
users:
  - {name: Ada, email: ada@two.example, division: East}
  - {name: Bob, email: bob@two.example, division: West}
  - {name: Cy, email: cy@two.example, division: West, state: inactive}
  - {name: Dan, email: dan@two.example}
groups: [{name: Floor, members: [bob@two.example, cy@two.example]}]
codes:
  - {name: East Sale, division: East}
  - {name: West Sale, division: West}
  - {name: Resolved, division: "*"}
queues:
  - {name: East Q, division: East, members: [ada@two.example], codes: [East Sale, Resolved]}
  - {name: West Q, division: West, members: [bob@two.example], groups: [Floor]}
flows:
  - {name: East Line, division: East}
  - {name: West Line, division: West, type: INQUEUECALL}
  - {name: Old Line, division: East, deleted: true}
tables:
  - {name: East Hours, division: East, rows: [{key: mon, opens: "08:00"}, {key: tue, opens: "09:00"}]}
  - {name: West Hours, division: West}
units:
  - {name: East BU, division: East, managementUnits: [
      {name: East MU, division: East, agents: [ada@two.example]},
      {name: Lent MU, division: West, agents: [cy@two.example]}]}
  - {name: West BU, division: West, timeZone: Europe/Berlin, managementUnits: [
      {name: West MU, division: West, agents: [bob@two.example]}]}
conversations:
  - {name: east, start: 2026-01-05T09:00:00Z, minutes: 6, queues: [East Q], agents: [ada@two.example],
     recordings: 2}
  - {name: west, start: 2026-01-05T10:00:00Z, minutes: 4, queues: [West Q], agents: [bob@two.example],
     mediaType: chat}
  - {name: both, start: 2026-01-06T09:00:00Z, minutes: 2, queues: [East Q, West Q], agents: [bob@two.example],
     recordings: 1}
"""
SECTIONS = (
    "divisions", "users", "groups", "queues", "wrapupCodes", "flows", "dataTables", "businessUnits",
    "managementUnits", "conversations",
)  # fmt: skip


async def tenants(**switches: str) -> Guest:
    """The operator of that organisation."""
    return await open_door(parse_seed(SEED, "two.yaml"), switches=switches)


def ids(guest: Guest) -> dict[str, str]:
    """Every thing's id by its name."""
    state = guest.sim.snapshot()
    return {row["name"]: row["id"] for section in SECTIONS for row in state[section]}


async def tenant(guest: Guest, *permissions: str, division: str = "East") -> Guest:
    """A client that holds these permissions in one division."""
    role = await guest.role(f"role {len(guest.sim.requests)}", *permissions)
    where = "*" if division == "*" else ids(guest)[division]
    return await guest.as_client(await guest.client("tenant", (role, where)))


def names(listed: Any) -> list[str]:
    """The names in a list."""
    return [row["name"] for row in listed["entities"]]


async def audits(guest: Guest, **asked: Any) -> list[dict[str, Any]]:
    """What the audits say, to an auditor that an administrator makes, of what was done before."""
    until = len(guest.sim.org.live.audits.rows)
    path = "/api/v2/authorization/roles"
    _, role = guest.sim.edit("POST", path, {"name": f"a {until}", "permissionPolicies": policies(AUDIT)})
    pair = {"grants": [{"roleId": role["id"], "divisionId": "*"}]}
    guest.sim.edit(
        "POST", "/api/v2/authorization/subjects/operator/bulkadd?subjectType=PC_OAUTH_CLIENT", pair
    )
    body = {"interval": EVER, "pageSize": 500} | asked
    listed = await guest.make("audits/query/realtime", body)
    made = [*guest.sim.org.live.audits.rows][:until]
    return [row for row in listed["entities"] if row["id"] in made]
