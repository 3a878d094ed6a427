"""A request to an answer, without any network: who asks, may they, which operation, what it says.

One place checks tokens, the rate limit and permissions for every operation; the operations only do their
work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from reconciler.simulator import (
    adherence,
    agents,
    analytics,
    audit_log,
    audits,
    authorizations,
    clients,
    console,
    contacts,
    default_roles,
    divisions,
    flows,
    grant_views,
    grants,
    organization,
    people,
    policies,
    queue_members,
    queues,
    recordings,
    role_users,
    roles,
    tokens,
    units,
    usage,
    wrapup_codes,
)
from reconciler.simulator.access import require
from reconciler.simulator.bodies import check, known
from reconciler.simulator.bounded import USAGE, trim
from reconciler.simulator.call import Call, Caller, Handler
from reconciler.simulator.contract import Operation, find
from reconciler.simulator.errors import ApiError, bad_request
from reconciler.simulator.org import Organisation, Used
from reconciler.simulator.query import Query
from reconciler.simulator.ratelimit import Limiter
from reconciler.simulator.world import World

MODULES = (
    adherence, agents, analytics, audits, authorizations, clients, contacts, default_roles, divisions, flows,
    grant_views, grants, organization, people, policies, queue_members, queues, recordings, role_users, roles,
    units, usage, wrapup_codes,
)  # fmt: skip
"""Where operations are, but those on tokens."""


@dataclass(frozen=True, slots=True)
class Request:
    """What came over the wire; header names are lower-case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """What goes back. `client` is who asked, for the log; status 0 means nothing was answered."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    client: str = ""
    media_type: str = "application/json"


def json_bytes(value: Any) -> bytes:
    """`value` as compact JSON."""
    return orjson.dumps(value)


class Exchange:
    """Answers requests to one organisation."""

    def __init__(self, org: Organisation, limiter: Limiter) -> None:
        self.org, self._limiter = org, limiter
        self._tokens = tokens.Tokens(org)
        self.handlers: dict[str, Handler] = tokens.operations(self._tokens)
        for module in MODULES:
            self.handlers |= module.OPERATIONS
        self._count = 0

    def answer(self, request: Request, seen: World | None = None, shift: int = 0) -> Answer:
        """Answer one request; `seen` and `shift` come from faults, see Call."""
        self._count += 1
        answer = Answer(0)
        context = f"{self._count:08x}-0000-4000-8000-000000000000"
        try:
            self._fill(answer, request, seen or self.org.seen(), shift)
        except ApiError as error:
            answer.status, answer.body = error.status, json_bytes(error.body(context))
            answer.headers |= error.headers
        except tokens.Refused as refused:
            answer.status, answer.body = refused.status, json_bytes(refused.body)
        answer.headers["ININ-Correlation-Id"] = context
        self._count_use(request, answer)
        return answer

    def _fill(self, answer: Answer, request: Request, seen: World, shift: int) -> None:
        if (request.method, request.path) == ("POST", "/oauth/token"):
            self._token(answer, request)
            return
        caller = self._tokens.caller(request.headers.get("authorization", ""))
        answer.client = caller.id
        self._count_request(answer)
        body = _decoded(request) if request.body else None
        status, value = self.perform(request.method, request.path, request.query, body, caller, seen, shift)
        answer.status, answer.body = status, b"" if value is None else json_bytes(value)

    def _token(self, answer: Answer, request: Request) -> None:
        header = request.headers.get("authorization", "")
        answer.client = tokens.credentials(header)[0]
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        answer.status, answer.body = 200, json_bytes(self._tokens.issue(header, form))

    def _count_request(self, answer: Answer) -> None:
        quota = self._limiter.take(answer.client, self.org.clock.now())
        if quota is None:
            return
        answer.headers |= quota.headers()
        if quota.wait:
            raise quota.refusal()

    def perform(
        self, method: str, path: str, query: str, body: Any, caller: Caller, seen: World, shift: int = 0
    ) -> tuple[int, Any]:
        """Run one operation for a caller: status and JSON value. Raises ApiError."""
        operation, parameters, exists = find(method, path)
        if operation is None:
            if exists:
                raise ApiError(405, "method.not.allowed", "{method} is not allowed here", {"method": method})
            raise ApiError(404, "not.found", "no such path: {path}", {"path": path})
        require(caller.access, operation.mode, operation.permissions)
        body = self._body(operation, body)
        parameters = {name: unquote(value) for name, value in parameters.items()}
        call = Call(self.org, caller, seen, parameters, Query(path, query), body, shift)
        value = self._audited(self.handlers[operation.id], call)
        return operation.status if value is not None else int(self.org.switches["empty-success"]), value

    def by_hand(self, method: str, path: str, body: Any, caller: Caller) -> tuple[int, Any]:
        """What somebody does in the console: an operation, or more than there is one for. Raises ApiError."""
        bare, _, query = path.partition("?")
        deed, parameters = console.find(method, bare)
        if deed is None:
            return self.perform(method, bare, query, body, caller, self.org.live)
        value = self._audited(
            deed, Call(self.org, caller, self.org.live, parameters, Query(bare, query), body)
        )
        return (204 if value is None else 200), value

    def _audited(self, handler: Handler, call: Call) -> Any:
        """Run the operation and note what it wrote, even if it is refused half-way."""
        self.org.written = []
        try:
            return handler(call)
        finally:
            if self.org.written:
                audit_log.record(self.org, call.caller, [*self.org.written])

    def _count_use(self, request: Request, answer: Answer) -> None:
        operation = find(request.method, request.path)[0]
        if operation and answer.client:
            day = f"{self.org.clock.stamp()[:10]}T00:00:00.000Z"
            self.org.usage[Used(answer.client, operation.method, operation.path, answer.status, day)] += 1
            trim(self.org.usage, USAGE)

    def _body(self, operation: Operation, body: Any) -> Any:
        """What the operation gets to see of a body: what the contract knows; None where it knows of none."""
        if operation.body is None:
            return None
        if body is None:
            raise bad_request("the request needs a body")
        check(operation.body, body, self.org.on("unknown-fields", "reject"))
        return known(operation.body, body)


def _decoded(request: Request) -> Any:
    kind = request.headers.get("content-type", "application/json")
    if not kind.startswith("application/json"):
        raise ApiError(415, "unsupported.media.type", "send application/json, not {kind}", {"kind": kind})
    try:
        return orjson.loads(request.body)
    except ValueError as error:
        raise bad_request("the body is not JSON") from error
