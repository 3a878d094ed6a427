"""A stand-in for GitHub's Actions secrets, written from the REST API's documentation.

The real PyGithub speaks to this. It unseals with the private key what arrives, so that a test sees what was
meant. It imitates the public key, the writing, the looking and the removing of repository secrets, and who
may; no environments, organisations, rate limits of its own, or any other part of GitHub.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

from nacl.public import PrivateKey, SealedBox

from tests.support.listener import Answered, Asked, Listener

TOKEN, REPOSITORY = "made-up-github-token", "northwind/pulls"
_START = datetime(2026, 11, 20, 14, tzinfo=UTC)
_NAME = re.compile("[A-Z_][A-Z0-9_]*")


class GitHub(Listener):
    """`secrets` are what arrived, unsealed; `may_write` is what the token may, `renamed` the name by now."""

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[str, str] = {}
        self.updated: dict[str, datetime] = {}
        self.may_write, self.renamed, self.writes = True, REPOSITORY, 0
        self._key = PrivateKey.generate()

    def answer(self, asked: Asked) -> Answered:
        if asked.headers.get("authorization") not in (f"token {TOKEN}", f"Bearer {TOKEN}"):
            return Answered(401, {"message": "Bad credentials"})
        base = f"/repos/{REPOSITORY}"
        if asked.path == base:
            return Answered(200, {"full_name": self.renamed, "url": f"{self.url}{base}", "name": "pulls"})
        if not asked.path.startswith(f"{base}/actions/secrets/"):
            return Answered(404, {"message": "Not Found"})
        return self._secret(asked, asked.path.removeprefix(f"{base}/actions/secrets/"))

    def _secret(self, asked: Asked, name: str) -> Answered:
        if name == "public-key":
            key = base64.b64encode(bytes(self._key.public_key)).decode()
            return Answered(200, {"key_id": "568250167242549743", "key": key})
        if asked.method == "GET":
            return self._look(name)
        if not self.may_write:
            return Answered(403, {"message": "Resource not accessible by personal access token"})
        if asked.method == "DELETE":
            return Answered(204 if self.secrets.pop(name, None) is not None else 404)
        return self._write(asked, name)

    def _look(self, name: str) -> Answered:
        if name not in self.secrets:
            return Answered(404, {"message": "Not Found"})
        updated = f"{self.updated[name]:%Y-%m-%dT%H:%M:%SZ}"
        return Answered(200, {"name": name, "created_at": updated, "updated_at": updated})

    def _write(self, asked: Asked, name: str) -> Answered:
        if (
            not _NAME.fullmatch(name)
            or name.startswith("GITHUB_")
            or asked.body["key_id"] != "568250167242549743"
        ):
            return Answered(422, {"message": "Validation Failed"})
        new = name not in self.secrets
        sealed = base64.b64decode(asked.body["encrypted_value"])
        self.secrets[name] = SealedBox(self._key).decrypt(sealed).decode()
        self.updated[name] = _START + timedelta(seconds=self.writes)
        self.writes += 1
        return Answered(201 if new else 204, {} if new else None)
