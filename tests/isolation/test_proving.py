"""The prover says what brute force finds, and errs on the safe side where something is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.isolation.escalation import BECOMING, POWERS
from reconciler.isolation.population import Subject
from reconciler.isolation.proving import Prover
from reconciler.isolation.queries import why, why_not
from reconciler.isolation.reach import Reach
from reconciler.model.access import Nature
from reconciler.model.proof import Verdict
from tests.isolation import brute
from tests.isolation.brute import Organisation
from tests.isolation.organisations import (
    DIVISIONS,
    OPERATOR,
    PROGRAM_OWNERS,
    PROGRAMS,
    ROLES,
    TENANTS,
    boundaries,
    ceilings,
    organisations,
    population,
    proved,
)
from tests.isolation.test_picture import of_size
from tests.support.counting import calls


def agree(org: Organisation) -> None:
    found = proved(org)
    for tenant in TENANTS:
        leaks = brute.leaks(org, tenant, frozenset(BECOMING), frozenset(POWERS))
        assert (found[tenant].reaches is Verdict.LEAK) == bool(leaks), (tenant, leaks)
        assert {item.address for item in found[tenant].leaks} == {subject for subject, *_ in leaks}
        intruders = brute.foreign(org, tenant, OPERATOR)
        assert (found[tenant].reached_by is Verdict.LEAK) == bool(intruders), (tenant, intruders)


@given(organisations())
def test_the_prover_finds_what_brute_force_finds(org: Organisation) -> None:
    agree(org)


@pytest.mark.full
@pytest.mark.timeout(600)
@settings(max_examples=20_000)
@given(organisations())
def test_the_prover_finds_what_brute_force_finds_in_twenty_thousand(org: Organisation) -> None:
    agree(org)


@given(organisations(), st.tuples(*map(st.sampled_from, (PROGRAMS, ROLES, (*DIVISIONS, "*")))))
def test_more_access_never_makes_a_leak_disappear(org: Organisation, grant: tuple[str, str, str]) -> None:
    before, after = proved(org), proved(org._replace(grants=org.grants | {grant}))
    for tenant in TENANTS:
        if before[tenant].reaches is Verdict.LEAK:
            assert after[tenant].reaches is Verdict.LEAK


@given(organisations(), st.sampled_from(sorted(PROGRAM_OWNERS)), ceilings())
def test_a_ceiling_never_makes_a_verdict_better(
    org: Organisation, subject: str, ceiling: frozenset[str]
) -> None:
    free = org._replace(confined=frozenset(each for each in org.confined if each[0] != subject))
    before, after = proved(free), proved(free._replace(confined=free.confined | {(subject, ceiling)}))
    order = list(Verdict)
    for tenant in TENANTS:
        for name in ("reaches", "reached_by"):
            was, now = getattr(before[tenant], name), getattr(after[tenant], name)
            assert order.index(now) <= order.index(was), (tenant, name, was, now)


@given(organisations())
def test_an_app_is_as_wide_as_brute_force_finds_its_people(org: Organisation) -> None:
    people = population(org)
    app = Subject("app", "app", "client", Nature.PROGRAM, "acme", acts_for_users=True)
    prover = Prover(replace(people, subjects={**people.subjects, "app": app}), boundaries(org))
    (found,) = next(prover.prove(["acme"])).apps
    cells = {person: brute.cells(org, person) for person in org.people}
    further = [
        person
        for person, of_one in cells.items()
        if not all(brute.allowed(org, "acme", person, *cell, frozenset(POWERS)) for cell in of_one)
    ]
    assert (found.people, found.further) == (len(org.people), len(further))
    assert set(found.places) == {place for of_one in cells.values() for _, place in of_one}


@given(organisations())
def test_whoever_asks_why_gets_what_brute_force_finds(org: Organisation) -> None:
    reach = Reach(population(org))
    for subject in (*org.programs, *org.people, *org.groups):
        cells = brute.cells(org, subject)
        for permission in org.aware:
            for division in org.divisions:
                can = not {(permission, division), (permission, "*"), (permission, "org-wide")}.isdisjoint(
                    cells
                )
                assert bool(why(reach, subject, permission, division)) == can
                missed = why_not(reach, subject, permission, division)
                assert bool(missed.elsewhere) == any(known == permission for known, _ in cells)


@pytest.mark.parametrize("lives", ["home", "w{}"], ids=["in Home", "with its tenant"])
def test_the_work_grows_with_the_tenants_and_not_with_their_square(lives: str) -> None:
    """Each tenant has somebody who reaches all of them."""

    def work(number: int) -> int:
        org = of_size(number)
        org = org._replace(people={person: lives.format(person[1:]) for person in org.people})
        people, bounds = population(org), boundaries(org)
        return calls(lambda: list(Prover(people, bounds).prove(sorted(set(org.owner.values())))))

    assert work(200) / work(20) <= 10.5
