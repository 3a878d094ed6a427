"""The vendor's operations as data: paths, permissions and schemas, read from the OpenAPI excerpt.

`find` walks a tree of path segments, literals before parameters, so that a look-up costs the same for one
operation or a thousand.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how it is called, what it needs (`mode` ANY, ALL, NONE), its success."""

    id: str
    method: str
    path: str
    mode: str
    permissions: list[str]
    status: int
    query: dict[str, dict[str, Any]]
    body: dict[str, Any] | None


@cache
def document() -> dict[str, Any]:
    """The OpenAPI excerpt."""
    text = files("reconciler.simulator").joinpath("data/genesys-openapi.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def schema(node: dict[str, Any]) -> dict[str, Any]:
    """`node`, or the named schema it refers to."""
    reference = node.get("$ref")
    return document()["components"]["schemas"][reference.rsplit("/", 1)[1]] if reference else node


@cache
def operations() -> dict[str, Operation]:
    """Every operation of the excerpt by its operationId."""
    shared = {"get", "put", "post", "delete", "patch", "head"}
    return {
        spec["operationId"]: _operation(method, path, spec)
        for path, methods in document()["paths"].items()
        for method, spec in methods.items()
        if method in shared
    }


def _operation(method: str, path: str, spec: dict[str, Any]) -> Operation:
    needs = spec.get("x-genesys-permissions", {"mode": "NONE", "permissions": []})
    content = spec.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        id=spec["operationId"],
        method=method.upper(),
        path=path,
        mode=needs["mode"],
        permissions=needs["permissions"],
        status=spec.get("x-success-status", {}).get("status", 200),
        query={p["name"]: p["schema"] for p in spec.get("parameters", ()) if p.get("in") == "query"},
        body=content.get("schema"),
    )


class Node:
    """A path segment: what follows it, and the operations that end here by method."""

    __slots__ = ("children", "methods", "parameter")

    def __init__(self) -> None:
        """A segment nothing follows yet."""
        self.children: dict[str, Node] = {}
        self.parameter: Node | None = None
        self.methods: dict[str, Operation] = {}


@cache
def _tree() -> Node:
    """Of the API: tokens are asked for at the login host, which is no part of it."""
    root = Node()
    for operation in (each for each in operations().values() if each.path.startswith("/api/")):
        node = root
        for segment in operation.path.split("/")[1:]:
            if segment.startswith("{"):
                node.parameter = node = node.parameter or Node()
            else:
                node = node.children.setdefault(segment, Node())
        node.methods[operation.method] = operation
    return root


def find(method: str, path: str) -> tuple[Operation | None, dict[str, str], bool]:
    """The operation, its path parameters, and whether the path exists at all (for another method)."""
    node = _walk(_tree(), path.split("/")[1:])
    if node is None or not node.methods:
        return None, {}, False
    operation = node.methods.get(method)
    return operation, _parameters(operation, path) if operation else {}, True


def _walk(node: Node, segments: list[str]) -> Node | None:
    if not segments:
        return node
    for child in (node.children.get(segments[0]), node.parameter if segments[0] else None):
        found = _walk(child, segments[1:]) if child else None
        if found and found.methods:
            return found
    return None


def _parameters(operation: Operation, path: str) -> dict[str, str]:
    pairs = zip(operation.path.split("/"), path.split("/"), strict=True)
    return {name[1:-1]: value for name, value in pairs if name.startswith("{")}
