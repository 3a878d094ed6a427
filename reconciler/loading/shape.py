"""The schema of one kind of document, asked about paths: known fields, and what a place is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.loading.hints import quoted
from reconciler.model.kind import AnyKind, Registry
from reconciler.model.origin import Step

Path = tuple[Step, ...]

_GRANTS = "grants"
"""The field by which an entry holds access."""


@dataclass(frozen=True)
class Shape:
    """`schema` is the JSON Schema of the document kind `name`."""

    name: str
    schema: Mapping[str, Any]
    registry: Registry

    def fields(self, path: Path, document: Any) -> list[str]:
        """Names of the fields that the node at `path` may have, in the schema's order.

        Where its `type` in the document says which of several it is, only those of that one.
        """
        for step in path:
            document = document[step]
        nodes = self._at(path)
        nodes = [node for node in nodes if _is_of(node, document.get("type"))] or nodes
        return list(dict.fromkeys(name for node in nodes for name in node.get("properties", ())))

    def noun(self, path: Path) -> str:
        """What the node at `path` is called in a sentence."""
        kind = self.kind(path)
        if kind and len(path) == 3:
            return f"a {kind}"
        if path in ((), ("spec",)):
            return f"a {self.name} document" if self.name != "Org" else "the Org document"
        return self.field(path)

    def field(self, path: Path) -> str:
        """The field at `path`, with its index where it is an element."""
        if not path:
            return "the document"
        if isinstance(path[-1], int):
            return f"`{path[-2]}[{path[-1]}]`"
        return quoted(path[-1])

    def kind(self, path: Path) -> str:
        """Name of the kind whose entry is at or above `path`; "" elsewhere."""
        kind = self._kind(path)
        return kind.name if kind else ""

    def holds_grants(self, path: Path) -> bool:
        """Whether the field at `path` belongs directly to an entry that can hold grants."""
        kind = self._kind(path)
        return len(path) == 4 and kind is not None and _GRANTS in kind.spec.model_fields

    def entry(self, document: Mapping[str, Any], path: Path) -> Mapping[str, Any] | None:
        """What the author wrote of the entry at or above `path`."""
        if not self.kind(path):
            return None
        entry = document["spec"][path[1]][path[2]]
        return entry if isinstance(entry, dict) else None

    def own_divisions(self, document: Mapping[str, Any]) -> Mapping[str, str]:
        """Key of every wall the document declares, by its name and by its key."""
        section = self.registry[self.registry.pair[1]].section
        entries = document["spec"].get(section)
        found: dict[str, str] = {}
        for entry in entries if isinstance(entries, list) else ():
            key = entry.get("key") if isinstance(entry, dict) else None
            if isinstance(key, str):
                found |= {name: key for name in (key, entry.get("name")) if isinstance(name, str)}
        return found

    def _kind(self, path: Path) -> AnyKind | None:
        if len(path) < 3 or path[0] != "spec" or not isinstance(path[2], int):
            return None
        return next((kind for kind in self.registry if kind.section == path[1]), None)

    def _at(self, path: Path) -> list[Mapping[str, Any]]:
        nodes = list(self._alternatives(self.schema))
        for step in path:
            nodes = [
                inner for node in nodes for below in _below(node, step) for inner in self._alternatives(below)
            ]
        return nodes

    def _alternatives(self, node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        if "$ref" in node:
            yield from self._alternatives(self.schema["$defs"][node["$ref"].rpartition("/")[2]])
            return
        yield node
        for inner in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            yield from self._alternatives(inner)


def _is_of(node: Mapping[str, Any], type_: Any) -> bool:
    return bool(node.get("properties", {}).get("type", {}).get("const") == type_)


def _below(node: Mapping[str, Any], step: Step) -> Iterator[Mapping[str, Any]]:
    if isinstance(step, int):
        if "items" in node:
            yield node["items"]
    elif step in node.get("properties", ()):
        yield node["properties"][step]
    elif isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]
