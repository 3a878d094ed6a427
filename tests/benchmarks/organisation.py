"""The organisation in which generated manifests are already true, as the pages it would answer.

Bodies have the fields and about the size of the vendor's; our marker stands on all that is declared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import httpx

from reconciler import wiring
from reconciler.engine.observe import CATALOGUE, ORGANISATION, SETTINGS
from reconciler.kinds import REGISTRY
from reconciler.model.address import Address
from reconciler.model.manifest import Manifests
from reconciler.model.marker import Marker, join
from reconciler.model.state import Resource
from reconciler.model.value import Json, fingerprint, resolved
from reconciler.planning.resolve import resolve
from tests.benchmarks.generate import OPERATOR, ORGANIZATION_ID, permissions
from tests.support.build import HOME_BODY, TODAY
from tests.support.clock import LoopClock

PAGE = 100
TOKEN = "/oauth/token"
OPERATOR_ID = "0e8a0100-0000-4000-8000-000000000001"
SUBJECT = f"/api/v2/authorization/subjects/{OPERATOR_ID}"

_PERSON = {"id": "0e8a0100-0000-4000-8000-000000000002", "selfUri": "/api/v2/users/0e8a0100"}
_SAID_OF_ALL: dict[str, dict[str, Json]] = {
    "division": {"homeDivision": False, "objectCounts": {}},
    "role": {"base": False, "default": False, "userCount": 0},
    "client": {"dateCreated": "2026-01-01T09:00:00.000Z", "createdBy": _PERSON, "modifiedBy": _PERSON},
}


def record(manifests: Manifests, place: Path) -> None:
    """Write every answer below `place`: one file per page, named by what is asked for."""
    place.mkdir()
    for path, answer in _answers(manifests).items():
        (place / _file(path)).write_bytes(json.dumps(answer, separators=(",", ":")).encode())


@contextmanager
def replayed(place: Path) -> Iterator[list[str]]:
    """Whoever connects meanwhile gets the recorded answers; what was asked for is noted.

    Its clock is the running loop's: on a virtual loop a wait that looked at real time spins till its end.
    """
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        number = request.url.params.get("pageNumber", "1")
        asked.append(_file(f"{request.url.path}#{number}"))
        content = (place / asked[-1]).read_bytes()
        return httpx.Response(200, headers={"content-type": "application/json"}, content=content)

    credentials = {wiring.CLIENT_ID: "operator", wiring.CLIENT_SECRET: "operator-secret"}
    network = patch.object(httpx, "AsyncHTTPTransport", lambda **_: httpx.MockTransport(answer))
    with network, patch.object(wiring, "SystemClock", LoopClock), patch.dict(os.environ, credentials):
        yield asked


def _file(path: str) -> str:
    return path.strip("/").replace("/", ".")


def _answers(manifests: Manifests) -> dict[str, Json]:
    answers: dict[str, Json] = {
        f"{TOKEN}#1": {"access_token": "token", "token_type": "bearer", "expires_in": 86400},
        f"{ORGANISATION}#1": {"id": ORGANIZATION_ID, "name": "Northwind"},
        f"{SETTINGS}#1": {},
        f"{SUBJECT}#1": {"id": OPERATOR_ID, "grants": []},
    }
    bodies = _bodies(manifests)
    for kind in (kind for kind in REGISTRY if kind.collection.subjects is None):
        of_kind = bodies[kind.name]
        answers |= _pages(kind.collection.path, of_kind, PAGE if kind.collection.paged else len(of_kind))
    return answers | _pages(CATALOGUE, _catalogue(), PAGE)


def _pages(path: str, entities: list[Json], size: int) -> dict[str, Json]:
    starts = range(0, len(entities), size)
    whole = {"pageSize": size, "total": len(entities), "pageCount": len(starts)}
    return {
        f"{path}#{number}": {**whole, "entities": entities[start : start + size], "pageNumber": number}
        for number, start in enumerate(starts, 1)
    }


def _bodies(manifests: Manifests) -> dict[str, list[Json]]:
    """Bodies by kind: what is declared, the Home division and our own client."""
    resources = resolve(manifests, REGISTRY, TODAY)[0].resources
    ids = {address: f"{number:08x}-0000-4000-8000-000000000000" for number, address in enumerate(resources)}
    found: dict[str, list[Json]] = {kind.name: [] for kind in REGISTRY}
    for resource in resources.values():
        found[resource.address.kind].append(_body(resource, ids))
    found["division"].append(HOME_BODY)
    found["client"].append({"id": OPERATOR_ID, "name": OPERATOR, "roleDivisions": []})
    return found


def _body(resource: Resource, ids: dict[Address, str]) -> Json:
    """A declared thing as it is once it has been applied."""
    kind, identity = REGISTRY[resource.address.kind], ids[resource.address]
    fields = {name: resolved(value, ids) for name, value in resource.fields.items()}
    marker = Marker("northwind", resource.address, fingerprint(fields))
    written = kind.write(fields, None) | {"description": join(fields["description"], marker)}
    uri = f"{kind.collection.path}/{identity}"
    return {"id": identity, **written, **_SAID_OF_ALL[kind.name], "selfUri": uri}


def _catalogue() -> list[Json]:
    return [
        {"domain": domain, "permissionMap": {domain: list(_entries(domain))}}
        for domain in sorted({name.split(":")[0] for name in permissions()})
    ]


def _entries(domain: str) -> Iterable[Json]:
    for name in permissions():
        first, entity, action = name.split(":")
        if first == domain:
            yield {"domain": domain, "entityType": entity, "action": action, "divisionAware": True}
