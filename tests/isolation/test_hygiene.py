"""Rules about an organisation as it is: the case that each finds, and the near miss beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.isolation.evidence import Evidence, Thing
from reconciler.isolation.hygiene import CHECKS, hygiene
from reconciler.isolation.matrix import AccessState
from reconciler.isolation.naming import Naming
from reconciler.isolation.population import Population, Subject
from reconciler.model.access import Nature
from reconciler.model.stock import Gathering, Item, Person, Stock
from reconciler.model.tokens import Tokens, Way

APP = Subject("app", "acme-app", "client", Nature.PROGRAM, "acme")
OPERATOR = Subject("operator", "nw-operator", "client", Nature.PROGRAM)
ANN = Subject("ann", "Ann", "user", Nature.PERSON, wall="a1")
LEADS = Subject("leads", "Floor Leads", "group", Nature.GROUP)
NAMES = {
    "app": "acme-app", "role": "Reader", "admin": "Admin", "a1": "ACME-US", "a2": "ACME-CA", "home": "Home",
    "g1": "GLOBEX", "shared": "NW-Shared", "new": "Umbrella Pilot", "w0": "Umbrella EU",
    "leads": "Floor Leads",
}  # fmt: skip
THINGS = (
    Thing("app", "acme-app", "client"),
    Thing("role", "Reader", "role"),
    Thing("admin", "Admin", "role", builtin=True),
    Thing("a1", "ACME-US", "division"),
    Thing("a2", "ACME-CA", "division"),
)
WALLS = {"a1": "acme", "a2": "acme", "g1": "globex", "shared": "org", "home": ""}
TENANTS = {wall: owner for wall, owner in WALLS.items() if owner not in ("", "org")}
NAMING = Naming((NAMES[wall], owner) for wall, owner in WALLS.items() if owner)
PEOPLE = (
    Person("ann", "Ann", "a1"),
    Person("bob", "Bob", "a2"),
    Person("gus", "Gus", "g1"),
    Person("sam", "Sam", "home"),
)


def organisation(
    app: Subject = APP,
    held: tuple[tuple[str, str], ...] = (("role", "a1"),),
    allows: tuple[str, ...] = ("routing:queue:view",),
    person: Subject = ANN,
    persons: tuple[tuple[str, str], ...] = (("role", "a1"),),
    things: tuple[Thing, ...] = (),
    walls: int = 0,
    groups: dict[str, tuple[str, ...]] | None = None,
    counts: dict[str, int] | None = None,
    new: str | None = None,
    leads: tuple[tuple[str, str], ...] = (),
    **said: Any,
) -> Evidence:
    """A clean organisation, but for what is said."""
    told = Tokens(Way.SECRET, 3600, frozenset())._replace(
        **{name: said.pop(name) for name in Tokens._fields if name in said}
    )
    holds = {
        "app": frozenset(held),
        "operator": frozenset({("admin", "*")}),
        "ann": frozenset(persons),
        "leads": frozenset(leads),
    }
    population = Population(
        access=AccessState(holds, {"role": frozenset(allows), "admin": frozenset({"routing:*:*"})}),
        subjects={each.id: each for each in (app, OPERATOR, person, LEADS)},
        groups=groups or {},
        unread=frozenset(),
        walls={
            **WALLS,
            **{f"w{number}": "" for number in range(walls)},
            **({} if new is None else {"new": new}),
        },
        counts=counts or {},
        declared={},
        names=NAMES,
        catalogue={"routing:queue:view": True},
        operator="operator",
    )
    clean = Evidence(
        population, (*THINGS, *things), {"app": told}, "home", {}, 50, backfill=False,
        objects=Stock(PEOPLE), tenants=TENANTS, naming=NAMING,
    )  # fmt: skip
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


def lying(
    name: str, wall: str, *members: str, sort: str = "queue", above: tuple[str, str] | None = None
) -> dict[str, Any]:
    """One object with people in it, and perhaps the (name, division) of the business unit above it."""
    items = [Item("x", name, sort, wall, "above" if above else "")]
    items += [Item("above", above[0], "business unit", above[1])] if above else []
    return {"objects": Stock(PEOPLE, True, tuple(items), members={"x": frozenset(members)})}


def person(*said: Any, **more: Any) -> dict[str, Any]:
    return {"objects": Stock((Person("ann", *said, **more),))}


def group(*, hidden: bool = False, roleless: bool = False) -> dict[str, Any]:
    """The directory's word on the group that holds something."""
    listed = (Gathering("leads", "Floor Leads", hidden, roleless), Gathering("other", "Others"))
    return {"leads": (("role", "a1"),), "objects": Stock(looked=True, groups=listed)}


def used(**calls: int) -> dict[str, Any]:
    return {"objects": Stock(looked=True, used=calls), "made": "2023-06-05T00:00:00Z"}


