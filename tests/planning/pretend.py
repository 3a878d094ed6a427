"""An organisation in memory that carries out a plan's operations, nothing more.

Unlike the simulator it shows every version of every object since the last wait, which is what a
cache may still serve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from reconciler.kinds import REGISTRY
from reconciler.model.address import Address
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.marker import Marker, join, split
from reconciler.model.plan import Operation
from reconciler.model.state import Live, LiveState, Reading
from reconciler.model.value import Json, fingerprint
from tests.support.build import HOME_BODY, ORG, live, role, uid
from tests.support.people import PEOPLE

Cells = dict[str, set[tuple[str, str]]]
_PATHS = "/api/v2/authorization/subjects/([^/]+)"
_REVOKE = re.compile(rf"{_PATHS}/divisions/([^/]+)/roles/([^/]+)")
_BULK = re.compile(rf"{_PATHS}/bulk(add|remove)(?:\\?.*)?")
THEIRS = role(0x11, "Theirs", "routing:queue:view")
"""A role that is there and not ours."""


class Organisation:
    """Vendor bodies by kind and id (people are their pairs); operations go in, readings come out."""

    def __init__(self, registry: Registry = REGISTRY) -> None:
        self.registry = registry
        self.bodies: dict[str, dict[str, Json]] = {kind.name: {} for kind in registry}
        self.bodies["division"][HOME_BODY["id"]] = HOME_BODY
        self.bodies["role"][THEIRS["id"]] = THEIRS
        self.bodies["grant"] = dict.fromkeys(PEOPLE, frozenset())
        self.ids: dict[str, str] = {}
        self.versions: list[dict[str, dict[str, Json]]] = []
        self.made = 0

    def reading(self, **more: Any) -> LiveState:
        """What a complete look would show; every division is empty."""
        listed = [kind for kind in self.registry if not kind.collection.subjects]
        sections = {kind.section: list(self.bodies[kind.name].values()) for kind in listed}
        counts: dict[str, dict[str, int]] = {identity: {} for identity in self.bodies["division"]}
        state = live(self.registry, **sections, counts=counts, **more)
        kind = self.registry["grant"]
        return replace(state, readings={**state.readings, kind.name: Reading(tuple(self._people(kind)))})

    def _people(self, kind: AnyKind) -> Iterator[Live]:
        for identity, pairs in self.bodies[kind.name].items():
            sort, name = PEOPLE[identity]
            person = kind.live({"id": identity, "name": name, "subject": sort})
            yield replace(person, fields={**person.fields, "pairs": pairs})

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
        if pair := _REVOKE.fullmatch(path):
            subject, division, role = pair.groups()
            self._hold(subject, {(role, division)}, False)
        elif bulk := _BULK.fullmatch(path):
            grants = self._filled(operation.body)["grants"]
            pairs = {(grant["roleId"], grant["divisionId"]) for grant in grants}
            self._hold(bulk[1], pairs, bulk[2] == "add")
        else:
            self._write(operation, path)

    def _hold(self, subject: str, pairs: set[tuple[str, str]], there: bool) -> None:
        people = self.bodies["grant"]
        if subject in people:
            people[subject] = people[subject] | pairs if there else people[subject] - pairs
            return
        body = self.bodies["client"][subject]
        assert not there  # clients are given theirs as a whole
        kept = [item for item in body["roleDivisions"] if (item["roleId"], item["divisionId"]) not in pairs]
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
        flags = {name: marked.get(name, False) for name in ("suspended", "granted")}
        return join(text, Marker(ORG, Address.parse(marked["address"]), hash8, nonce, **flags))


def settled_access(organisation: Organisation) -> Cells:
    """(permission, division) by client, group and user, as the store has it."""
    return _access([organisation.bodies])


def possible_access(organisation: Organisation) -> Cells:
    """What any mixture of versions since the last wait could let each of them do."""
    return _access([*organisation.versions, organisation.bodies])


def _access(versions: list[dict[str, dict[str, Json]]]) -> Cells:
    client, role = REGISTRY["client"], REGISTRY["role"]
    allowed: dict[str, set[str]] = {}
    cells: Cells = {}
    for version in versions:
        for identity, body in version["role"].items():
            allowed.setdefault(identity, set()).update(name for name, _ in role.read(body)["permissions"])
    for version in versions:
        held = {identity: client.read(body)["grants"] for identity, body in version["client"].items()}
        for identity, pairs in (held | version["grant"]).items():
            for given, division in pairs:
                reach = {(permission, division) for permission in allowed.get(given, ())}
                cells.setdefault(identity, set()).update(reach)
    return cells
