"""What consent a plan needs follows from what it does to access, secrets and objects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.model.access import OrgWideException
from reconciler.model.address import Selector
from reconciler.model.consent import GRAVITY, Ground, by_gravity, document, gravest
from reconciler.model.origin import Origin
from reconciler.model.plan import Plan
from reconciler.model.plan import document as plan_document
from reconciler.planning.digest import digest_of
from reconciler.reports.documents import dumps, read_plan
from tests.support.build import (
    FREE,
    HOME_BODY,
    WIDE,
    client,
    division,
    live,
    manifests,
    marked,
    metrics,
    plan,
    role,
    uid,
)

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
SHARE = {"reason": "agreed", "owner": "sec@example.org", "expires": "2027-06-30"}
OWN = {"role": "r", "divisions": "own"}
WALLS = [marked(division(1, "A"), "acme/division/a"), marked(division(2, "G"), "globex/division/g")]
GLOBEX = {"divisions": [{"key": "g", "name": "G"}]}
HELD = (uid(4), uid(1))
EXCEPTED = OrgWideException(WIDE, "counts", "sec", "2027-06-30", Origin("org.yaml"))


def planned(
    *grants: Any, held: Any = (), permissions: Any = (VIEW,), was: Any = (VIEW,), **policy: Any
) -> Plan:
    acme = {"divisions": [{"key": "a", "name": "A"}], "clients": [metrics(*grants)]}
    shared = {"roles": [{"key": "r", "name": "R", "permissions": permissions}]}
    wanted = manifests(shared, policy=FREE | policy, acme=acme, globex=GLOBEX)
    mine = marked(client(3, "acme-metrics", *held), "acme/client/metrics")
    reader = marked(role(4, "R", *was), "org/role/r")
    return plan(wanted, live(divisions=[HOME_BODY, *WALLS], roles=[reader], clients=[mine]))


def told(made: Plan) -> list[tuple[str, ...]]:
    return [ground[:3] for ground in made.grounds]


def test_a_plan_of_nothing_needs_no_consent() -> None:
    made = planned(OWN, held=[HELD])
    assert (made.grounds, gravest(made.grounds)) == ((), "none")


def test_words_alone_need_no_consent() -> None:
    """A description is nobody's access."""
    acme = {"divisions": [{"key": "a", "name": "A", "description": "new words"}]}
    made = plan(manifests(acme=acme), live(divisions=[HOME_BODY, WALLS[0]]))
    assert len(made.running) == 1 and made.grounds == ()


def test_less_is_a_decrease() -> None:
    assert told(planned(held=[HELD])) == [("decrease", "acme/client/metrics", "loses 1 right")]


def test_more_behind_ones_own_walls_is_an_increase() -> None:
    made = planned(OWN, permissions=[VIEW, EDIT])
    assert told(made) == [("increase", "acme/client/metrics", "gains 2 rights")]


def test_a_role_that_grows_is_an_increase_of_who_holds_it() -> None:
    made = planned(OWN, held=[HELD], permissions=[VIEW, EDIT])
    assert told(made) == [("increase", "acme/client/metrics", "gains 1 right")]


def test_a_share_is_cross_tenant_and_names_whose_walls() -> None:
    made = planned({"role": "r", "divisions": ["globex/g"], "share": SHARE})
    assert told(made) == [("cross-tenant", "acme/client/metrics", "gains 1 right in globex")]


def test_what_the_organisation_shares_with_all_is_not() -> None:
    shared = {
        "divisions": [{"key": "common", "name": "C"}],
        "roles": [{"key": "r", "name": "R", "permissions": [VIEW]}],
    }
    acme = {"clients": [metrics({"role": "r", "divisions": ["org/common"]})]}
    rows = [HOME_BODY, marked(division(5, "C"), "org/division/common")]
    mine = marked(client(3, "acme-metrics"), "acme/client/metrics")
    reader = marked(role(4, "R", VIEW), "org/role/r")
    made = plan(
        manifests(shared, policy=FREE, acme=acme), live(divisions=rows, roles=[reader], clients=[mine])
    )
    assert gravest(made.grounds) == "increase"


def test_a_client_of_nobodys_that_reaches_a_tenant_is_cross_tenant() -> None:
    auditor = {**metrics({"role": "r", "divisions": ["acme/a"], "share": SHARE}), "name": "auditor"}
    shared = {"roles": [{"key": "r", "name": "R", "permissions": [VIEW]}], "clients": [auditor]}
    mine = marked(client(3, "auditor"), "org/client/metrics")
    reader = marked(role(4, "R", VIEW), "org/role/r")
    acme = {"divisions": [{"key": "a", "name": "A"}]}
    rows = live(divisions=[HOME_BODY, WALLS[0]], roles=[reader], clients=[mine])
    made = plan(manifests(shared, policy=FREE, acme=acme), rows)
    assert told(made) == [("cross-tenant", "org/client/metrics", "gains 1 right in acme")]


def test_what_no_division_confines_is_org_wide() -> None:
    made = planned(OWN, permissions=[VIEW, WIDE], was=[VIEW, WIDE], org_wide=(EXCEPTED,))
    assert told(made) == [
        ("org-wide", "acme/client/metrics", "gains 1 right in the whole organisation"),
        ("increase", "acme/client/metrics", "gains 1 right"),
    ]


