"""A thread of one's own for what blocks: there is no queue of others' deeds before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Aside:
    """One thread, begun with the first deed. It ends with this object."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1)

    async def do(self, deed: Callable[[], T]) -> T:
        """Do it once everything that was given before is done, also where nobody waits for that any more."""
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._executor, deed))
