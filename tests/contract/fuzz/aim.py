"""The contract as Schemathesis gets it: what is imitated, with ids that mean something.

Random words for ids would end nearly every request in a 404. So each place that takes an id takes one of the
organisation's; words that are none come from Schemathesis itself, half of whose requests break the contract.
Answers are taken strictly: a property that the vendor does not list is a mistake, unless the excerpt is open.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from tests.architecture.source import ROOT

CONTRACT = ROOT / "reconciler/simulator/data/genesys-openapi.json"
PINNED = "bff6052173f5c5a7b805cd2cf735d7cf8212344d927f70127a672677fc213b68"
"""SHA-256 of the contract. It is the vendor's: nobody bends it to what the simulator happens to answer."""

Ids = Mapping[str, Collection[str]]
Document = dict[str, Any]


def contract() -> Document:
    """The excerpt of the vendor's definition. Raises ValueError when it is not the one that is pinned."""
    data = CONTRACT.read_bytes()
    if hashlib.sha256(data).hexdigest() != PINNED:
        raise ValueError(f"{CONTRACT.name} has changed: see that it is still the vendor's, then renew PINNED")
    document: Document = json.loads(data)
    return document


def ids_of(state: Document, operator: str) -> dict[str, list[str]]:
    """Ids by the name of the field that takes them, without the caller itself and what its rights hang on."""
    held = {grant["roleId"] for grant in state["grants"] if grant["subjectId"] == operator}
    spared = held | {operator}
    tables = ("divisions", "roles", "clients", "users", "groups", "queues")
    ids = {
        f"{table[:-1]}Id": [row["id"] for row in state[table] if row["id"] not in spared] for table in tables
    }
    ids["subjectId"] = [*ids["clientId"], *ids["userId"], *ids["groupId"]]
    ids["divisionId"] += ["*", *(row["id"] for row in state["deletedDivisions"])]
    ids["leftRoleId"] = ids["rightRoleId"] = ids["roleId"]
    ids["policyId"] = [row["id"] for row in state["policies"]]
    ids["targetName"] = [row["targetResource"] for row in state["policies"]]
    ids["managementUnitId"] = [row["id"] for row in state["managementUnits"]]
    ids["namespaceName"] = ["authorization", "platform.api"]
    return ids | {f"{name}s": each for name, each in ids.items()}


def aimed(document: Document, operations: Collection[str], ids: Ids) -> Document:
    """A copy of `document` with only these operations; requests take ids of `ids`, answers what is listed."""
    aim = copy.deepcopy(document)
    paths = {path: _kept(methods, operations) for path, methods in aim["paths"].items()}
    aim["paths"] = {path: kept for path, kept in paths.items() if kept}
    for spec in (spec for methods in aim["paths"].values() for spec in methods.values()):
        for parameter in spec.get("parameters", ()):
            parameter["schema"] = _known(parameter["name"], parameter["schema"], ids)
        if "requestBody" in spec:
            spec["requestBody"] = _renamed(spec["requestBody"])
    schemas = aim["components"]["schemas"]
    asked = {f"Asked{name}": _body(_renamed(schema), ids) for name, schema in schemas.items()}
    aim["components"]["schemas"] = {name: _closed(schema) for name, schema in schemas.items()} | asked
    return aim


def _kept(methods: Document, operations: Collection[str]) -> Document:
    return {
        method: spec
        for method, spec in methods.items()
        if isinstance(spec, dict) and spec.get("operationId") in operations
    }


def _renamed(node: Any) -> Any:
    """The same, but of schemas for requests."""
    return json.loads(json.dumps(node).replace("#/components/schemas/", "#/components/schemas/Asked"))


def _body(schema: Document, ids: Ids) -> Document:
    known = {name: _known(name, each, ids) for name, each in schema.get("properties", {}).items()}
    return schema | ({"properties": known} if known else {})


def _closed(schema: Document) -> Document:
    return {"additionalProperties": False} | schema if "properties" in schema else schema


def _known(name: str, schema: Document, ids: Ids) -> Document:
    if name not in ids or schema.get("type") not in ("string", "array"):
        return schema
    known = {"type": "string", "enum": sorted(ids[name])}
    return {"type": "array", "items": known} if schema["type"] == "array" else known
