"""How much programs call, asked of the organisation: two requests each, and looks until it has counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.engine.tasks import tasks
from reconciler.errors import Refused, Rejected
from reconciler.model.shelves import RESULT, USAGE, is_complete
from reconciler.model.value import Json
from reconciler.ports import Clock, OrgApi

_LOOKS, _BETWEEN = 5, 2.0
"""How often the result of a count is looked at, and the seconds between."""

_UNAUTHORISED = 401


async def all_used(
    api: OrgApi, clock: Clock, programs: Iterable[str], days: int
) -> Mapping[str, Json | None]:
    """By program, what `_used` says."""
    async with tasks() as group:
        asked = {each: group.create_task(_used(api, clock, each, days)) for each in programs}
    return {each: task.result() for each, task in asked.items()}


async def _used(api: OrgApi, clock: Clock, program: str, days: int) -> Json | None:
    """The complete count of the last `days` (ApiUsageQueryResult); None where nobody says, or not in time."""
    try:
        begun = await api.read(USAGE.format(id=program), {"days": str(days)})
        for _ in range(_LOOKS):
            result = await api.read(RESULT.format(id=program, query=begun["executionId"]))
            if is_complete(result):
                return result
            await clock.sleep(_BETWEEN)
    except (Refused, Rejected) as refusal:
        if refusal.status == _UNAUTHORISED:
            raise
        return None
    return None
