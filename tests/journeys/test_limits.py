"""Limits: more than one run may do is withheld, and released by naming the planned number exactly."""

from __future__ import annotations

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
