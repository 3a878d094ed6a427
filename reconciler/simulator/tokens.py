"""Access tokens: issued to active client-credentials clients, opaque, and short-lived (§1).

A refused request answers as the sheet quotes it; its status is a switch. Issuing looks at the live
organisation: the login service keeps its own books.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from typing import NamedTuple

from reconciler.simulator.access import Access
from reconciler.simulator.bounded import TOKENS, surplus, trim
from reconciler.simulator.call import Call, Caller, Handler
from reconciler.simulator.clients import CREDENTIALS, shown_pairs
from reconciler.simulator.errors import ApiError, unauthorised
from reconciler.simulator.identity import former
from reconciler.simulator.org import Organisation
from reconciler.simulator.world import Row


class Token(NamedTuple):
    """Whose token it is, when it ends (seconds on the clock), and what its client could do at birth."""

    client: str
    ends: float
    access: Access


class Refused(Exception):
    """A token request that fails: the OAuth `error` and the HTTP status."""

    def __init__(self, status: int, error: str, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.body = {"error": error, "description": why, "error_description": why}


def credentials(header: str) -> tuple[str, str]:
    """Client id and secret of a Basic authorisation header; empty strings when there is none."""
    kind, _, value = header.partition(" ")
    try:
        client, _, secret = b64decode(value, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        return "", ""
    return (client, secret) if kind.lower() == "basic" else ("", "")


class Tokens:
    """The tokens in circulation."""

    def __init__(self, org: Organisation) -> None:
        self._org = org
        self._issued: dict[str, Token] = {}

    def issue(self, header: str, form: dict[str, str]) -> Row:
        """The answer to a token request. Raises Refused."""
        client, secret = credentials(header)
        row = self._org.live.clients.rows.get(client)
        status = int(self._org.switches["token-failure"])
        known = {self._org.secrets.get(key) for key in (client, former(client))}
        if row is None or not secret or secret not in known or row["state"] != "active":
            raise Refused(status, "invalid_client", "authentication failed")
        if form.get("grant_type") != "client_credentials":
            raise Refused(400, "unsupported_grant_type", "grant_type must be client_credentials")
        if row["authorizedGrantType"] != CREDENTIALS:
            raise Refused(400, "unauthorized_client", "client is not authorized for this grant type")
        return self._new(row)

    def _new(self, row: Row) -> Row:
        seconds, now = row["accessTokenValiditySeconds"], self._org.clock.now()
        text = self._org.sequence.new_secret("token") + self._org.sequence.new_secret("token")
        self._issued[text] = Token(row["id"], now + seconds, self._org.access(row["id"]))
        if surplus(self._issued, TOKENS):
            self._forget(now)
        return {"access_token": text, "token_type": "bearer", "expires_in": seconds}

    def _forget(self, now: float) -> None:
        """First what no longer opens anything, then the oldest."""
        clients = self._org.live.clients.rows
        dead = [
            each for each, token in self._issued.items() if token.ends <= now or token.client not in clients
        ]
        for text in dead:
            del self._issued[text]
        trim(self._issued, TOKENS)

    def revoke(self, text: str) -> None:
        """End one token."""
        self._issued.pop(text, None)

    def caller(self, header: str) -> Caller:
        """Whose request this is. Raises 401 without a token that is known, fresh and of a working client."""
        kind, _, text = header.partition(" ")
        if kind.lower() != "bearer" or not text:
            raise unauthorised("authentication.required")
        token = self._issued.get(text)
        row = self._org.live.clients.rows.get(token.client) if token else None
        if token is None or row is None or row["state"] in ("disabled", "deleted"):
            raise unauthorised("bad.credentials")
        if token.ends <= self._org.clock.now():
            raise unauthorised("credentials.expired")
        issued = self._org.on("token-rights", "issued")
        access = token.access if issued else self._org.access(token.client)
        return Caller(token.client, row["name"], row["selfUri"], access, text)


def _info(call: Call) -> Row:
    """TokenInfo with the client's own roleDivisions; whether the vendor fills them is a switch (§12.5)."""
    organisation = call.org.fact("organization")
    named = {"id": organisation["id"], "name": organisation["name"]}
    return {
        "organization": named,
        "homeOrganization": named,
        "authorizedScope": [],
        "OAuthClient": _own(call, named),
    }


def _own(call: Call, organisation: Row) -> Row:
    row = call.org.live.clients.rows.get(call.caller.id)
    if row is None:
        raise ApiError(404, "not.found", "no client belongs to this token")
    kept = (
        "id",
        "name",
        "dateCreated",
        "dateModified",
        "createdBy",
        "modifiedBy",
        "authorizedGrantType",
        "scope",
        "state",
    )
    if call.org.on("own-view", "empty"):
        return {name: row[name] for name in kept} | {"organization": organisation}
    pairs = shown_pairs(call.seen, row["id"], call.org.on("bulkadd-visible", "yes"))
    shown = [{"roleId": role, "divisionId": division} for role, division in pairs]
    return {name: row[name] for name in kept} | {"roleDivisions": shown, "organization": organisation}


def _valid(_: Call) -> None:
    """HEAD: getting this far says it all."""


def operations(tokens: Tokens) -> dict[str, Handler]:
    """The operations on the caller's own token."""

    def delete(call: Call) -> None:
        tokens.revoke(call.caller.token)

    return {"get_tokens_me": _info, "head_tokens_me": _valid, "delete_tokens_me": delete}
