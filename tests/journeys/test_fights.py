"""Somebody changes back what we put right: three times a day, then people have to talk; leaks go on going."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.world import STORES, World

DIVISION = "acme-retail/division/us"


def renamed(world: World, name: str = "ACME-BY-HAND") -> None:
    """An administrator's other opinion of a description."""
    row = world.row("divisions", "ACME-US")
    text = row["description"].replace("Acme Retail, United States", name)
    world.drift("PUT", f"authorization/divisions/{row['id']}", {"name": "ACME-US", "description": text})


def fight(world: World, times: int) -> None:
    for round_ in range(times):
        renamed(world, f"opinion {round_}")
        world.settle()


@pytest.fixture
def store() -> str:
    return "kept"


def test_three_repairs_in_a_day_and_then_it_is_said_and_left(settled: World) -> None:
    fight(settled, 3)
    renamed(settled, "the fourth")
    ran, writes = settled.wrote("apply", "--auto-approve")
    assert (ran.code, writes) == (4, [])
    assert "again and again: it was put right 3 times in 24 h" in " ".join(ran.out.split())
    assert "the fourth" in settled.row("divisions", "ACME-US")["description"]
    assert DIVISION in settled.run("plan").out


def test_a_repair_says_what_it_undoes(settled: World) -> None:
    renamed(settled)
    ran = settled.run("apply", "--auto-approve")
    assert "put right what was changed by hand: description" in " ".join(ran.out.split())
    settled.change("tenants/acme-retail.yaml", "Acme Retail, United States", "the manifests' own")
    ran = settled.run("apply", "--auto-approve")
    assert DIVISION in ran.out and "by hand" not in ran.out, "this is no repair"


def test_a_day_later_it_goes_on(settled: World) -> None:
    fight(settled, 3)
    renamed(settled)
    settled.let_pass(days=2)
    settled.settle()
    assert "Acme Retail, United States" in settled.row("divisions", "ACME-US")["description"]


def test_who_agrees_in_the_manifest_ends_it(settled: World) -> None:
    fight(settled, 3)
    renamed(settled, "the fourth")
    settled.change("tenants/acme-retail.yaml", "Acme Retail, United States", "the fifth")
    settled.settle()
    assert "the fifth" in settled.row("divisions", "ACME-US")["description"]


def test_the_rest_of_the_plan_goes_on(settled: World) -> None:
    fight(settled, 3)
    renamed(settled)
    settled.change("tenants/acme-retail.yaml", "Pulls adherence into Acme's own workforce tool", "Adherence")
    ran = settled.apply()
    assert ran.code == 4 and "Adherence" in settled.row("clients", "acme-adherence")["description"]


def test_what_somebody_gives_by_hand_is_taken_however_often(settled: World) -> None:
    client = settled.row("clients", "acme-adherence")["id"]
    role, wall = settled.row("roles", "Tenant Queue Metrics")["id"], settled.row("divisions", "GLOBEX")["id"]
    before = settled.grants("acme-adherence")
    for _ in range(5):
        settled.drift(
            "POST",
            f"authorization/subjects/{client}/divisions/{wall}/roles/{role}?subjectType=PC_OAUTH_CLIENT",
        )
        settled.let_settle()
        settled.settle("--deep")
        assert settled.grants("acme-adherence") == before


@STORES
def test_without_a_journal_nobody_counts(make_world: Callable[..., World], store: str) -> None:
    world = make_world()
    world.settle()
    fight(world, 3)
    renamed(world)
    assert world.apply().code == (4 if store == "kept" else 0)


def test_a_journal_that_cannot_be_read_is_told_and_does_not_stop_a_plan(settled: World) -> None:
    settled.history.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    renamed(settled)
    ran = settled.run("plan")
    assert ran.code == 0 and DIVISION in ran.out
    assert "again and again is not known" in ran.err and "Traceback" not in ran.err
