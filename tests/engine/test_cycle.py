"""One turn of the loop: what is looked at twice, and what that finds."""

from __future__ import annotations

import pytest

from tests.engine.world import (
    CLIENTS,
    DIVISIONS,
    ROLES,
    SUBJECTS,
    World,
    manifests,
    owner,
    results,
    tenant,
    world,
)
from tests.support.clock import run

BASE = 8
"""Token, organisation, operator's subject, one page of four lists, the role settings."""


async def asked(here: World, *only: str, tenants: tuple[str, ...] = ("acme", "globex")) -> list[str]:
    """The requests of one plan, the first eight left out."""
    before = len(here.sim.requests)
    await here.plan(manifests(*map(tenant, tenants)), *only)
    return [each.path.partition("?")[0] for each in here.sim.requests[before:]][BASE - 1 :]


def test_nothing_to_do_costs_the_base_and_no_write() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(manifests(tenant("acme"), tenant("globex")))
            writes = here.written()
            assert await asked(here) == []
            report = await here.reconcile(manifests(tenant("acme"), tenant("globex")))
        assert (report.outcomes, report.requests.write, report.unchanged) == ((), 0, 5)
        assert here.written() == writes

    run(scenario())


def test_a_selected_client_is_read_in_both_views() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(manifests(tenant("acme"), tenant("globex")))
            client = here.rows(CLIENTS)["acme-metrics"]["id"]
            assert await asked(here, "acme") == [f"{SUBJECTS}/{client}"]

    run(scenario())


def test_a_client_that_changes_is_read_in_both_views() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(manifests(tenant("acme"), tenant("globex")))
            client = here.rows(CLIENTS)["acme-metrics"]
            here.sim.edit("PUT", f"{CLIENTS}/{client['id']}", {**client, "accessTokenValiditySeconds": 600})
            assert await asked(here) == [f"{SUBJECTS}/{client['id']}"]

    run(scenario())


def test_orphan_divisions_are_counted() -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(manifests(tenant("acme"), tenant("globex")))
            paths = await asked(here, tenants=("acme",))
            assert paths.count(DIVISIONS) == 1

    run(scenario())


@pytest.mark.parametrize("shown", ["yes", "no"])
def test_a_pair_granted_by_hand_is_taken_back(shown: str) -> None:
    """Wherever the organisation shows it: in the client's own list, or only in its subject."""

    async def scenario() -> None:
        async with world({"bulkadd-visible": shown}) as here:
            wanted = manifests(tenant("acme"), tenant("globex"))
            await here.reconcile(wanted)
            client = here.rows(CLIENTS)["acme-metrics"]
            foreign = here.rows(DIVISIONS)["GLOBEX"]["id"]
            here.grant_by_hand(client["id"], here.rows(ROLES)["Tenant Queue Metrics"]["id"], foreign)
            report = await here.apply(await here.plan(wanted, "acme/client/metrics"))
            grants = here.sim.edit("GET", f"{SUBJECTS}/{client['id']}")[1]["grants"]
            again = await here.plan(wanted, "acme/client/metrics")
        if shown == "yes":
            assert results(report) == {"acme/client/metrics": "done"}
        assert [grant["division"]["name"] for grant in grants] == ["ACME"]
        assert again.operations == ()

    run(scenario())


def test_an_entry_may_hold_no_more_than_its_kind_knows() -> None:
    """The helper of these tests reads entries as the loader does."""
    with pytest.raises(ValueError, match="divisionIds"):
        owner("acme", client=[{"key": "x", "divisionIds": []}])
