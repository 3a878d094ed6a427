"""How often Python looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

_USUAL = gc.get_threshold()
_numbers, _inside = count(), set[int]()


@contextmanager
def few_collections() -> Iterator[None]:
    """A reading and its plan are a large graph without cycles; looking for them costs a sixth of the run.

    Runs may overlap, and the last one to leave puts everything back.
    """
    number = next(_numbers)
    _inside.add(number)
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        _inside.discard(number)
        if not _inside:
            gc.set_threshold(*_USUAL)
