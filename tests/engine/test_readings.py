"""Answers that cannot be what the vendor documents are errors, and odd ones are read with care."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.engine import readings
from reconciler.engine.tasks import tasks
from reconciler.errors import Unreadable
from reconciler.kinds import REGISTRY
from tests.support.clock import run


@pytest.mark.parametrize(
    "entity", [{}, {"id": "c", "roleDivisions": [{"roleId": "r"}]}, {"id": "c", "description": 7}]
)
def test_an_entity_that_makes_no_sense_is_unreadable(entity: dict[str, object]) -> None:
    with pytest.raises(Unreadable, match="/api/v2/oauth/clients holds an entity"):
        readings.reading(REGISTRY["client"], [entity], "")


def test_a_catalogue_says_of_each_permission_whether_divisions_confine_it() -> None:
    items = [
        {"domain": "routing", "entityType": "queue", "action": "view", "divisionAware": True},
        {"domain": "routing", "entityType": "queue", "action": "add"},
    ]
    assert readings.catalogue([{"permissionMap": {"queue": items}}, {"permissionMap": None}]) == {
        "routing:queue:view": True,
        "routing:queue:add": False,
    }


@pytest.mark.parametrize(
    ("entity", "maybe"),
    [
        ({}, True),
        ({"description": None}, False),
        ({"description": "hers"}, False),
        ({"description": "[reconciler:x"}, True),
    ],
)
def test_what_may_be_ours_is_looked_at(entity: dict[str, object], maybe: bool) -> None:
    assert readings.may_be_ours(entity) == maybe


def test_the_first_failure_of_several_tasks_is_raised_as_it_is() -> None:
    async def scenario() -> None:
        done: list[str] = []

        async def fail() -> None:
            raise Unreadable("first")

        async def late() -> None:
            await asyncio.sleep(60)
            done.append("late")

        with pytest.raises(Unreadable, match="first"):
            async with tasks() as group:
                group.create_task(late())
                group.create_task(fail())
        assert done == []

    run(scenario())
