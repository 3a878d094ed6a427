"""`recover` finishes births as declared; of a client that works it makes the secret anew, nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.address import Address
from reconciler.model.manifest import Manifests
from tests.engine.test_rotation import ACME, PLACE, client, killed, recover, rotate, signs_in
from tests.engine.world import CLIENTS, World, manifests, owner, results, tenant, world
from tests.support.clock import run

BORN_ACTIVE = manifests(tenant("acme"), new_clients="active-grantless")


async def half_born(here: World, wanted: Manifests) -> None:
    """A birth that ended before its delivery."""
    here.sink.breaks = True
    await here.reconcile(wanted)
    here.sink.breaks = False
    assert here.sink.held == {}


def test_a_client_that_was_born_active_is_recovered_with_its_grants() -> None:
    async def scenario() -> None:
        async with world({"inactive-birth": "refused"}) as here:
            await half_born(here, BORN_ACTIVE)
            assert (client(here)["state"], client(here)["roleDivisions"]) == ("active", [])
            assert results(await recover(here, BORN_ACTIVE)) == {str(ACME): "done"}
            assert client(here)["roleDivisions"] and await signs_in(here, here.sink.held[PLACE])
            assert (await here.plan(BORN_ACTIVE)).operations == ()

    run(scenario())


def test_a_successor_that_was_born_active_takes_the_sink_with_the_grants_of_its_predecessor() -> None:
    async def scenario() -> None:
        async with world({"inactive-birth": "refused"}) as here:
            await here.reconcile(BORN_ACTIVE)
            first, grants = dict(here.sink.held[PLACE]), client(here)["roleDivisions"]
            assert await killed(here, 2, True, "succeed", BORN_ACTIVE) == 2
            assert here.sink.held[PLACE] == first
            assert results(await recover(here, BORN_ACTIVE)) == {f"{ACME}~next": "done"}
            born = client(here, "acme-metrics (next)")
            assert (here.sink.held[PLACE]["id"], born["roleDivisions"]) == (born["id"], grants)
            assert await signs_in(here, first) and await signs_in(here, here.sink.held[PLACE])

    run(scenario())


APP, APP_PLACE = Address("acme", "client", "app"), "acme/app.json"


def app(**more: Any) -> Manifests:
    """An app whose server keeps a secret: it never has grants, so having none says nothing of it."""
    spec = {"key": "app", "grantType": "CODE", "redirectUris": ["https://app.example/cb"], **more}
    return manifests(owner("acme", client=[{**spec, "secret": {"sink": "local"}}]))


@pytest.mark.parametrize(
    "setting", [pytest.param("inactive-grantless", marks=pytest.mark.full), "active-grantless"]
)
def test_of_an_app_whose_rotation_was_cut_the_secret_alone_is_made_anew(setting: Any) -> None:
    async def scenario() -> None:
        async with world() as here:
            await here.reconcile(app())
            here.sim.faults([{"kind": "timeout-after", "method": "POST", "path": "*/secret", "times": None}])
            assert results(await rotate(here, {APP: "renew"}, app())) == {str(APP): "failed"}
            here.sim.faults([])
            wanted, first = app(tokenSeconds=600), dict(here.sink.held[APP_PLACE])
            wanted = replace(wanted, org=replace(wanted.org, new_clients=setting))
            assert results(await recover(here, wanted)) == {str(APP): "done"}
            assert here.rows(CLIENTS)["acme-app"]["accessTokenValiditySeconds"] == 3600
            assert here.sink.held[APP_PLACE] != first

    run(scenario())
