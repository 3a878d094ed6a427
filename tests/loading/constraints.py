"""Every constraint of the JSON Schemas, each with a copy of a right document that breaks just this one."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from reconciler.kinds import REGISTRY
from reconciler.loading import schemas
from tests.loading.complete import DOCUMENTS

Path = tuple[str | int, ...]

SAYS_NOTHING = {"$ref", "$defs", "$schema", "title", "description", "default", "items", "properties"}
SAYS_NOTHING |= {"anyOf", "oneOf", "allOf", "discriminator", "examples"}
"""Keywords that hold others or that no value can break."""


class Broken(NamedTuple):
    """`name` tells the constraint, `document` breaks it at `path`."""

    name: str
    kind: str
    document: Any
    path: Path


def every_broken_document() -> Iterator[Broken]:
    """In a fixed order; a definition used in several documents is broken once."""
    seen: set[str] = set()
    for kind, schema in schemas(REGISTRY).items():
        for broken in _Walk(kind, schema).node(schema, (), kind):
            if broken.name not in seen:
                seen.add(broken.name)
                yield broken


class _Walk:
    def __init__(self, kind: str, schema: dict[str, Any]) -> None:
        self.kind = kind
        self.definitions = schema.get("$defs", {})

    def node(self, schema: dict[str, Any], path: Path, name: str) -> Iterator[Broken]:
        """The constraints on the node at `path`, then those below it."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self.node(self.definitions[name], path, name)
            return
        for keyword in schema:
            if keyword not in SAYS_NOTHING:
                yield from self._break(keyword, schema[keyword], path, name)
        for part in schema.get("allOf", ()):
            yield from self._break("allOf " + part["pattern"], part["pattern"], path, name)
        yield from self._below(schema, path, name)

    def _below(self, schema: dict[str, Any], path: Path, name: str) -> Iterator[Broken]:
        alternatives = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        if alternatives:
            yield self._with(path, 7.5, f"{name} alternatives")
        for index, alternative in enumerate(alternatives):
            yield from self._alternative(alternative, path, f"{name} alternative {index}")
        for field, inner in schema.get("properties", {}).items():
            yield from self.node(inner, self._witness((*path, field)), f"{name}.{field}")
        if "items" in schema:
            yield from self._items(schema["items"], path, f"{name}[]")
        if isinstance(schema.get("additionalProperties"), dict):
            for key in self._at(path):
                yield from self.node(schema["additionalProperties"], (*path, key), f"{name}.*{key}")

    def _alternative(self, schema: dict[str, Any], path: Path, name: str) -> Iterator[Broken]:
        """Only constraints of the alternative that the right document takes; a type is no constraint here."""
        target = self.definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if not _fits(target, self._at(path)):
            if target.get("type") == "integer":
                yield from self._break("minimum", target["minimum"], path, name)
                yield from self._break("maximum", target["maximum"], path, name)
            return
        for broken in self.node(schema, path, name):
            if broken.path != path or not broken.name.endswith((" type", " enum")):
                yield broken

    def _items(self, schema: dict[str, Any], path: Path, name: str) -> Iterator[Broken]:
        items = self._at(path)
        if not items:
            raise AssertionError(f"complete.py has no example below {path}")
        yield from self.node(schema, (*path, 0), name)

    def _witness(self, path: Path) -> Path:
        """The same field in the first element of the list that has it."""
        for index, step in enumerate(path):
            if isinstance(step, int):
                for other in range(len(self._at(path[:index]))):
                    candidate = (*path[:index], other, *path[index + 1 :])
                    if self._has(candidate):
                        return candidate
        if not self._has(path):
            raise AssertionError(f"complete.py has no example of {path}")
        return path

    def _has(self, path: Path) -> bool:
        try:
            self._at(path)
        except (KeyError, IndexError, TypeError):
            return False
        return True

    def _at(self, path: Path) -> Any:
        node: Any = DOCUMENTS[self.kind]
        for step in path:
            node = node[step]
        return node

    def _break(self, keyword: str, limit: Any, path: Path, name: str) -> Iterator[Broken]:
        if keyword == "required":
            for field in limit:
                yield self._without(path, field, f"{name} required {field}")
        elif keyword == "additionalProperties":
            if limit is False:
                yield self._with((*path, "surprise"), 1, f"{name} additionalProperties")
        elif keyword == "propertyNames":
            value = next(iter(self._at(path).values()))
            yield self._with((*path, "Not A Name"), value, f"{name} propertyNames")
        else:
            yield self._with(path, wrong(keyword, limit, self._at(path)), f"{name} {keyword}")

    def _with(self, path: Path, value: Any, name: str) -> Broken:
        if not path:
            return Broken(name, self.kind, value, path)
        document = copy.deepcopy(DOCUMENTS[self.kind])
        _parent(document, path)[path[-1]] = value
        return Broken(name, self.kind, document, path)

    def _without(self, path: Path, field: str, name: str) -> Broken:
        document = copy.deepcopy(DOCUMENTS[self.kind])
        del _parent(document, (*path, field))[field]
        return Broken(name, self.kind, document, path)


def _parent(document: Any, path: Path) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


def _fits(schema: dict[str, Any], value: Any) -> bool:
    types = {"string": str, "array": list, "object": dict, "boolean": bool, "integer": int}
    if "properties" in schema and isinstance(value, dict):
        return set(schema["required"]) <= set(value) and set(value) <= set(schema["properties"])
    return isinstance(value, types[schema["type"]])


def wrong(keyword: str, limit: Any, right: Any) -> Any:
    """A value that breaks one constraint and, as far as possible, no other."""
    if keyword.startswith("allOf ^(?!"):
        return limit.removeprefix("^(?!").removesuffix(")") + right
    if keyword.startswith("allOf ^"):  # what stands between two placeholders
        return right.replace("/", "")
    if keyword.startswith("allOf"):
        return right.replace(limit.replace("[{]", "{").replace("[}]", "}"), "x")
    match keyword:
        case "type":
            return 7 if limit == "string" else "text"
        case "enum" | "const":
            return "something-else"
        case "pattern":
            return "Not: fitting!" if not re.search(limit, "Not: fitting!") else "{braces}"
        case "minLength":
            return ""
        case "maxLength":
            return right + "0" * (limit + 1 - len(right))
        case "minimum":
            return limit - 1
        case "maximum":
            return limit + 1
        case "maxItems":
            return right * (limit + 1)
        case "minItems":
            return []
        case "minProperties":
            return {}
    raise AssertionError(f"no wrong value is known for the keyword {keyword}: add one")
