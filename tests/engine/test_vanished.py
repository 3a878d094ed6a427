"""What a list has just shown is not taken for gone because it is not there when it is read by itself."""

from __future__ import annotations

import pytest

from reconciler.errors import PartlyVisible
from tests.engine.world import CLIENTS, ROLES, World, manifests, owner, tenant, world
from tests.support.clock import run

WANTED = manifests(tenant("acme"))
ADOPTED = {"key": "mine", "name": "Mine", "permissions": ["routing:queue:view"], "adopt": True}


SAID = "1 listed, but not there when read by id"


def hide_once(here: World, path: str) -> None:
    here.sim.faults([{"kind": "status", "status": 404, "method": "GET", "path": path}])


def test_a_client_of_ours_is_not_made_a_second_time() -> None:
    async def scenario() -> None:
        async with world({"thin-clients": "on"}) as here:
            await here.reconcile(WANTED)
            hide_once(here, f"{CLIENTS}/{here.rows(CLIENTS)['acme-metrics']['id']}")
            with pytest.raises(PartlyVisible, match=SAID):
                await here.plan(WANTED)
            assert (await here.plan(WANTED)).operations == ()

    run(scenario())


def test_what_is_to_be_adopted_is_not_made_a_second_time() -> None:
    async def scenario() -> None:
        async with world({"thin-roles": "on"}) as here:
            body = {"name": "Mine", "permissionPolicies": []}
            status, role = here.sim.edit("POST", ROLES, body)
            assert status == 200
            hide_once(here, f"{ROLES}/{role['id']}")
            wanted = manifests(shared=owner("org", role=[ADOPTED]))
            with pytest.raises(PartlyVisible, match=SAID):
                await here.plan(wanted)
            assert [change.action for change in (await here.plan(wanted)).running] == ["adopt"]

    run(scenario())


def test_what_a_hand_deletes_while_it_is_read_is_made_again_by_the_next_run() -> None:
    async def scenario() -> None:
        async with world({"thin-clients": "on"}) as here:
            await here.reconcile(WANTED)
            row = here.rows(CLIENTS)["acme-metrics"]
            path, off = f"{CLIENTS}/{row['id']}", {"name": row["name"], "authorizedGrantType": "CODE"}
            edits = [
                {"method": "PUT", "path": path, "body": {**off, "state": "inactive"}},
                {"method": "DELETE", "path": path},
            ]
            here.sim.faults([{"kind": "edit", "method": "GET", "path": path, "edits": edits}])
            with pytest.raises(PartlyVisible, match="deleted just now"):
                await here.plan(WANTED)
            await here.reconcile(WANTED)
            assert "acme-metrics" in here.rows(CLIENTS)

    run(scenario())
