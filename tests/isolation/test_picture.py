"""The picture shows what brute force finds, marks what the proof calls a leak, and stays small."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources

import pytest
from hypothesis import given

from reconciler.isolation.escalation import POWERS
from reconciler.isolation.levels import level
from reconciler.isolation.proving import Prover
from reconciler.model.access import EVERYWHERE, ORG_WIDE
from reconciler.model.picture import Level, Matrix, Picture, Row
from reconciler.model.proof import Standing, TenantProof
from tests.isolation import brute
from tests.isolation.brute import Organisation
from tests.isolation.organisations import (
    OPERATOR,
    TENANTS,
    boundaries,
    organisations,
    population,
)
from tests.isolation.test_soundness import CLEAN, VIEW, also, saying


def drawn(org: Organisation) -> tuple[Picture, dict[str, TenantProof]]:
    prover = Prover(population(org), boundaries(org))
    proofs = tuple(prover.prove(TENANTS))
    return prover.picture(proofs), {each.tenant: each for each in proofs}


def shown(row: Row) -> set[tuple[str, str]]:
    """(permission, place) that a row shows; what comes through `*` there only."""
    return {
        (permission, place)
        for place, square in row.squares.items()
        for way in square.ways
        for permission in way.permissions
        if place in (EVERYWHERE, ORG_WIDE) or way.division != EVERYWHERE
    }


def leaking(rows: tuple[Row, ...]) -> set[str]:
    return {who for row in rows for who in row.subjects if any(each.leak for each in row.squares.values())}


def strangers(matrix: Matrix) -> tuple[Row, ...]:
    return tuple(row for row in matrix.rows if row.standing is not None)


@given(organisations())
def test_a_row_shows_every_cell_of_its_subject_and_marks_what_nothing_allows(org: Organisation) -> None:
    picture, proofs = drawn(org)
    for tenant, matrix in picture.tenants.items():
        own = [row for row in matrix.rows if row.standing is None]
        assert [subject for row in own for subject in row.subjects] == list(proofs[tenant].subjects)
        for row in own:
            (subject,) = row.subjects
            cells = brute.cells(org, subject)
            assert shown(row) == cells
            bad = {
                place for permission, place in cells
                if not brute.allowed(org, tenant, subject, permission, place, frozenset(POWERS))
            }  # fmt: skip
            marked = {place for place, square in row.squares.items() if square.leak}
            direct = {place for place in marked if any(where == place for _, where in cells)}
            assert direct >= bad and (EVERYWHERE in bad or marked == bad)


@given(organisations())
def test_whoever_the_proof_calls_an_intruder_leaks_in_the_picture_and_nobody_else(org: Organisation) -> None:
    picture, _ = drawn(org)
    everywhere = leaking(picture.everywhere.rows)
    for tenant, matrix in picture.tenants.items():
        theirs = {each for each in everywhere if _owner(org, each) != tenant}
        assert leaking(strangers(matrix)) | theirs == brute.foreign(org, tenant, OPERATOR)


def _owner(org: Organisation, subject: str) -> str:
    return org.owner.get(org.people.get(subject, subject), "")


@given(organisations())
def test_home_every_division_and_the_organisation_are_always_columns(org: Organisation) -> None:
    picture, proofs = drawn(org)
    for tenant, matrix in (*picture.tenants.items(), ("", picture.everywhere)):
        assert matrix.places[-3:] == (org.home, EVERYWHERE, ORG_WIDE)
        assert len(set(matrix.places)) == len(matrix.places)
        assert {place for row in matrix.rows for place in row.squares} <= set(matrix.places)
        assert set(matrix.walls) == set(proofs[tenant].walls if tenant else ())


def test_the_operator_is_a_row_of_every_tenant_and_the_others_only_where_they_hold_something() -> None:
    org = also((OPERATOR, "hr", "*"), ("cy", "reader", "*"), ("globex-x", "reader", "a1"))
    picture, _ = drawn(org)
    for matrix in picture.tenants.values():
        (row,) = (each for each in matrix.rows if each.standing is Standing.OPERATOR)
        assert row.subjects == (OPERATOR,) and set(row.squares) == {"home", EVERYWHERE}
    who = [row.subjects for row in picture.tenants["acme"].rows]
    assert who == [("acme-x",), (OPERATOR,), ("globex-x",)]
    assert [row.subjects for row in picture.everywhere.rows] == [(OPERATOR,), ("cy",)]


def test_a_grant_in_every_division_shows_in_each_division_of_the_picture() -> None:
    picture, _ = drawn(also(("acme-x", "planner", "*"), ("globex-x", "reader", "a1")))
    (row,) = (each for each in picture.tenants["acme"].rows if each.standing is None)
    assert [(way.role, way.division) for way in row.squares["a1"].ways] == [
        ("reader", "a1"),
        ("planner", "*"),
    ]
    assert not row.squares["a1"].leak and row.squares["home"].leak and row.squares["*"].leak
    (other,) = (each for each in picture.tenants["acme"].rows if each.standing is Standing.FOREIGN)
    assert other.squares["a1"].leak and "g1" not in other.squares  # its own affairs are told at home


def test_people_who_reach_the_same_share_a_row() -> None:
    people = {name: "a1" for name in ("ann", "bea", "cleo")}
    org = also(("ann", "reader", "a1"), ("bea", "reader", "a1"), ("cleo", "planner", "a1"))
    picture, _ = drawn(org._replace(people=people))
    rows = [row for row in picture.tenants["acme"].rows if row.standing is Standing.OWN_PEOPLE]
    assert [row.subjects for row in rows] == [("ann", "bea"), ("cleo",)]


@pytest.mark.parametrize(
    ("permission", "expected"),
    [
        (VIEW, Level.READ),
        ("outbound:schedule:viewSchedule", Level.READ),
        ("externalContacts:schema:schemaView", Level.READ),
        ("routing:queue:edit", Level.WRITE),
        ("routing:queue:preen", Level.WRITE),
        ("routing:*:*", Level.WRITE),
        ("*:*:view", Level.READ),
        ("authorization:grant:add", Level.ADMIN),
        ("authorization:*:edit", Level.ADMIN),
        ("directory:user:setPassword", Level.ADMIN),
        ("telephony:plugin:all", Level.ADMIN),
        ("admin", Level.ADMIN),
        ("*", Level.ADMIN),
    ],
)
def test_an_action_that_is_not_known_to_read_counts_as_more(permission: str, expected: Level) -> None:
    assert level(permission) is expected


def test_most_actions_of_the_vendor_have_a_level_that_their_word_says() -> None:
    said = _permissions()
    reading = {each for each in said if level(each) is Level.READ}
    assert {each for each in said if each.endswith(":view")} <= reading
    changing = {"edit", "add", "delete", "create", "update", "upload"}
    assert not {each for each in reading if each.rpartition(":")[2] in changing}


def _permissions() -> set[str]:
    known = resources.files("reconciler").joinpath("data/permissions.json").read_text(encoding="utf-8")
    return set(_three_parts(json.loads(known)))


def _three_parts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from [name] if name.count(":") == 2 else _three_parts(item)


def test_a_square_is_as_high_as_the_highest_permission_in_it() -> None:
    picture, _ = drawn(saying("reader", "routing:queue:edit"))
    (row,) = (each for each in picture.tenants["acme"].rows if each.standing is None)
    assert row.squares["a1"].level is Level.READ  # the catalogue does not know edit: it reaches everything
    assert row.squares[ORG_WIDE].level is Level.WRITE


def test_the_picture_grows_with_the_organisation_and_not_with_its_square() -> None:
    few, many = (_squares(of_size(number)) for number in (20, 200))
    assert many / few <= 10.5


def of_size(number: int) -> Organisation:
    """So many tenants, each with a supervisor who reaches all of them."""
    tenants = range(number)
    return CLEAN._replace(
        owner={f"w{each}": f"t{each}" for each in tenants} | {f"p{each}": f"t{each}" for each in tenants},
        divisions=("home", *(f"w{each}" for each in tenants)),
        programs=(OPERATOR, *(f"p{each}" for each in tenants)),
        people={f"s{each}": "home" for each in tenants},
        groups={},
        grants=frozenset(
            pair
            for each in tenants
            for pair in ((f"p{each}", "reader", f"w{each}"), (f"s{each}", "reader", "*"))
        )
        | {(OPERATOR, "hr", "*")},
    )


def _squares(org: Organisation) -> int:
    prover = Prover(population(org), boundaries(org))
    tenants = sorted(set(org.owner.values()))
    picture = prover.picture(tuple(prover.prove(tenants)))
    matrices = (*picture.tenants.values(), picture.everywhere)
    return sum(len(row.squares) for matrix in matrices for row in matrix.rows)
