"""Every misconfiguration planted in `northwind-broken`, and where it is found.

The manifests are those that `export` proposes for Northwind before it was broken, so that every division and
client has an owner to be held against.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reconciler.simulator import find_seed
from tests.journeys.test_objects import may_look
from tests.journeys.world import World
from tests.simulator.misconfigurations import PLANTED


class Found(NamedTuple):
    """One place: what kind (`leak`, `finding`, or the standing of a reacher), of whom, and what shows it.

    `tenant` is "" where it concerns all; a rule stands before what a leak or a finding shows.
    """

    tenant: str
    kind: str
    about: str
    shows: str


def leak(tenant: str, rule: str, about: str, shows: str) -> Found:
    return Found(tenant, "leak", about, f"{rule}: {shows}")


def finding(rule: str, about: str, shows: str) -> Found:
    return Found("", "finding", about, f"{rule}: {shows}")


def reacher(tenant: str, standing: str, about: str, shows: str) -> Found:
    return Found(tenant, standing, about, shows)


FOREIGN, UNOWNED = "isolation/reached-by-foreign", "isolation/reached-by-unowned"
PLACES: dict[str, tuple[Found, ...]] = {
    "star-grant": (leak("", UNOWNED, "client:acme-exporter", "Tenant Queue Metrics in every division"),),
    "home-grant": (finding("clients/undeclared", "client:initech-sync", "Tenant Queue Metrics in Home"),),
    "foreign-division": (
        leak("globex", "isolation/foreign-division", "globex/client/archive", "Tenant Recordings in ACME-US"),
        leak("acme", FOREIGN, "globex/client/archive", "Tenant Recordings in ACME-US"),
    ),
    "second-view-grant": (
        leak(
            "initech",
            "isolation/foreign-division",
            "initech/client/saas-metrics",
            "Tenant Queue Metrics in ACME-CA",
        ),
    ),
    "org-wide-permission": (
        leak("", UNOWNED, "client:initech-sync", "directory:group:view in the whole organisation"),
    ),
    "escalator": (
        leak("", UNOWNED, "client:globex-provisioner", "authorization:grant:add in the whole organisation"),
    ),
    "legacy-admin": (
        leak("", UNOWNED, "client:initech-legacy", "admin in the whole organisation"),
        finding("roles/legacy-permission", "role:Initech Legacy", "admin"),
    ),
    "integrations-in-tenant-role": (
        leak(
            "",
            UNOWNED,
            "client:globex-data-actions",
            "integrations:action:execute in the whole organisation",
        ),
        finding("roles/integrations", "role:Globex Data Actions", "integrations:action:execute"),
    ),
    "wildcard": (
        leak("", UNOWNED, "client:acme-bi", "analytics:*:* in the whole organisation"),
        finding("roles/wildcard", "role:Acme BI", "analytics:*:*"),
    ),
    "whole-recordings": (
        finding("roles/whole-recordings", "role:Acme Call Review", "recording:recording:view"),
    ),
    "default-role": (
        leak("", UNOWNED, "client:acme-dialer", "Admin in ACME-US"),
        finding("clients/default-role", "client:acme-dialer", "Admin in ACME-US"),
    ),
    "trusted-outsider": (leak("", UNOWNED, "trustee group:Cutover Consulting", "Admin in every division"),),
    "shared-client": (
        finding("clients/several-tenants", "client:floor-wallboard", "Tenant Queue Metrics in INITECH"),
    ),
    "unknown-client": (leak("globex", UNOWNED, "client:test123", "Tenant Queue Metrics in GLOBEX"),),
    "twin-clients": (
        leak("acme", UNOWNED, "client:acme-retail-metrics", "Tenant Queue Metrics in ACME-US"),
        finding("names/twins", "client:acme-retail-metrics", "acme-retail-metrics (7c0e5b1a"),
    ),
    "twin-names": (finding("names/twins", "division:ACME CA", "ACME-CA ("),),
    "moved-not-granted": (
        leak("acme", FOREIGN, "user:Hannah Vogel", "Supervisor in ACME-US"),
        finding("people/moved", "user:Hannah Vogel", "lies in GLOBEX"),
    ),
    "foreign-member": (leak("acme", FOREIGN, "user:Boris Ivanov", "member of ACME Floor Leads"),),
    "shared-service-creep": (reacher("globex", "staff", "group:NW QA", "QA Evaluator"),),
    "hidden-holder": (reacher("initech", "staff", "group:Night Crew", "Supervisor"),),
    "roles-disabled": (reacher("initech", "staff", "group:Former Leads", "Supervisor"),),
    "break-glass-open": (finding("people/break-glass", "user:Break Glass", "switched on"),),
    "lingering-client": (finding("clients/lingering", "client:initech-metrics-old", "switched off"),),
    "disabled-client": (finding("clients/lingering", "client:globex-chatbot", "switched off"),),
    "implicit-grant": (finding("clients/implicit-grant", "client:globex-kiosk", "in an address line"),),
    "password-grant": (finding("clients/password-grant", "client:acme-legacy-crm", "a password"),),
    "wide-scopes": (finding("clients/wide-scopes", "initech/client/desk", "authorization, oauth"),),
    "long-token": (finding("clients/long-token", "globex/client/bank-metrics", "172,800 seconds"),),
    "left-in-home": (finding("divisions/left-in-home", "division:Home", "1 queue there"),),
    "backfill": (finding("organisation/backfill", "", "backfillEnabled is on"),),
    "telling-name": (
        finding("divisions/telling-name", "division:Umbrella Pharma Pilot", "nothing granted in it"),
    ),
    "deleted-division": (finding("divisions/deleted", "deleted division:INITECH-EU", "listed as deleted"),),
    "restored-to-home": (finding("people/left-in-home", "user:Viktor Olsen", "lies in Home"),),
    "misplaced-object": (finding("objects/misplaced", "queue:ACME US Gift Cards", "in GLOBEX"),),
    "misplaced-flow": (finding("objects/misplaced", "flow:Initech Outage Line", "in GLOBEX"),),
    "starred-object": (finding("objects/starred", "wrap-up code:Globex Card Stolen", "in every division"),),
    "foreign-queue-member": (
        finding("queues/foreign-member", "queue:Globex Onboarding", "Ben Carter → lies in ACME-US"),
    ),
    "unit-in-home": (finding("wfm/unit-misplaced", "management unit:Initech Night Floor", "in Home"),),
    "foreign-agent": (
        finding("wfm/foreign-agent", "management unit:Initech Chat Floor", "Ravi Menon → lies in GLOBEX"),
    ),
    "split-unit": (
        finding("wfm/split-unit", "management unit:ACME Holiday Floor", "Globex Campaigns in GLOBEX"),
    ),
    "unused-client": (finding("clients/unused", "client:acme-pilot", "0 requests in 90 days"),),
    "near-division-limit": (finding("organisation/division-limit", "", "8 of 10"),),
}
"""Plant → where `prove --objects` tells of it, each with its witness."""

ELSEWHERE = {
    "shared-role-edited": "what a hand added to a role is a difference: `plan` and `drift` tell of it, below",
    "cross-tenant-transfer": "it takes reading conversations; that they show to both is outside the proof",
    "starred-contact": "contacts are people, whom no rule reads; what lies in `*` is outside the proof",
    "policy-off": "a policy that is on only narrows, and no verdict counts on one, so none changes with it",
    "break-glass-used": "an audit of the past, which no proof reads",
}
"""Plants that no rule of today's tells of, and why."""


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The broken organisation, under the manifests of the sound one."""
    for name in ("sound", "broken"):
        (tmp_path / name).mkdir()
    sound = World(tmp_path / "sound", monkeypatch, seed=find_seed("northwind"))
    assert sound.run("export", "--out", "proposed").code == 0
    seed = find_seed("northwind-broken")
    return may_look(World(tmp_path / "broken", monkeypatch, sound.place / "proposed", seed))


def told(proof: dict[str, Any]) -> Iterator[Found]:
    """Everything that a proof tells."""
    for row in (*proof["tenants"], {"tenant": "", "leaks": (), "reachers": proof["everywhere"]} | proof):
        tenant = row.get("tenant", "")
        for each in (*row["leaks"], *row["intruders"]):
            yield Found(tenant, "leak", each["address"], f"{each['rule']}: {' → '.join(each['witness'])}")
        for each in row["reachers"]:
            yield Found(tenant, each["standing"], each["subject"], ", ".join(each["roles"]))
    for each in proof["findings"]:
        yield Found("", "finding", each["address"], f"{each['rule']}: {' → '.join(each['witness'])}")


def is_told(wanted: Found, everything: list[Found]) -> bool:
    rule, colon, shows = wanted.shows.rpartition(": ")
    return any(
        each[:3] == wanted[:3] and each.shows.startswith(rule + colon) and shows in each.shows
        for each in everything
    )


def test_every_plant_has_its_place_and_no_place_is_without_a_plant() -> None:
    assert PLACES.keys() & ELSEWHERE.keys() == set()
    assert PLACES.keys() | ELSEWHERE.keys() == PLANTED.keys()


def test_prove_tells_of_each_with_its_witness(broken: World) -> None:
    ran = broken.run("prove", "--objects", "-o", "json")
    everything = list(told(ran.json))
    missing = {
        plant: place for plant, places in PLACES.items() for place in places if not is_told(place, everything)
    }
    assert (ran.code, missing) == (8, {})


def test_and_of_none_of_them_before_they_were_planted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, monkeypatch, seed=find_seed("northwind"))
    assert world.run("export", "--out", "proposed").code == 0
    proof = may_look(world).run("prove", "proposed", "--objects", "-o", "json").json
    everything = list(told(proof))
    early = {plant for plant, places in PLACES.items() for place in places if is_told(place, everything)}
    assert early == set()


def test_a_shared_role_that_a_hand_widened_is_told_by_the_plan_that_narrows_it(broken: World) -> None:
    adopted = broken.apply()
    assert adopted.code in (0, 4, 8), adopted.err
    (role,) = (
        each
        for each in broken.run("plan", "-o", "json").json["changes"]
        if each["name"] == "Tenant Adherence" and each["action"] == "update"
    )
    (field,) = (each for each in role["fields"] if each["path"] == "permissions")
    assert PLANTED["shared-role-edited"] == {each for each, _ in field["live"]}
