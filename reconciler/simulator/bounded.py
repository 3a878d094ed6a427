"""What is remembered for a while only, so that no number of requests fills the memory."""

from collections.abc import Iterable, Mapping, MutableMapping
from itertools import islice
from typing import TypeVar

Key = TypeVar("Key")
Kept = TypeVar("Kept")

ACCESS, TOKENS, ACCOUNTS, USAGE, QUERIES, AUDITS = 10_000, 10_000, 10_000, 20_000, 1_000, 20_000
"""How many of each are remembered: rights worked out, tokens, accounts of the rate limit, counts of usage,
queries, audits. Up to a tenth more until the oldest are forgotten together."""


def surplus(kept: Mapping[Key, object], most: int) -> Iterable[Key]:
    """What is to be forgotten, the oldest first: nothing until there is a tenth too much."""
    over = len(kept) - most
    return list(islice(kept, over)) if over > most // 10 else ()


def trim(kept: MutableMapping[Key, Kept], most: int) -> None:
    """Forget what came first, so that no more than `most` and a tenth are kept."""
    for key in surplus(kept, most):
        del kept[key]
