"""A client of a simulator in virtual time: logs in, calls, and makes things in few words."""

from __future__ import annotations

from typing import Any

import httpx

from reconciler.simulator import Seed, Settings, Simulator

API = "/api/v2"
Pair = tuple[str, str]


class VirtualTime:
    """Seconds that pass only when somebody waits or says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class Guest:
    """Somebody at the door of `sim`; `call` gives the status and the JSON of an answer."""

    def __init__(self, sim: Simulator, time: VirtualTime) -> None:
        self.sim, self.time = sim, time
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=sim.app), base_url="http://127.0.0.1")

    async def ask_token(self, client: str, secret: str, grant: str = "client_credentials") -> httpx.Response:
        return await self.http.post("/oauth/token", data={"grant_type": grant}, auth=(client, secret))

    async def log_in(self, client: str = "operator", secret: str = "operator-secret") -> Guest:
        answer = await self.ask_token(client, secret)
        assert answer.status_code == 200, answer.text
        self.http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        return self

    async def as_client(self, client: dict[str, Any]) -> Guest:
        """Another guest of the same simulator, logged in as a client that was just created."""
        return await Guest(self.sim, self.time).log_in(client["id"], client["secret"])

    async def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.http.request(method, f"{API}/{path}", json=body)

    async def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = await self.send(method, path, body)
        return answer.status_code, answer.json() if answer.content else None

    async def get(self, path: str) -> Any:
        status, value = await self.call("GET", path)
        assert status == 200, value
        return value

    async def make(self, path: str, body: Any) -> Any:
        status, value = await self.call("POST", path, body)
        assert status == 200, value
        return value

    async def division(self, name: str) -> str:
        row = await self.make("authorization/divisions", {"name": name, "description": ""})
        return str(row["id"])

    async def role(self, name: str, *permissions: str) -> str:
        body = {"name": name, "description": "", "permissionPolicies": policies(*permissions)}
        return str((await self.make("authorization/roles", body))["id"])

    async def client(self, name: str, *pairs: Pair, **fields: Any) -> dict[str, Any]:
        """A new client; the caller borrows what it needs to hand on first."""
        if pairs:
            await self.grant("operator", *pairs)
        made: dict[str, Any] = await self.make("oauth/clients", client_body(name, *pairs, **fields))
        return made

    async def grant(self, subject: str, *pairs: Pair, kind: str = "PC_OAUTH_CLIENT") -> tuple[int, Any]:
        path = f"authorization/subjects/{subject}/bulkadd?subjectType={kind}"
        return await self.call("POST", path, grants(*pairs))

    async def pairs(self, client: str) -> set[Pair]:
        """What `roleDivisions` of a client shows."""
        row = await self.get(f"oauth/clients/{client}")
        return {(pair["roleId"], pair["divisionId"]) for pair in row["roleDivisions"]}

    async def subject_pairs(self, subject: str) -> set[Pair]:
        """What the subjects API shows."""
        row = await self.get(f"authorization/subjects/{subject}")
        return {(grant["role"]["id"], grant["division"]["id"]) for grant in row["grants"]}

    def find(self, section: str, name: str) -> dict[str, Any]:
        """A row of the snapshot by its name."""
        found: dict[str, Any] = next(row for row in self.sim.snapshot()[section] if row["name"] == name)
        return found


def policies(*permissions: str) -> list[dict[str, Any]]:
    parts = [permission.split(":") for permission in permissions]
    return [
        {"domain": domain, "entityName": entity, "actionSet": [action]} for domain, entity, action in parts
    ]


def grants(*pairs: Pair) -> dict[str, Any]:
    return {"grants": [{"roleId": role, "divisionId": division} for role, division in pairs]}


def client_body(name: str, *pairs: Pair, **fields: Any) -> dict[str, Any]:
    divisions = [{"roleId": role, "divisionId": division} for role, division in pairs]
    return {"name": name, "authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": divisions, **fields}


async def open_door(seed: Seed | None = None, **settings: Any) -> Guest:
    """A logged-in operator of a fresh simulator; `switches={...}` and other settings as keywords."""
    time = VirtualTime()
    return await Guest(Simulator(seed, Settings(**settings), clock=time, sleep=time.sleep), time).log_in()
