"""What a command looks up before its plan is made, and what it then asks of the plan."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from reconciler.planning.options import PlanOptions
from reconciler.wiring import Session

Prelude: TypeAlias = Callable[[Session, PlanOptions], Awaitable[PlanOptions]]


async def as_given(session: Session, chosen: PlanOptions) -> PlanOptions:
    """Nothing is looked up."""
    return chosen