def floor(name: str, wall: str, *agents: str, above: tuple[str, str] | None = None) -> dict[str, Any]:
    return lying(name, wall, *agents, sort="management unit", above=above)


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "objects/misplaced": (lying("ACME Gift Cards", "g1"), lying("Gift Cards of Acme", "g1")),
    "objects/left-in-home": (lying("Globex Beta", "home"), lying("Globex Beta", "g1")),
    "objects/starred": (lying("Globex Stolen", "*"), lying("Stolen", "*")),
    "objects/everywhere": (lying("Resolved", "*"), lying("Resolved", "shared")),
    "queues/foreign-member": (lying("Q", "g1", "gus", "ann"), lying("Q", "g1", "gus", "sam")),
    "wfm/foreign-agent": (floor("F", "a1", "ann", "gus"), floor("F", "a1", "ann", "bob", "sam")),
    "wfm/split-unit": (
        floor("F", "a1", above=("B", "g1")),
        floor("F", "a1", above=("B", "a2")),
    ),
    "wfm/unit-misplaced": (floor("F", "home", "sam", "ann"), floor("F", "home", "sam")),
    "groups/foreign-member": (
        {"groups": {"ann": ("leads",)}, "leads": (("role", "g1"),)},
        {"groups": {"ann": ("leads",)}, "leads": (("role", "a2"), ("role", "shared"))},
    ),
    "groups/hidden-holder": (group(hidden=True), group()),
    "groups/roles-disabled": (group(roleless=True), {**group(roleless=True), "leads": ()}),
    "people/left-in-home": (person("Ann", "home", "Globex Bank"), person("Ann", "home", "Quality")),
    "people/break-glass": (
        {**person("Break-Glass", "home"), "persons": (("admin", "*"),)},
        {**person("Break-Glass", "home", active=False), "persons": (("admin", "*"),)},
    ),
    "clients/unused": (used(app=0), used(app=1)),
    "divisions/deleted": (
        {"objects": Stock(looked=True, deleted=(Item("d", "ACME-EU", "deleted division", ""),))},
        {"objects": Stock(looked=True)},
    ),
    "divisions/telling-name": ({"new": "", "counts": {"new": 0}}, {"new": "", "counts": {"new": 1}}),
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
    "roles/unused-permissions": (
        {"idle": {"role": frozenset({"routing:queue:view"})}},
        {"idle": {"role": frozenset({"routing:queue:edit"}), "admin": frozenset({"routing:queue:view"})}},
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
    "an object of the organisation, with a tenant": organisation(**lying("NW Night Desk", "g1", "sam")),
    "an object of the organisation, for all": organisation(**lying("Q", "shared", "ann", "gus")),
    "an object of the organisation, by its division's name": organisation(**lying("NW Shared Hours", "a1")),
    "an object of the organisation, in Home": organisation(**lying("NW Overflow", "home")),
    "an object of a tenant, with it": organisation(**lying("ACME Orders", "a2")),
    "an object that does not say where it lies": organisation(**lying("Globex Beta", ""), home=""),
    "a unit that is planned centrally": organisation(**floor("F", "a1", "ann", above=("NW", "shared"))),
    "a unit of nobody": organisation(**floor("NW Floor", "home", "sam", above=("NW", "home"))),
    "a group that serves several": organisation(
        person=ANN._replace(wall="x1"),
        persons=(),
        groups={"ann": ("leads",)},
        leads=(("role", "a1"), ("role", "g1")),
        tenants={**TENANTS, "x1": "initech"},
    ),
    "a group that everybody sees": organisation(**group()),
    "a group that serves all": organisation(
        groups={"ann": ("leads",)}, leads=(("role", "g1"), ("role", "*"))
    ),
    "groups that nobody could list": organisation(leads=(("role", "a1"),), objects=Stock(looked=True)),
    "somebody for emergencies without access": organisation(**person("Break Glass", "home")),
    "somebody of a tenant, with another": organisation(**person("Ann", "a1", "Globex Bank")),
    "somebody who left": organisation(**person("Ann", "home", "Globex Bank", active=False)),
    "a program that nobody asked about": organisation(**used()),
    "a program that is off": organisation(app=APP._replace(idle=True), held=(), **used(app=0)),
    "an unused division whose customer is known": organisation(new="", counts={"new": 0}, walls=1),
    "an unused division that was declared": organisation(new="org", counts={"new": 0}),
    "an unused division that is meant to be": organisation(
        new="", counts={"new": 0}, tenants={**TENANTS, "new": "acme"}
    ),
    "a division with grants": organisation(new="", counts={"new": 0}, leads=(("role", "new"),)),
    "a division nobody counted": organisation(new=""),
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


def rules(**said: Any) -> list[str]:
    return [each.rule for each in hygiene(organisation(**said))]


def test_a_group_that_is_in_no_list_is_hidden_too() -> None:
    listed = (Gathering("other", "Others"),)
    assert rules(leads=(("role", "a1"),), objects=Stock(looked=True, groups=listed)) == [
        "groups/hidden-holder"
    ]


def test_a_unit_in_home_is_told_by_its_own_rule_alone() -> None:
    assert rules(**floor("ACME Floor", "home")) == ["wfm/unit-misplaced"]
    assert rules(**floor("Floor", "home", above=("B", "g1"))) == ["wfm/unit-misplaced"]
    assert rules(**lying("Acme Retail", "home", sort="business unit")) == ["wfm/unit-misplaced"]


def test_what_is_everybodys_is_told_once_and_a_tenants_by_its_own_rule() -> None:
    codes = (
        Item("1", "Resolved", "code", "*"),
        Item("2", "Called", "code", "*"),
        Item("3", "Acme X", "code", "*"),
    )
    found = hygiene(organisation(objects=Stock(looked=True, items=codes)))
    assert [(each.rule, each.message) for each in found] == [
        ("objects/starred", "code Acme X is called after acme and lies in every division"),
        ("objects/everywhere", "2 codes in every division, Called among them"),
    ]


def test_several_strangers_are_counted_and_the_first_is_named() -> None:
    (found,) = hygiene(organisation(**lying("Q", "g1", "bob", "ann", "gus")))
    assert found.message == "Ann of acme and 1 more in queue Q of globex: who looks at it sees them at work"


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
