"""A stand-in for Vault, as far as a sink uses it, written from the documented API of KV version 2.

There is no Vault or OpenBao server to be had from a package index, so the real hvac speaks to this. It keeps
versions, check-and-set, soft deletion, custom metadata and its limits, namespaces, policies of three
capabilities and the sealed state, and a store of version 1, where every path is a secret. It does not
imitate leases, quotas, replication, `cas_required`, `max_versions`, wrapped answers, audit devices or the
exact words of most errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.listener import Answered, Asked, Listener

ROOT = "root-token"
MOMENT = "2026-11-20T14:00:00.000000Z"


@dataclass
class Key:
    """One path: its versions from 1 on (None for a destroyed one) and its metadata."""

    versions: list[dict[str, Any] | None] = field(default_factory=list)
    deleted: dict[int, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    delete_after: str = "0s"


class Vault(Listener):
    """`policies` are capabilities by token and path prefix; the root token has every one.

    `plain` is what a store of version 1 keeps; None where it is of version 2.
    """

    def __init__(self, mount: str = "kv", namespace: str = "") -> None:
        super().__init__()
        self.mount, self.namespace, self.sealed = mount, namespace, False
        self.plain: dict[str, Any] | None = None
        self.keys: dict[str, Key] = {}
        self.policies: dict[str, Mapping[str, set[str]]] = {}

    def answer(self, asked: Asked) -> Answered:
        if self.sealed:
            return _errors(503, "Vault is sealed")
        token, path = asked.headers.get("x-vault-token", ""), asked.path.removeprefix("/v1/")
        if token != ROOT and token not in self.policies:
            return _errors(403, "permission denied", "invalid token")
        if asked.headers.get("x-vault-namespace", "") != self.namespace:
            return _errors(403, "permission denied")
        if path == "sys/capabilities-self":
            found = {each: sorted(self._may(token, each)) for each in asked.body["paths"]}
            return Answered(200, {"data": found, **found})
        return self._stored(asked, token, path)

    def _may(self, token: str, path: str) -> set[str]:
        if token == ROOT:
            return {"root"}
        fitting = [found for prefix, found in self.policies[token].items() if path.startswith(prefix)]
        return set[str]().union(*fitting) or {"deny"}

    def _stored(self, asked: Asked, token: str, path: str) -> Answered:
        mount, kind, name = path.split("/", 2)
        if mount != self.mount:
            return _errors(404, f'no handler for route "{path}". route entry not found.')
        if self.plain is not None:
            return self._kept(asked, path, self.plain)
        exists = name in self.keys and (kind == "metadata" or bool(self.keys[name].versions))
        needed = "read" if asked.method == "GET" else "update" if exists else "create"
        if not {needed, "root"} & self._may(token, path):
            return _errors(403, "permission denied")
        deed = {"data": self._data, "metadata": self._metadata}[kind]
        return deed(asked, name)

    def _kept(self, asked: Asked, path: str, plain: dict[str, Any]) -> Answered:
        if asked.method == "GET":
            return Answered(200, {"data": plain[path]}) if path in plain else _errors(404)
        plain[path] = asked.body
        return Answered(204)

    def _data(self, asked: Asked, name: str) -> Answered:
        if asked.method == "GET":
            return self._read(name)
        key = self.keys.setdefault(name, Key())
        now, cas = len(key.versions), asked.body.get("options", {}).get("cas")
        if cas is not None and cas != now:
            return _errors(400, "check-and-set parameter did not match the current version")
        key.versions.append(asked.body["data"])
        return Answered(200, {"data": self._about(key, now + 1) | {"version": now + 1}})

    def _read(self, name: str) -> Answered:
        key = self.keys.get(name)
        if key is None or not key.versions:
            return _errors(404)
        now = len(key.versions)
        gone = key.versions[-1] is None or now in key.deleted
        data = {"data": None if gone else key.versions[-1], "metadata": self._about(key, now)}
        return Answered(404 if gone else 200, {"data": data})

    def _metadata(self, asked: Asked, name: str) -> Answered:
        if asked.method == "GET":
            key = self.keys.get(name)
            return _errors(404) if key is None else Answered(200, {"data": self._all(key)})
        custom = asked.body.get("custom_metadata")
        if any(len(word) > 512 or not isinstance(word, str) for word in (custom or {}).values()):
            return _errors(400, "custom_metadata validation failed")
        key = self.keys.setdefault(name, Key())
        key.custom = key.custom if custom is None else custom
        key.delete_after = asked.body.get("delete_version_after", key.delete_after)
        return Answered(204)

    def _all(self, key: Key) -> dict[str, Any]:
        return {
            "current_version": len(key.versions),
            "custom_metadata": key.custom or None,
            "delete_version_after": key.delete_after,
            "versions": {str(n): self._about(key, n) for n in range(1, len(key.versions) + 1)},
        }

    def _about(self, key: Key, version: int) -> dict[str, Any]:
        destroyed = key.versions[version - 1] is None
        deleted = key.deleted.get(version, "")
        return {"created_time": MOMENT, "deletion_time": deleted, "destroyed": destroyed}


def _errors(status: int, *words: str) -> Answered:
    return Answered(status, {"errors": list(words)})