def test_what_a_guard_holds_back_is_no_ground() -> None:
    made = planned(OWN, permissions=[WIDE], was=[WIDE])
    assert made.withheld and made.grounds == ()


def test_a_birth_is_an_increase_and_its_secret_no_ground_of_its_own() -> None:
    shared = {"roles": [{"key": "r", "name": "R", "permissions": [VIEW]}]}
    acme = {"divisions": [{"key": "a", "name": "A"}], "clients": [metrics(OWN)]}
    reader = marked(role(4, "R", VIEW), "org/role/r")
    made = plan(
        manifests(shared, policy=FREE, acme=acme), live(divisions=[HOME_BODY, WALLS[0]], roles=[reader])
    )
    assert {each.does for each in made.operations} >= {"deliver"}
    assert told(made) == [("increase", "acme/client/metrics", "gains 1 right")]


def test_a_secret_for_one_that_is_there_asks_for_consent_and_names_the_place() -> None:
    """Its birth was cut short: whoever reads the place gets another one."""
    acme = {"divisions": [{"key": "a", "name": "A"}], "clients": [metrics()]}
    mine = marked(client(3, "acme-metrics"), "acme/client/metrics", nonce="0123abcd")
    made = plan(manifests(policy=FREE, acme=acme), live(divisions=[HOME_BODY, WALLS[0]], clients=[mine]))
    place = "another secret goes to vault bpo/acme/metrics"
    assert told(made) == [("sink", "acme/client/metrics", place)]


def test_a_deletion_and_a_switch_off_are_destructive() -> None:
    gone = marked(client(3, "acme-old", state="inactive"), "acme/client/old")
    works = marked(client(5, "acme-works"), "acme/client/works")
    acme = {"divisions": [{"key": "a", "name": "A"}]}
    wanted = manifests(policy=FREE | {"prune": True}, acme=acme)
    made = plan(wanted, live(divisions=[HOME_BODY, WALLS[0]], clients=[gone, works]))
    assert told(made) == [
        ("destructive", "acme/client/old", "is deleted"),
        ("destructive", "acme/client/works", "is switched off"),
    ]


def test_what_is_protected_is_not_deleted_and_needs_no_consent() -> None:
    gone = marked(client(3, "acme-old", state="inactive"), "acme/client/old")
    acme = {"divisions": [{"key": "a", "name": "A"}]}
    policy = FREE | {"prune": True, "protect": (Selector.parse("acme/client/old"),)}
    made = plan(manifests(policy=policy, acme=acme), live(divisions=[HOME_BODY, WALLS[0]], clients=[gone]))
    assert [change.action for change in made.withheld] == ["delete"] and made.grounds == ()


@pytest.mark.parametrize("number", range(1, len(GRAVITY)))
def test_the_gravest_decides(number: int) -> None:
    milder, graver = (Ground(GRAVITY[each], "a/client/b", "x") for each in (number - 1, number))
    assert gravest([milder, graver]) == gravest([graver, milder]) == GRAVITY[number]
    assert by_gravity([milder, graver])[0] == graver


@pytest.mark.parametrize(
    "forged",
    [
        {"class": "none"},
        {"classes": []},
        {"grounds": []},
        {"class": "increase", "classes": ["increase"]},
    ],
)
def test_a_plan_file_that_says_less_than_its_grounds_is_refused(forged: dict[str, Any]) -> None:
    said = plan_document(planned({"role": "r", "divisions": ["globex/g"], "share": SHARE}))
    said["approval"] = {**said["approval"], **forged}
    with pytest.raises(UsageError, match="is no plan"):
        read_plan(dumps(said))


def test_the_digest_covers_it() -> None:
    made = planned({"role": "r", "divisions": ["globex/g"], "share": SHARE})
    milder = replace(made, grounds=(made.grounds[0]._replace(consent="increase"),))
    assert digest_of(made) == made.digest != digest_of(milder)


def test_a_plan_file_says_and_keeps_it() -> None:
    made = planned({"role": "r", "divisions": ["globex/g"], "share": SHARE})
    said = plan_document(made)["approval"]
    assert (said["class"], said["classes"]) == ("cross-tenant", ["cross-tenant"])
    assert read_plan(dumps(plan_document(made))).grounds == made.grounds
    assert document(()) == {"class": "none", "classes": [], "asked": [], "grounds": []}


def asked_by(made: Plan) -> list[tuple[str, ...]]:
    return [ground.asked for ground in made.grounds]


def test_whoever_is_reached_is_asked_and_who_answers_for_it_too() -> None:
    assert asked_by(planned(OWN, held=[HELD], permissions=[VIEW, EDIT])) == [("acme",)]
    foreign = planned({"role": "r", "divisions": ["globex/g"], "share": SHARE})
    assert asked_by(foreign) == [("globex", "sec@example.org")]
    wide = planned(OWN, permissions=[VIEW, WIDE], org_wide=(EXCEPTED,))
    assert asked_by(wide) == [("org", "sec"), ("acme",)]
    assert plan_document(wide)["approval"]["asked"] == ["org", "sec", "acme"]


def test_the_digest_covers_who_is_asked() -> None:
    made = planned({"role": "r", "divisions": ["globex/g"], "share": SHARE})
    fewer = replace(made, grounds=(made.grounds[0]._replace(asked=("acme",)),))
    assert digest_of(made) == made.digest != digest_of(fewer)
