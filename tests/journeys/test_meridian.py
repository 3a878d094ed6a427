"""A usual size: 14 tenants, 38 divisions, 45 clients; every request is accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from typing import Any

import pytest

from reconciler.planning.settle import SETTLE_SECONDS
from reconciler.simulator import Seed, default_seed
from tests.journeys.test_drift_command import grant
from tests.journeys.test_prove import move, proof
from tests.journeys.world import APPLY, MERIDIAN, World

ORG_ID = "0b9d7f52-6c1e-4f38-8a44-2f1f6a1d9c07"
OBSERVE = Counter(
    {
        "POST /oauth/token": 1,
        "GET /api/v2/organizations/me": 1,
        "GET /api/v2/authorization/subjects": 1,
        "GET /api/v2/authorization/divisions": 1,
        "GET /api/v2/authorization/roles": 1,
        "GET /api/v2/oauth/clients": 1,
        "GET /api/v2/authorization/permissions": 1,
        "GET /api/v2/authorization/roles/settings": 1,
    }
)
"""What every plan reads of an organisation that fits into one page each."""
MAKING = OBSERVE + Counter({"GET /api/v2/authorization/divisions/limit": 1})
"""What a plan reads that makes divisions: how many there may be too."""


def meridian_seed() -> Seed:
    seed = default_seed()
    clients = [
        {**each, "name": "meridian-reconciler"} if each.get("operator") else each for each in seed.clients
    ]
    return replace(
        seed, organisation={**seed.organisation, "id": ORG_ID, "name": "Meridian"}, clients=clients
    )


@pytest.fixture
def meridian(make_world: Callable[..., World]) -> World:
    """Meridian before its first apply; secrets go to files, as there is no vault here."""
    world = make_world(manifests=MERIDIAN, seed=meridian_seed(), org="meridian")
    world.change("org.yaml", "vault: {type: vault, mount: kv, ", "vault: {type: file, ")
    return world


def asked(world: World, *arguments: str) -> Counter[str]:
    """How often each thing was asked, ids left out."""
    ran, requests = world.counted(*arguments)
    assert ran.code == 0, ran.out + ran.err
    assert {each.status for each in requests} <= {200, 204}
    return Counter(f"{each.method} {_without_ids(each.path)}" for each in requests)


def _without_ids(path: str) -> str:
    parts = path.partition("?")[0].split("/")
    return "/".join(part for part in parts if part.count("-") != 4 and part != "operator")


def lending(pairs: int, batches: int, tokens: int = 0) -> dict[str, int]:
    """What borrowing costs, beside the tokens that prove births."""
    return {
        "POST /api/v2/authorization/subjects/bulkadd": batches,
        "POST /oauth/token": batches + tokens,
        "DELETE /api/v2/authorization/subjects/divisions/roles": pairs,
        "GET /api/v2/authorization/subjects": 1,
    }


def test_meridian_is_what_its_story_says(meridian: World) -> None:
    summary = meridian.run("plan", "-o", "json").json
    kinds = Counter(change["address"].split("/")[1] for change in summary["changes"])
    tenants = {change["address"].split("/")[0] for change in summary["changes"]} - {"org"}
    retired = 1
    assert len(tenants) + retired == 14
    shared = 1
    assert kinds["client"] + 3 == 45  # the retired tenant had three clients and three divisions
    assert kinds["division"] - shared + 3 == 38


def test_a_plan_costs_one_request_per_page_and_four_more(meridian: World) -> None:
    assert asked(meridian, "plan") == MAKING


def test_an_object_costs_a_write_and_its_read_back_a_new_client_two_and_a_token(meridian: World) -> None:
    kinds = Counter(
        change["address"].split("/")[1] for change in meridian.run("plan", "-o", "json").json["changes"]
    )
    clients, divisions, roles = kinds["client"], kinds["division"], kinds["role"]
    late = 4  # born more than a minute before its grant: somebody may have changed it, so it is looked at
    assert asked(meridian, *APPLY) - MAKING == Counter(
        {
            "POST /api/v2/authorization/divisions": divisions,
            "POST /api/v2/authorization/roles": roles,
            "POST /api/v2/oauth/clients": clients,
            "PUT /api/v2/oauth/clients": clients,
            "GET /api/v2/authorization/divisions": divisions,
            "GET /api/v2/authorization/roles": roles,
            "GET /api/v2/oauth/clients": clients + late,
        }
        | lending(pairs=110, batches=2, tokens=clients)
    )


def test_the_second_apply_costs_what_a_plan_costs_and_writes_nothing(meridian: World) -> None:
    meridian.settle()
    before = meridian.sim.snapshot()
    assert asked(meridian, *APPLY) == OBSERVE
    assert asked(meridian, "plan", "--detailed-exitcode") == OBSERVE
    assert meridian.sim.snapshot() == before


def test_more_divisions_than_a_page_holds_cost_one_request_per_hundred(meridian: World) -> None:
    for number in range(250):
        meridian.drift("POST", "authorization/divisions", {"name": f"Somebody {number}"})
    divisions = len(meridian.names("divisions"))
    pages = Counter({"GET /api/v2/authorization/divisions": ceil(divisions / 100) - 1})
    assert asked(meridian, "plan") == MAKING + pages


def test_drift_and_a_deep_plan_cost_a_plan_and_one_request_per_live_client_and_role_of_ours(
    meridian: World,
) -> None:
    meridian.settle()
    clients = len(meridian.names("clients"))
    roles = sum(meridian.marker in row["description"] for row in meridian.sim.snapshot()["roles"])
    seconds = Counter(
        {
            "GET /api/v2/authorization/subjects": clients,
            "GET /api/v2/authorization/roles/subjectgrants": roles,
        }
    )
    assert clients > 40 and roles > 4
    for command in (("drift",), ("plan", "--deep"), ("plan", "--revoke-only")):
        assert asked(meridian, *command) == OBSERVE + seconds
    quiet = meridian.run("drift")
    assert (quiet.code, quiet.out.count("\n"), quiet.err) == (0, 1, "")


def test_a_client_to_be_touched_is_read_in_its_second_view(meridian: World) -> None:
    meridian.settle()
    meridian.wait(60)
    meridian.change("tenants.yaml", "Partner Kestrel", "Kestrel")
    meridian.change("tenants.yaml", "Partner Tamarin", "Tamarin")
    seconds = Counter({"GET /api/v2/authorization/subjects": 2})
    assert asked(meridian, "plan") == OBSERVE + seconds
    assert asked(meridian, *APPLY) - OBSERVE - seconds == Counter(
        {"PUT /api/v2/oauth/clients": 2, "GET /api/v2/oauth/clients": 2} | lending(pairs=2, batches=1)
    )


def test_the_first_apply_keeps_to_the_rate_limit_and_uses_it(meridian: World) -> None:
    meridian.settle()
    requests = [each for each in meridian.sim.requests if each.client_id == "operator"]
    settling = 2 * SETTLE_SECONDS  # two batches are borrowed, and nothing else is left to do meanwhile
    spent = requests[-1].at - requests[0].at - settling
    assert not [each for each in requests if each.status == 429]
    assert len(requests) / spent > 0.85 * 300 / 60


KESTREL, ADMIN = "orion/client/kestrel", "MOG Queue Admin"


def test_a_partner_is_confined_within_its_tenant_whatever_a_hand_grants_it(meridian: World) -> None:
    """ORION's divisions are both its own; that Kestrel works in one of them, only the ceiling says."""
    meridian.settle()
    for queue, place in zip(meridian.sim.snapshot()["queues"], ("EMEA", "LATAM"), strict=False):
        move(meridian, queue["name"], f"ORION-{place}")
    quiet = proof(meridian, 0)
    assert told(quiet)["orion"]["reaches"] == "PROVED"
    assert {each["subject"]: [wall["name"] for wall in each["divisions"]]
            for each in told(quiet)["orion"]["confined"]} == {
        KESTREL: ["ORION-EMEA"], "orion/client/tamarin": ["ORION-LATAM"],
    }  # fmt: skip

    grant(meridian, "orion-kestrel", ADMIN, "ORION-LATAM")
    found = proof(meridian, 8)
    (leak,) = told(found)["orion"]["leaks"]
    assert (leak["rule"], leak["address"]) == ("isolation/confined", KESTREL)
    assert leak["witness"] == [
        "orion-kestrel", f"{ADMIN} in ORION-LATAM", "routing:queue:edit in ORION-LATAM",
    ]  # fmt: skip
    assert leak["message"].endswith("in ORION-LATAM: it is confined to ORION-EMEA")
    assert "isolation/confined" in meridian.run("explain", "confined").out
    said = meridian.run("prove").out
    assert f"confined: {KESTREL} to ORION-EMEA" in " ".join(said.split())
    assert all(len(line) <= 80 for line in said.splitlines()[:-2])
    assert meridian.run("drift").code == 8
    assert outcomes(found) == outcomes(quiet) | {"orion": ("LEAK", "PROVED", 1)}

    def asked(code: int) -> dict[str, Any]:
        """What the token of the partner was answered about queues that another of ORION's clients lists."""
        ran = meridian.run("probe", "--only", "orion", "-o", "json")
        assert ran.code == code, ran.out
        (one,) = (each for each in ran.json["clients"] if each["client"] == KESTREL)
        return {"verdict": one["verdict"], **{name: one["lists"][0][name] for name in ("tried", "answered")}}

    assert asked(8) == {"verdict": "LEAK", "tried": 1, "answered": 1}
    meridian.settle("--deep")
    assert outcomes(proof(meridian, 0)) == outcomes(quiet)
    assert asked(0) == {"verdict": "CONFIRMED", "tried": 1, "answered": 0}


def test_a_manifest_that_grants_beyond_the_ceiling_is_refused_with_both_places(meridian: World) -> None:
    meridian.change("tenants.yaml", "divisions: [emea]}], confine", "divisions: [emea, latam]}], confine")
    ran = meridian.run("validate")
    said = " ".join(ran.out.split())
    assert ran.code == 3 and "`latam` lies outside `confine`, which names `emea`" in said
    assert said.count("manifests/tenants.yaml:13:") == 2


def told(found: dict[str, Any]) -> dict[str, Any]:
    """Tenants by name."""
    return {each["tenant"]: each for each in found["tenants"]}


def outcomes(found: dict[str, Any]) -> dict[str, tuple[str, str, int]]:
    """Both verdicts by tenant, with how many leaks there are."""
    return {
        name: (each["reaches"], each["reachedBy"], len(each["leaks"])) for name, each in told(found).items()
    }
