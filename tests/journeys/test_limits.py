"""Limits: more than one run may do is withheld, and released by naming the planned number exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reconciler.simulator import default_seed
from tests.journeys.world import APPLY, World

GONE = "tenants/globex-bank.yaml"


def _leave(world: World) -> None:
    """A whole tenant leaves git: two clients lose their last grant."""
    (world.root / GONE).unlink()


def test_a_tenant_that_leaves_needs_the_exact_number_of_removals(settled: World) -> None:
    _leave(settled)
    for arguments in ((), ("--allow", "removals=1"), ("--allow", "removals=3")):
        ran, writes = settled.wrote(*APPLY, *arguments)
        assert ran.code == 4 and writes == [], arguments
        assert "--allow removals=2" in ran.out
    assert settled.grants("globex-archive") != set()
    settled.settle("--allow", "removals=2")
    assert settled.grants("globex-archive") == settled.grants("globex-bank-metrics") == set()
    assert {"GLOBEX"} <= set(settled.names("divisions"))


def test_gains_beyond_the_limit_need_their_exact_number(settled: World) -> None:
    settled.change("org.yaml", "gains: 200", "gains: 1")
    settled.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    for arguments in ((), ("--allow", "gains=1"), ("--allow", "gains=3")):
        ran, writes = settled.wrote(*APPLY, *arguments)
        assert ran.code == 4 and writes == [], arguments
        assert "--allow gains=2" in ran.out
    settled.settle("--allow", "gains=2")
    assert ("Tenant Adherence", "ACME-CA") in settled.grants("acme-adherence")


def test_more_updates_than_the_percentage_are_withheld(settled: World) -> None:
    settled.change("org.yaml", "changePercent: 30", "changePercent: 5")
    settled.change("tenants/acme-retail.yaml", "Acme Retail, Canada", "Acme in Canada")
    settled.change("tenants/acme-retail.yaml", "Acme Retail, United States", "Acme in the States")
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 4 and writes == [] and "changePercent" in ran.out
    settled.settle("--only", "acme-retail/division/ca")
    assert settled.row("divisions", "ACME-CA")["description"].startswith("Acme in Canada")


def test_what_is_protected_stays_though_it_left_the_manifests(settled: World) -> None:
    settled.change("org.yaml", "prune: false", "prune: true")
    text = (settled.root / "shared.yaml").read_text("utf-8")
    start, end = text.index("  divisions:"), text.index("  roles:")
    settled.write("shared.yaml", text[:start] + text[end:])
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 4 and writes == [] and "protect" in ran.out
    assert "NW-Shared" in settled.names("divisions")


def test_divisions_are_made_as_long_as_there_is_room(make_world: Callable[..., World]) -> None:
    """Home and three more: the first by address are made, and what needs the others waits."""
    world = make_world(seed=replace(default_seed(), limits={"divisions": 4}))
    ran = world.apply()
    assert ran.code == 4 and "withheld by division-limit" in ran.out
    assert "4 divisions, 5 are to be made, 3 fit in" in " ".join(ran.out.split())
    assert world.names("divisions") == ["ACME-CA", "ACME-US", "GLOBEX", "Home"]
    assert {grant.status for grant in world.sim.requests} <= {200, 204}
    again, writes = world.wrote(*APPLY)
    assert again.code == 4 and writes == []


def test_how_many_divisions_there_may_be_is_asked_only_where_some_are_made(settled: World) -> None:
    limit = "GET /api/v2/authorization/divisions/limit"
    assert settled.asked().count(limit) == 1
    settled.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    settled.settle()
    assert settled.asked().count(limit) == 1
