"""The changeover: a successor takes the sink of a client that works, so it is usable at once.

Whoever reads the sink between the delivery and the write that switches the successor on gets what no
token is given for. So all that this write waits for, what our own client borrows for it included, has
ended before the secret is made: what is cut until then leaves the sink to the predecessor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from reconciler.model.address import NEXT, Address
from reconciler.planning.graph import Node


def hurry_changeovers(nodes: Mapping[str, Node]) -> None:
    """Let a successor's secret wait for all that would keep the successor from being switched on."""
    for making, later in _changeovers(nodes):
        making.edits = making.edits or any(node.edits for node in later)
        own = {making.id, *(node.id for node in later)}
        for node in later:
            making.after |= {earlier: why for earlier, why in node.after.items() if earlier not in own}


def _changeovers(nodes: Mapping[str, Node]) -> Iterator[tuple[Node, list[Node]]]:
    """For each successor that is delivered: what makes its secret, and what follows from it.

    A wait that is about it is no step of its own: it comes before.
    """
    chains: dict[Address, list[Node]] = defaultdict(list)
    for node in nodes.values():
        if node.operation.address.part == NEXT and node.operation.does != "wait":
            chains[node.operation.address].append(node)
    for chain in chains.values():
        for place, node in enumerate(chain):
            if node.operation.does == "deliver":
                yield chain[place - 1], chain[place:]
