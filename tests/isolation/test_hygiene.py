"""Rules about an organisation as it is: the case that each finds, and the near miss beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.isolation.evidence import Evidence, Thing
from reconciler.isolation.hygiene import CHECKS, hygiene
from reconciler.isolation.matrix import AccessState
from reconciler.isolation.population import Population, Subject
from reconciler.model.access import Nature
from reconciler.model.tokens import Tokens, Way

APP = Subject("app", "acme-app", "client", Nature.PROGRAM, "acme")
OPERATOR = Subject("operator", "nw-operator", "client", Nature.PROGRAM)
ANN = Subject("ann", "Ann", "user", Nature.PERSON, wall="a1")
NAMES = {"app": "acme-app", "role": "Reader", "admin": "Admin", "a1": "ACME-US", "home": "Home"}
THINGS = (
    Thing("app", "acme-app", "client"),
    Thing("role", "Reader", "role"),
    Thing("admin", "Admin", "role", builtin=True),
    Thing("a1", "ACME-US", "division"),
    Thing("a2", "ACME-CA", "division"),
)
WALLS = {"a1": "acme", "a2": "acme", "g1": "globex", "shared": "org", "home": ""}


def organisation(
    app: Subject = APP,
    held: tuple[tuple[str, str], ...] = (("role", "a1"),),
    allows: tuple[str, ...] = ("routing:queue:view",),
    person: Subject = ANN,
    persons: tuple[tuple[str, str], ...] = (("role", "a1"),),
    things: tuple[Thing, ...] = (),
    walls: int = 0,
    **said: Any,
) -> Evidence:
    """A clean organisation, but for what is said."""
    told = Tokens(Way.SECRET, 3600, frozenset())._replace(
        **{name: said.pop(name) for name in Tokens._fields if name in said}
    )
    holds = {"app": frozenset(held), "operator": frozenset({("admin", "*")}), "ann": frozenset(persons)}
    population = Population(
        access=AccessState(holds, {"role": frozenset(allows), "admin": frozenset({"routing:*:*"})}),
        subjects={each.id: each for each in (app, OPERATOR, person)},
        groups={},
        unread=frozenset(),
        walls={**WALLS, **{f"w{number}": "" for number in range(walls)}},
        counts={},
        declared={},
        names=NAMES,
        catalogue={"routing:queue:view": True},
        operator="operator",
    )
    clean = Evidence(population, (*THINGS, *things), {"app": told}, "home", {}, 50, backfill=False)
    return replace(clean, **said)


def orphan() -> Subject:
    return APP._replace(owner="")


def users_app(*scopes: str) -> dict[str, Any]:
    return {
        "app": APP._replace(acts_for_users=True),
        "way": Way.USERS,
        "scopes": frozenset(scopes),
        "held": (),
    }


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "roles/wildcard": ({"allows": ("routing:*:view",)}, {"allows": ("routing:queue:view",)}),
    "roles/legacy-permission": ({"allows": ("admin",)}, {"allows": ("admin:entity:view",)}),
    "roles/whole-recordings": (
        {"allows": ("recording:recording:view",)},
        {"allows": ("recording:recordingSegment:view",)},
    ),
    "roles/integrations": (
        {"allows": ("integrations:action:execute",)},
        {"allows": ("integrationsLike:action:execute",)},
    ),
    "clients/default-role": (
        {"held": (("admin", "a1"),)},
        {"app": APP._replace(owner="org"), "held": (("admin", "a1"),)},
    ),
    "clients/wide-scopes": (users_app("authorization"), users_app("authorization:readonly", "routing")),
    "clients/implicit-grant": ({"way": Way.IMPLICIT}, {"way": Way.USERS}),
    "clients/password-grant": ({"way": Way.PASSWORD}, {"way": Way.OTHER}),
    "clients/lingering": ({"app": APP._replace(idle=True)}, {"app": APP._replace(idle=True), "held": ()}),
    "clients/long-token": ({"seconds": 86_401}, {"seconds": 86_400}),
    "clients/undeclared": ({"app": orphan()}, {"app": APP}),
    "clients/several-tenants": (
        {"app": orphan(), "held": (("role", "a1"), ("role", "g1"))},
        {"app": orphan(), "held": (("role", "a1"), ("role", "a2"), ("role", "shared"))},
    ),
    "names/twins": (
        {"things": (Thing("a3", "acme us", "division"),)},
        {"things": (Thing("a3", "acme us", "role"), Thing("a4", "ACME-US2", "division"))},
    ),
    "people/moved": ({"persons": (("role", "g1"),)}, {"persons": (("role", "a2"),)}),
    "divisions/left-in-home": (
        {"stock": {"QUEUE": 2}, "held": (("role", "home"),)},
        {"stock": {"QUEUE": 2}, "held": (("role", "a1"),)},
    ),
    "organisation/division-limit": ({"wall_limit": 7}, {"wall_limit": 8}),
    "organisation/backfill": ({"backfill": True}, {"backfill": False}),
}
"""Rule → what breaks it, and what nearly does."""

SILENT: dict[str, Evidence] = {
    "clean": organisation(),
    "people in Home": organisation(stock={"USER": 9}, held=(("role", "home"),)),
    "nobody's limit": organisation(wall_limit=None, walls=90),
    "a tenth is free": organisation(wall_limit=100, walls=85),
    "staff who work for a tenant": organisation(person=ANN._replace(wall="home")),
    "staff of the organisation": organisation(person=ANN._replace(wall="shared")),
    "somebody in every division": organisation(persons=(("role", "*"),)),
    "scopes that have no effect": organisation(scopes=frozenset({"authorization"})),
    "a group elsewhere": organisation(person=ANN._replace(nature=Nature.GROUP, wall="g1")),
    "names of signs alone": organisation(things=(Thing("x", "--", "division"), Thing("y", "++", "division"))),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_its_case_and_not_the_near_miss(rule: str) -> None:
    broken, near = CASES[rule]
    (found,) = (each for each in hygiene(organisation(**broken)) if each.rule == rule)
    assert found.message and found.remedy and found.witness
    assert not [each for each in hygiene(organisation(**near)) if each.rule == rule]


def test_every_rule_has_a_case() -> None:
    assert sorted(check.rule for check in CHECKS) == sorted(CASES)


@pytest.mark.parametrize("name", SILENT)
def test_what_is_as_it_should_be_is_not_told(name: str) -> None:
    assert hygiene(SILENT[name]) == ()


def test_the_worst_comes_first() -> None:
    found = hygiene(organisation(allows=("admin",), seconds=172_800, way=Way.PASSWORD, wall_limit=5))
    assert [str(each.severity) for each in found] == ["critical", "high", "medium", "low"]


def test_a_role_of_the_vendors_is_told_by_its_own_rule_alone() -> None:
    assert [each.rule for each in hygiene(organisation(held=(("admin", "a1"),)))] == ["clients/default-role"]


def test_a_role_is_told_once_with_everybody_who_holds_it_counted() -> None:
    evidence = organisation(allows=("a:b:*", "c:d:*"), held=(("role", "a1"), ("role", "a2")))
    (found,) = hygiene(evidence)
    assert (found.address, found.message) == ("role", "Reader, held by acme-app, allows a:b:* and 1 more")
    assert found.witness == ("acme-app", "Reader in ACME-US", "a:b:*")
