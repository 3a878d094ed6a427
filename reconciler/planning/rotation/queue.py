"""One client at a time: at most one secret is on its way at any moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from reconciler.planning.draft import Draft
from reconciler.planning.graph import Node


def queue(nodes: Mapping[str, Node], running: Iterable[Draft]) -> None:
    """Let each change wait for the end of the one before it, in the order given.

    Of two changes of one entry the second waits for the first to succeed; another entry's failure stops
    nobody.
    """
    chains = [
        (
            draft.change.address,
            [node for node in nodes.values() if node.operation.address == draft.change.address],
        )
        for draft in running
    ]
    for (before, earlier), (address, later) in pairwise(chains):
        first, last = later[0], earlier[-1]
        first.after[last.id] = "one client at a time"
        if before.entry != address.entry:
            first.whatever.add(last.id)
