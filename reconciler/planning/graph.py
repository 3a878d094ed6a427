"""The graph of operations: nodes, the edges they wait for, and one order that respects them all."""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from reconciler.model.access import Fact
from reconciler.model.address import Address
from reconciler.model.plan import Edge, Operation
from reconciler.model.value import Json

_PLACEHOLDER = re.compile(r"\{([a-z0-9-]+/[a-z0-9-]+/[a-z0-9~-]+)\}")


@dataclass(slots=True)
class Node:
    """One step on its way to an operation, with the access it takes and gives.

    `edits` says that it writes an object that holds pairs then or after; `after` are the operations it waits
    for, with the reason; those in `whatever` need only have ended, well or not.
    """

    operation: Operation
    gained: frozenset[Fact] = frozenset()
    lost: frozenset[Fact] = frozenset()
    edits: bool = False
    after: dict[str, str] = field(default_factory=dict)
    whatever: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """The operation's id."""
        return self.operation.id


def referred(operation: Operation) -> set[str]:
    """The addresses, as text, whose ids an operation's path and body leave open."""
    return {*_PLACEHOLDER.findall(operation.path), *_references(operation.body)}


def _references(body: Json) -> Iterator[str]:
    if isinstance(body, dict):
        if "$ref" in body:
            yield body["$ref"]
        for value in body.values():
            yield from _references(value)
    elif isinstance(body, list):
        for item in body:
            yield from _references(item)


def in_order(nodes: Mapping[str, Node]) -> tuple[Operation, ...]:
    """Topological order; among those that may go next, by address and step, whatever came first."""
    waiting = {identity: set(node.after) for identity, node in nodes.items()}
    followers: dict[str, list[str]] = defaultdict(list)
    for identity, node in nodes.items():
        for earlier in node.after:
            followers[earlier].append(identity)
    ready = [(_rank(nodes[identity]), identity) for identity, after in waiting.items() if not after]
    heapq.heapify(ready)
    result: list[Operation] = []
    while ready:
        _, identity = heapq.heappop(ready)
        result.append(_finished(nodes[identity]))
        for follower in followers[identity]:
            waiting[follower].discard(identity)
            if not waiting[follower]:
                heapq.heappush(ready, (_rank(nodes[follower]), follower))
    if len(result) < len(nodes):
        stuck = ", ".join(sorted(nodes.keys() - {operation.id for operation in result}))
        raise AssertionError(f"operations wait for each other: {stuck}")
    return tuple(result)


def _rank(node: Node) -> tuple[int, Address]:
    """Deletions last, the rest by address."""
    return (
        node.operation.method == "DELETE" and node.operation.id.endswith(":delete"),
        node.operation.address,
    )


def _finished(node: Node) -> Operation:
    edges = tuple(
        Edge(identity, reason, identity in node.whatever) for identity, reason in sorted(node.after.items())
    )
    return replace(node.operation, after=edges)
