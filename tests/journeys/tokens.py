"""What a tenant's own token sees: asked as its application would ask, with the secret from the sink."""

from __future__ import annotations

import base64
import json
from typing import Any, Self

from reconciler.simulator.exchange import Request
from tests.journeys.world import World


class Token:
    """A token of a client whose secret was delivered, or of one whose secret is at hand."""

    def __init__(self, world: World, address: str) -> None:
        told = world.delivered()[address]
        self._sign_in(world, told["clientId"], told["clientSecret"])

    @classmethod
    def of(cls, world: World, client: str, secret: str) -> Self:
        """The token that an application gets for its id and its secret."""
        token = cls.__new__(cls)
        token._sign_in(world, client, secret)
        return token

    def _sign_in(self, world: World, client: str, secret: str) -> None:
        self._sim = world.sim
        basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
        body = b"grant_type=client_credentials"
        answer = self._ask(Request("POST", "/oauth/token", "", {"authorization": f"Basic {basic}"}, body))
        self._headers = {"authorization": f"Bearer {answer[1]['access_token']}"}

    def get(self, path: str, query: str = "") -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        return self._ask(Request("GET", f"/api/v2/{path}", query, self._headers))

    def names(self, path: str, query: str = "pageSize=100") -> set[str]:
        """The names in a list, which must be answered."""
        status, body = self.get(path, query)
        assert status == 200, body
        return {entity["name"] for entity in body["entities"]}

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        """A query by POST."""
        return self._ask(Request("POST", f"/api/v2/{path}", "", self._headers, json.dumps(body).encode()))

    def _ask(self, request: Request) -> tuple[int, Any]:
        answer = self._sim.respond(request).answer
        return answer.status, json.loads(answer.body) if answer.body else None
