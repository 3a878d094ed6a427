"""Observing: what is read, what it costs, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.engine.enrich import count_objects, enrich
from reconciler.engine.observe import observe
from reconciler.errors import OrgError, WrongOrganisation
from reconciler.kinds import REGISTRY
from reconciler.model.state import Live, LiveState
from tests.engine.world import CLIENTS, DIVISIONS, ORG, ROLES, World, manifests, tenant, world
from tests.support.clock import run
from tests.support.org import connect

QUEUES_ONLY = {
    "name": "Queues Only",
    "permissionPolicies": [{"domain": "routing", "entityName": "queue", "actionSet": ["view"]}],
}


def made(here: World, path: str, **body: object) -> dict[str, str]:
    status, answer = here.sim.edit("POST", path, body)
    assert status == 200, answer
    answer_: dict[str, str] = answer
    return answer_


def named(live: LiveState, kind: str, name: str) -> Live:
    return next(item for item in live.of(kind) if item.name == name)


def test_the_whole_organisation_costs_one_request_per_page_and_four_more() -> None:
    async def scenario() -> None:
        async with world() as here:
            live = await observe(here.api, REGISTRY, ORG)
            assert sorted(each.path.partition("?")[0] for each in here.sim.requests) == sorted(
                [
                    *("/oauth/token", "/api/v2/organizations/me", "/api/v2/authorization/subjects/operator"),
                    *(DIVISIONS, ROLES, CLIENTS, "/api/v2/authorization/permissions", f"{ROLES}/settings"),
                ]
            )
        assert live.gaps() == ()
        assert (live.organization_name, live.operator_id) == ("Northwind Contact Services", "operator")
        assert live.operator_pairs != frozenset()
        assert live.catalogue is not None
        assert live.catalogue["routing:queue:view"] is True
        assert live.catalogue["oauth:client:view"] is False
        assert live.settings is not None

    run(scenario())


def test_another_organisation_is_refused_before_anything_else_is_read() -> None:
    async def scenario() -> None:
        pinned = "00000000-0000-4000-8000-000000000000"
        async with world() as here:
            with pytest.raises(WrongOrganisation, match=pinned) as refusal:
                await observe(here.api, REGISTRY, replace(ORG, organization_id=pinned))
            assert ORG.organization_id in refusal.value.message
            assert [each.path for each in here.sim.requests] == ["/oauth/token", "/api/v2/organizations/me"]

    run(scenario())


def test_what_may_not_be_read_is_a_gap_that_names_the_permission() -> None:
    async def scenario() -> None:
        async with world() as here:
            role = made(here, ROLES, **QUEUES_ONLY)
            pairs = [{"roleId": role["id"], "divisionId": here.home()}]
            guest = made(
                here, CLIENTS, name="guest", authorizedGrantType="CLIENT-CREDENTIALS", roleDivisions=pairs
            )
            async with connect(here.sim, client_id=guest["id"], client_secret=guest["secret"]) as api:
                live = await observe(api, REGISTRY, ORG)
        assert "oauth:client:view" in live.readings["client"].gap
        assert "authorization:role:view" in live.readings["role"].gap
        assert (live.settings, live.operator_id) == (None, "")

    run(scenario())


@pytest.mark.parametrize("path", [DIVISIONS, ROLES, CLIENTS, "/api/v2/authorization/permissions"])
def test_an_organisation_that_answers_badly_is_an_error(path: str) -> None:
    async def scenario() -> None:
        async with world() as here:
            here.sim.faults([{"kind": "html", "path": path, "times": None}])
            with pytest.raises(OrgError):
                await observe(here.api, REGISTRY, ORG)

    run(scenario())


@pytest.mark.parametrize("switch", ["thin-clients", "thin-roles"])
def test_thin_lists_are_filled_for_what_may_be_ours(switch: str) -> None:
    async def scenario() -> None:
        async with world({switch: "on"}) as here:
            await here.reconcile(manifests(tenant("acme")))
            again = await here.plan(manifests(tenant("acme")))
            live = await observe(here.api, REGISTRY, ORG)
        assert again.operations == ()
        assert named(live, "role", "Tenant Queue Metrics").fields["permissions"] != frozenset()
        assert len(named(live, "client", "acme-metrics").fields["grants"]) == 1

    run(scenario())


def test_what_thin_lists_say_of_others_is_not_read_again() -> None:
    async def scenario() -> None:
        async with world({"thin-roles": "on"}) as here:
            await here.reconcile(manifests(tenant("acme")))
            before = len(here.sim.requests)
            await observe(here.api, REGISTRY, ORG)
            singly = [each.path for each in here.sim.requests[before:] if each.path.startswith(f"{ROLES}/")]
            ours = here.rows(ROLES)["Tenant Queue Metrics"]["id"]
        assert sorted(singly) == sorted([f"{ROLES}/{ours}", f"{ROLES}/settings"])

    run(scenario())


def test_an_object_that_is_listed_and_not_there_is_a_gap_and_not_gone() -> None:
    async def scenario() -> None:
        async with world({"thin-clients": "on"}) as here:
            gone = made(here, CLIENTS, name="gone", authorizedGrantType="CODE")
            here.sim.faults([{"kind": "status", "status": 404, "path": f"{CLIENTS}/{gone['id']}"}])
            live = await observe(here.api, REGISTRY, ORG)
            again = await observe(here.api, REGISTRY, ORG)
        assert "gone" in {item.name for item in live.of("client")}
        assert "1 listed, but not there when read by id" in live.readings["client"].gap
        assert again.gaps() == ()

    run(scenario())


def test_tombstones_are_left_out() -> None:
    async def scenario() -> None:
        async with world({"tombstones": "listed"}) as here:
            dead = made(here, CLIENTS, name="dead", authorizedGrantType="CODE", state="inactive")
            here.sim.edit("DELETE", f"{CLIENTS}/{dead['id']}")
            assert here.rows(CLIENTS)["dead"]["state"] == "deleted"
            live = await observe(here.api, REGISTRY, ORG)
        assert "dead" not in {item.name for item in live.of("client")}

    run(scenario())


def test_the_operator_may_be_named_by_its_id() -> None:
    async def scenario() -> None:
        async with world() as here:
            made(here, CLIENTS, name="operator", authorizedGrantType="CODE")
            live = await observe(here.api, REGISTRY, replace(ORG, operator="operator"))
        assert live.operator_id == "operator"

    run(scenario())


@pytest.mark.parametrize(("twins", "said"), [(0, "no such client"), (2, "2 clients are called so")])
def test_an_operator_that_is_not_there_once_is_an_error(twins: int, said: str) -> None:
    async def scenario() -> None:
        async with world() as here:
            for _ in range(twins):
                made(here, CLIENTS, name="helper", authorizedGrantType="CODE")
            with pytest.raises(OrgError, match=said) as error:
                await observe(here.api, REGISTRY, replace(ORG, operator="helper"))
        assert "operator.client" in error.value.remedy

    run(scenario())


def test_the_second_view_adds_what_the_first_does_not_show() -> None:
    async def scenario() -> None:
        async with world({"bulkadd-visible": "no"}) as here:
            await here.reconcile(manifests(tenant("acme")))
            client = here.rows(CLIENTS)["acme-metrics"]["id"]
            role = here.rows(ROLES)["Tenant Queue Metrics"]["id"]
            here.grant_by_hand(client, role, here.home())
            live = await observe(here.api, REGISTRY, ORG)
            seen = await enrich(here.api, REGISTRY, live, frozenset({client}))
        first, both = named(live, "client", "acme-metrics"), named(seen, "client", "acme-metrics")
        assert both.elsewhere == {(role, here.home())}
        assert both.fields["grants"] == first.fields["grants"] | both.elsewhere
        assert named(seen, "client", "nw-reconciler") == named(live, "client", "nw-reconciler")

    run(scenario())


def test_objects_are_counted_a_hundred_divisions_at_a_time() -> None:
    async def scenario() -> None:
        async with world() as here:
            ids = [made(here, DIVISIONS, name=f"D{number}")["id"] for number in range(101)]
            queue = here.sim.edit("GET", "/api/v2/routing/queues")[1]["entities"][0]["id"]
            here.sim.edit("POST", f"{DIVISIONS}/{ids[7]}/objects/QUEUE", [queue])
            live = await observe(here.api, REGISTRY, ORG)
            before = len(here.sim.requests)
            counted = await count_objects(here.api, live, ids)
            asked = len(here.sim.requests) - before
        assert asked == 2
        assert {key for key, value in counted.counts.items() if value} == {ids[7]}
        assert len(counted.counts) == 101

    run(scenario())
