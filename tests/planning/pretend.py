"""An organisation in memory that carries out a plan's operations, nothing more.

Unlike the simulator it shows every version of every object since the last wait, which is what a
cache may still serve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from reconciler.kinds import REGISTRY
from reconciler.model.address import Address
from reconciler.model.kind import Registry
from reconciler.model.marker import Marker, join, split
from reconciler.model.plan import Operation
from reconciler.model.state import LiveState
from reconciler.model.value import Json, fingerprint
from tests.support.build import HOME_BODY, ORG, live, uid

Cells = dict[str, set[tuple[str, str]]]
_SUBJECT = re.compile(r"/api/v2/authorization/subjects/([^/]+)/divisions/([^/]+)/roles/([^/]+)")


class Organisation:
    """Vendor bodies by kind and id; operations go in, readings come out."""

    def __init__(self, registry: Registry = REGISTRY) -> None:
        self.registry = registry
        self.bodies: dict[str, dict[str, Json]] = {kind.name: {} for kind in registry}
        self.bodies["division"][HOME_BODY["id"]] = HOME_BODY
        self.ids: dict[str, str] = {}
        self.versions: list[dict[str, dict[str, Json]]] = []
        self.made = 0

    def reading(self, **more: Any) -> LiveState:
        """What a complete look would show; every division is empty."""
        sections = {kind.section: list(self.bodies[kind.name].values()) for kind in self.registry}
        counts: dict[str, dict[str, int]] = {identity: {} for identity in self.bodies["division"]}
        return live(self.registry, **sections, counts=counts, **more)

    def run(self, operations: Iterable[Operation]) -> None:
        """Carry out operations in the order given."""
        for operation in operations:
            self.step(operation)

    def step(self, operation: Operation) -> None:
        """Carry out one operation; a wait lets caches forget what was before."""
        if operation.does == "wait":
            self.versions = []
        if operation.does != "request":
            return
        self.versions.append({kind: dict(bodies) for kind, bodies in self.bodies.items()})
        path = re.sub(r"\{([^}]+)\}", lambda match: self.ids[match[1]], operation.path)
        if pair := _SUBJECT.fullmatch(path):
            self._revoke(*pair.groups())
        else:
            self._write(operation, path)

    def _revoke(self, subject: str, division: str, role: str) -> None:
        body = self.bodies["client"][subject]
        gone = {"roleId": role, "divisionId": division}
        kept = [pair for pair in body["roleDivisions"] if pair != gone]
        self.bodies["client"][subject] = {**body, "roleDivisions": kept}

    def _write(self, operation: Operation, path: str) -> None:
        kind = self.registry[operation.address.kind]
        store = self.bodies[kind.name]
        identity = path.removeprefix(kind.collection.path).strip("/")
        if operation.method == "DELETE":
            del store[identity]
        elif operation.method == "POST" and identity:
            assert identity.endswith("/secret")
        else:
            old = store.get(identity, {}).get("description") or ""
            body = self._filled(operation.body)
            identity = identity or self._new(operation.address)
            description = self._description(kind, body, split(old)[1])
            store[identity] = {**body, "id": identity, "description": description}

    def _new(self, address: Address) -> str:
        self.made += 1
        self.ids[str(address)] = uid(0x1000 + self.made)
        return self.ids[str(address)]

    def _filled(self, body: Json) -> Json:
        if isinstance(body, dict):
            if "$ref" in body:
                return self.ids[body["$ref"]]
            return {key: self._filled(value) for key, value in body.items()}
        return [self._filled(item) for item in body] if isinstance(body, list) else body

    @staticmethod
    def _description(kind: Any, body: Json, old: Marker | None) -> str:
        marked = body["description"]
        text = marked["$marked"]
        nonce = {"new": "0a1b2c3d", "keep": old.nonce if old else "", None: ""}[marked["nonce"]]
        hash8 = fingerprint(kind.read({**body, "description": text}))
        suspended = marked.get("suspended", False)
        return join(text, Marker(ORG, Address.parse(marked["address"]), hash8, nonce, suspended=suspended))


def settled_access(organisation: Organisation) -> Cells:
    """(permission, division) by client, as the store has it."""
    return _access([organisation.bodies])


def possible_access(organisation: Organisation) -> Cells:
    """What any mixture of versions since the last wait could let each client do."""
    return _access([*organisation.versions, organisation.bodies])


def _access(versions: list[dict[str, dict[str, Json]]]) -> Cells:
    client, role = REGISTRY["client"], REGISTRY["role"]
    allowed: dict[str, set[str]] = {}
    cells: Cells = {}
    for version in versions:
        for identity, body in version["role"].items():
            allowed.setdefault(identity, set()).update(name for name, _ in role.read(body)["permissions"])
    for version in versions:
        for identity, body in version["client"].items():
            for held, division in client.read(body)["grants"]:
                reach = {(permission, division) for permission in allowed.get(held, ())}
                cells.setdefault(identity, set()).update(reach)
    return cells
