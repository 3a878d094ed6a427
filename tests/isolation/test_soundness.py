"""What a proof must never do: call something safe that nobody could see, or that may change by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.isolation.population import Population, Subject
from reconciler.isolation.proving import Prover
from reconciler.model.access import Nature
from reconciler.model.proof import Standing, TenantProof, Verdict
from tests.isolation.brute import Organisation
from tests.isolation.organisations import (
    BECOME,
    OWNERS,
    PROGRAM_OWNERS,
    SHARE,
    boundaries,
    population,
    proved,
)

VIEW, PLAN = "routing:queue:view", "wfm:schedule:view"
CLEAN = Organisation(
    aware={VIEW: True, PLAN: True, BECOME: True, "directory:group:view": False},
    roles={"reader": frozenset({VIEW}), "planner": frozenset({PLAN}), "hr": frozenset({BECOME})},
    owner={**OWNERS, **PROGRAM_OWNERS},
    divisions=("home", "a1", "a2", "g1", "shared", "stray"),
    home="home",
    programs=("operator", "acme-x", "globex-x"),
    people={"ann": "a1", "bob": "g1", "cy": "home"},
    groups={"team": frozenset({"cy"})},
    grants=frozenset({("acme-x", "reader", "a1"), ("globex-x", "reader", "g1")}),
    shares=frozenset(),
    excepted=frozenset(),
    declared=frozenset(),
)


def also(*grants: tuple[str, str, str]) -> Organisation:
    return CLEAN._replace(grants=CLEAN.grants | set(grants))


def saying(role: str, *said: str) -> Organisation:
    return CLEAN._replace(roles={**CLEAN.roles, role: CLEAN.roles[role] | set(said)})


def acme(org: Organisation) -> TenantProof:
    return proved(org)["acme"]


def judged(people: Population, org: Organisation = CLEAN) -> TenantProof:
    return next(Prover(people, boundaries(org)).prove(["acme"]))


def test_what_stays_at_home_is_proved() -> None:
    assert (acme(CLEAN).reaches, acme(CLEAN).reached_by) == (Verdict.PROVED, Verdict.PROVED)
    assert acme(CLEAN).cells == 1


@pytest.mark.parametrize(
    ("org", "rule", "witness"),
    [
        pytest.param(
            also(("acme-x", "planner", "g1")), "foreign-division",
            ("acme-x", "planner in g1", f"{PLAN} in g1"), id="a division of another tenant",
        ),
        pytest.param(
            also(("acme-x", "planner", "stray")), "foreign-division",
            ("acme-x", "planner in stray", f"{PLAN} in stray"), id="a division of nobody",
        ),
        pytest.param(
            also(("acme-x", "planner", "gone")), "foreign-division",
            ("acme-x", "planner in gone", f"{PLAN} in gone"), id="a deleted division, which still counts",
        ),
        pytest.param(
            also(("acme-x", "planner", "home")), "home",
            ("acme-x", "planner in home", f"{PLAN} in home"), id="Home, which is no tenant's",
        ),
        pytest.param(
            also(("acme-x", "planner", "*")), "all-divisions",
            ("acme-x", "planner in every division", f"{PLAN} in every division"), id="every division",
        ),
        pytest.param(
            saying("reader", "new:thing:view"), "org-wide",
            ("acme-x", "reader in a1", "new:thing:view in the whole organisation"),
            id="a permission that the catalogue does not know",
        ),
        pytest.param(
            saying("reader", "directory:group:view"), "org-wide",
            ("acme-x", "reader in a1", "directory:group:view in the whole organisation"),
            id="a permission that no division confines",
        ),
        pytest.param(
            saying("reader", "admin"), "org-wide",
            ("acme-x", "reader in a1", "admin in the whole organisation"), id="a permission of the old form",
        ),
        pytest.param(
            saying("reader", "routing:queue:*"), "org-wide",
            ("acme-x", "reader in a1", "routing:queue:* in the whole organisation"),
            id="a wildcard, for what it will match one day",
        ),
        pytest.param(
            saying("reader", "authorization:grant:add"), "escalation",
            ("acme-x", "reader in a1", "authorization:grant:add in the whole organisation"),
            id="a permission to grant",
        ),
    ],
)  # fmt: skip
def test_what_leaves_is_a_leak_with_its_shortest_witness(
    org: Organisation, rule: str, witness: tuple[str, ...]
) -> None:
    assert acme(org).reaches is Verdict.LEAK
    found = {item.rule: item.witness for item in acme(org).leaks}
    assert found == {f"isolation/{rule}": witness}


@pytest.mark.parametrize("place", ["a1", "*"])
def test_who_is_tolerated_is_excepted_and_never_proved(place: str) -> None:
    org = also(("nobody-x", "planner", place))._replace(programs=(*CLEAN.programs, "nobody-x"))
    assert acme(org).reached_by is Verdict.LEAK
    known = org._replace(tolerated=frozenset({("nobody-x", "planner")}))
    assert acme(known).reached_by is Verdict.EXCEPTED
    more = known._replace(grants=known.grants | {("nobody-x", "reader", place)})
    assert acme(more).reached_by is Verdict.LEAK


def test_a_toleration_says_nothing_about_what_a_tenants_own_client_reaches() -> None:
    org = also(("acme-x", "planner", "g1"))._replace(tolerated=frozenset({("acme-x", "planner")}))
    found = proved(org)
    assert (found["acme"].reaches, found["globex"].reached_by) == (Verdict.LEAK, Verdict.EXCEPTED)


def confined(org: Organisation, *walls: str) -> Organisation:
    return org._replace(confined=frozenset({("acme-x", frozenset(walls))}))


@pytest.mark.parametrize(
    ("org", "place"),
    [
        pytest.param(also(("acme-x", "planner", "a2")), "a2", id="its tenant's other division"),
        pytest.param(also(("acme-x", "planner", "shared")), "shared", id="the organisation's division"),
        pytest.param(also(("acme-x", "planner", "g1")), "g1", id="another tenant's division"),
        pytest.param(also(("acme-x", "planner", "home")), "home", id="Home"),
        pytest.param(also(("acme-x", "planner", "*")), "every division", id="every division"),
        pytest.param(
            saying("reader", "directory:group:view"), "the whole organisation", id="what no division confines"
        ),
        pytest.param(
            also(("acme-x", "hr", "a1"), ("ann", "planner", "a2")), "a2", id="somebody whom it can become"
        ),
    ],
)
def test_whatever_lies_beyond_its_ceiling_is_a_leak_of_a_confined_client(
    org: Organisation, place: str
) -> None:
    proof = acme(confined(org, "a1"))
    (leak,) = proof.leaks
    assert (proof.reaches, leak.rule, leak.address) == (Verdict.LEAK, "isolation/confined", "acme-x")
    assert leak.witness[-1].endswith(f" in {place}") and "it is confined to a1" in leak.message
    assert proved(confined(also(("globex-x", "planner", "g1")), "a1"))["globex"].reaches is Verdict.PROVED


def test_what_lies_beneath_its_ceiling_is_proved_and_the_ceiling_told() -> None:
    for walls in (("a1",), ("a1", "a2", "shared")):
        proof = acme(confined(CLEAN, *walls))
        assert (proof.reaches, proof.leaks) == (Verdict.PROVED, ())
        assert proof.confined == (("acme-x", walls),)


def test_a_share_does_not_lift_a_ceiling_and_an_accepted_permission_stands_beside_it() -> None:
    pair = ("acme-x", "planner", "g1")
    shared = also(pair)._replace(shares=frozenset({pair}))
    assert acme(shared).reaches is Verdict.EXCEPTED
    assert acme(confined(shared, "a1")).reaches is Verdict.LEAK
    wide = "directory:group:view"
    accepted = saying("reader", wide)._replace(excepted=frozenset({wide}))
    assert acme(confined(accepted, "a1")).reaches is Verdict.EXCEPTED


def test_a_ceiling_that_names_a_foreign_division_opens_nothing() -> None:
    found = acme(
        confined(also(("acme-x", "planner", "g1"), ("acme-x", "planner", "home")), "a1", "g1", "home")
    )
    assert {leak.rule for leak in found.leaks} == {"isolation/foreign-division", "isolation/home"}


def test_an_exception_does_not_excuse_who_can_widen_itself() -> None:
    org = saying("reader", "authorization:grant:add")._replace(
        excepted=frozenset({"authorization:grant:add"})
    )
    assert acme(org).reaches is Verdict.LEAK


def test_who_can_become_somebody_reaches_what_he_reaches() -> None:
    near = also(("acme-x", "hr", "a1"), ("ann", "planner", "a2"))
    assert acme(near).reaches is Verdict.PROVED
    far = also(("acme-x", "hr", "a1"), ("ann", "planner", "g1"))
    (leak,) = acme(far).leaks
    assert (leak.rule, leak.address) == ("isolation/foreign-division", "acme-x")
    assert leak.witness[1].startswith(f"{BECOME} in a1: ") and leak.witness[-1] == f"{PLAN} in g1"


def test_who_can_become_somebody_who_can_become_somebody_reaches_that_too() -> None:
    chain = CLEAN._replace(people={**CLEAN.people, "ann": "a1", "cy": "a2"})
    chain = chain._replace(
        grants=chain.grants | {("acme-x", "hr", "a1"), ("ann", "hr", "a2"), ("cy", "planner", "g1")}
    )
    (leak,) = acme(chain).leaks
    assert [link.split(":")[0] for link in leak.witness[1:3]] == ["directory", "directory"]
    assert leak.witness[-1] == f"{PLAN} in g1"


def test_everybody_may_belong_to_a_group_that_nobody_could_read() -> None:
    org = also(("acme-x", "hr", "a1"), ("team", "planner", "g1"))
    assert acme(org).reaches is Verdict.PROVED
    assert acme(org._replace(groups={"team": None})).reaches is Verdict.LEAK


def test_what_was_not_seen_makes_a_verdict_unknown_and_a_leak_no_better() -> None:
    people = replace(population(CLEAN), gaps=("clients: a page is missing",))
    assert (judged(people).reaches, judged(people).reached_by) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert "clients: a page is missing" in judged(people).reasons
    leaking = also(("acme-x", "planner", "*"))
    assert judged(replace(population(leaking), gaps=("x",)), leaking).reaches is Verdict.LEAK


@pytest.mark.parametrize(
    ("org", "reason"),
    [
        (CLEAN._replace(owner={**OWNERS, "globex-x": "globex"}), "it has no client"),
        (CLEAN._replace(grants=frozenset()), "its clients reach nothing"),
        (CLEAN._replace(divisions=("home", "g1")), "it has no division"),
    ],
)
def test_nothing_to_prove_is_no_proof(org: Organisation, reason: str) -> None:
    assert acme(org).reaches is Verdict.VACUOUS and reason in acme(org).reasons


def test_walls_with_nothing_behind_them_prove_nothing() -> None:
    empty = replace(population(CLEAN), counts={"a1": 0, "a2": 0})
    assert judged(empty).reaches is Verdict.VACUOUS
    assert judged(replace(empty, counts={"a1": 0, "a2": 1})).reaches is Verdict.PROVED


def with_an_app(people: Population) -> Population:
    scopes = frozenset({"routing:readonly"})
    app = Subject("acme-y", "acme-y", "client", Nature.PROGRAM, "acme", acts_for_users=True, scopes=scopes)
    return replace(people, subjects={**people.subjects, "acme-y": app})


def test_an_app_whose_people_all_stay_within_the_walls_is_proved() -> None:
    org = also(("ann", "planner", "a1"), ("team", "planner", "shared"))
    proof = judged(with_an_app(population(org)), org)
    (app,) = proof.apps
    assert (proof.reaches, proof.excepted) == (Verdict.PROVED, ())
    assert app == ("acme-y", Verdict.PROVED, 3, 0, ("a1", "shared"), ("routing:readonly",), ())


@pytest.mark.parametrize(
    ("place", "rule"), [("*", "every division"), ("home", "home"), ("g1", "g1"), ("stray", "stray")]
)
def test_one_of_its_people_who_reaches_further_is_enough_and_is_shown(place: str, rule: str) -> None:
    """Whatever the scopes say: nobody knows whether they are enforced."""
    org = also(("ann", "planner", "a1"), ("bob", "planner", place))
    proof = judged(with_an_app(population(org)), org)
    (app,) = proof.apps
    assert (proof.reaches, app.verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert (app.people, app.further, app.places) == (3, 1, tuple(sorted(("a1", place))))
    assert app.witness == ("bob", f"planner in {rule}", f"{PLAN} in {rule}")


def test_of_several_who_reach_further_the_furthest_is_shown() -> None:
    org = also(("ann", "planner", "g1"), ("bob", "planner", "*"), ("cy", "planner", "g1"))
    (app,) = judged(with_an_app(population(org)), org).apps
    assert (app.further, app.witness[0]) == (3, "bob")


def test_a_share_opens_an_app_to_the_one_whom_it_names() -> None:
    pair = ("ann", "planner", "g1")
    org = also(pair, ("bob", "planner", "g1"))._replace(shares=frozenset({pair}))
    (app,) = judged(with_an_app(population(org)), org).apps
    assert (app.further, app.witness[0]) == (1, "bob")


def test_an_app_of_an_organisation_that_was_not_seen_whole_is_never_proved() -> None:
    people = replace(with_an_app(population(CLEAN)), gaps=("people: a page is missing",))
    assert judged(people).apps[0].verdict is Verdict.UNKNOWN


def test_an_app_reaches_what_whoever_signs_in_reaches() -> None:
    org = also(("cy", "planner", "g1"))
    people = population(org)
    with_app = with_an_app(people)
    assert judged(people, org).reaches is Verdict.PROVED
    assert judged(with_app, org).reaches is Verdict.UNKNOWN
    answered = replace(boundaries(org), accepted={"acme-y": SHARE})
    (proof,) = Prover(with_app, answered).prove(["acme"])
    assert (proof.reaches, proof.excepted[0].subject) == (Verdict.EXCEPTED, "acme-y")
    assert proof.apps[0].verdict is Verdict.EXCEPTED
    alone = replace(with_app, access=replace(with_app.access, holds=population(CLEAN).access.holds))
    assert judged(alone).reaches is Verdict.PROVED


def test_a_share_is_an_exception_and_never_a_proof() -> None:
    pair = ("acme-x", "planner", "g1")
    org = also(pair)._replace(shares=frozenset({pair}))
    assert acme(org).reaches is Verdict.EXCEPTED
    (item,) = acme(org).excepted
    assert (item.subject, item.permissions, item.place, item.share.expires) == (
        "acme-x",
        (PLAN,),
        "g1",
        "2027-06-30",
    )
    (reacher,) = proved(org)["globex"].reachers
    assert (reacher.standing, reacher.shares[0].owner) == (Standing.DECLARED, "sec@x.example")
    assert proved(org)["globex"].reached_by is Verdict.EXCEPTED


@pytest.mark.parametrize(
    ("grant", "standing", "verdict"),
    [
        (("operator", "planner", "*"), Standing.OPERATOR, Verdict.PROVED),
        (("ann", "planner", "a1"), Standing.OWN_PEOPLE, Verdict.PROVED),
        (("cy", "planner", "a1"), Standing.STAFF, Verdict.PROVED),
        (("team", "planner", "a1"), Standing.STAFF, Verdict.PROVED),
        (("bob", "planner", "a1"), Standing.FOREIGN, Verdict.LEAK),
        (("globex-x", "planner", "a1"), Standing.FOREIGN, Verdict.LEAK),
        (("nobody-x", "planner", "a1"), Standing.UNOWNED, Verdict.LEAK),
        (("globex-x", "planner", "*"), Standing.FOREIGN, Verdict.LEAK),
    ],
)
def test_everybody_who_reaches_a_tenant_is_named(
    grant: tuple[str, str, str], standing: Standing, verdict: Verdict
) -> None:
    org = also(grant)._replace(programs=(*CLEAN.programs, "nobody-x"))
    prover = Prover(population(org), boundaries(org))
    found = next(prover.prove(["acme"]))
    named = {
        item.subject: item.standing for item in (*found.reachers, *(item for item, _ in prover.everywhere()))
    }
    assert (named[grant[0]], found.reached_by) == (standing, verdict)


def test_who_comes_from_another_tenant_through_a_group_is_named_beside_the_group() -> None:
    org = also(("team", "planner", "a1"))._replace(groups={"team": frozenset({"bob", "cy"})})
    assert {item.subject: item.standing for item in acme(org).reachers} == {
        "bob": Standing.FOREIGN,
        "team": Standing.STAFF,
    }
    assert acme(org).reached_by is Verdict.LEAK


def test_a_stranger_of_another_organisation_is_nobodys() -> None:
    org = also(("guest", "planner", "a1"))
    people = population(org)
    guest = Subject("guest", "guest", "trustee user", Nature.STRANGER)
    found = judged(replace(people, subjects={**people.subjects, "guest": guest}), org)
    assert found.reached_by is Verdict.LEAK and "trustee user guest" in found.intruders[0].message
