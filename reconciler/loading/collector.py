"""The garbage collector rests while manifests are loaded."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """Switch the cyclic collector off for a while, and back on if it was on.

    Loading makes hundreds of thousands of objects that stay, and no cycles. Left on, the collector
    walks all of them again and again to find nothing, which doubles the time. What is dropped is freed
    by its reference count all the same. Nothing is frozen: in a process that loads again and again, what
    else had been dropped by then, a secret among it, would stay for good.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
