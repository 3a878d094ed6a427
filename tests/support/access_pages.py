"""What `access matrix` and `access diff` print of an organisation before and after a colleague's busy day."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from tests.journeys.test_access_diff import everywhere, save
from tests.journeys.test_drift_command import QUEUES, grant, put
from tests.journeys.world import World
from tests.support.pages import haunt, inhabited, made_world


class Shown(NamedTuple):
    """The matrix afterwards by state, the difference of the two, and that of a file with itself."""

    matrix: dict[str, str]
    rows: list[dict[str, str]]
    diff: str
    difference: dict[str, Any]
    same: str


def _busy(world: World) -> None:
    grant(world, "globex-bank-metrics", QUEUES, "ACME-US")
    grant(world, "globex-bank-metrics", QUEUES, "Home")
    everywhere(world, "initech-saas-metrics", QUEUES)
    put(world, "globex-archive", roleDivisions=[])


_DAYS: dict[str, Callable[[World], None]] = {"busy": _busy, "nasty": haunt}
NAMES = tuple(_DAYS)


@cache
def shown(name: str) -> Shown:
    """What is shown after a day of this name; made once."""
    with made_world() as world:
        inhabited(world)
        before = save(world, "before.json")
        _DAYS[name](world)
        after = save(world, "after.json")
        states = ("live", "desired", "planned")
        matrix = {of: world.run("access", "matrix", "--of", of, "-o", "html").out for of in states}
        diff = world.run("access", "diff", str(before), str(after), "-o", "html").out
        told = world.run("access", "diff", str(before), str(after), "-o", "json").json
        same = world.run("access", "diff", str(after), str(after), "-o", "html").out
        return Shown(matrix, json.loads(after.read_text("utf-8"))["access"], diff, told, same)
