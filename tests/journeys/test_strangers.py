"""What is not ours: a conflict is withheld and the rest goes on; nothing unowned ever changes."""

from __future__ import annotations

from tests.journeys.world import APPLY, World

ACME = "tenants/acme-retail.yaml"


def test_a_conflict_and_what_waits_for_it_are_withheld_while_the_rest_goes_on(world: World) -> None:
    world.drift("POST", "authorization/divisions", {"name": "GLOBEX", "description": "since 2019"})
    before = world.unowned()
    ran = world.apply()
    assert ran.code == 4 and "conflict" in ran.out and "adopt: " in ran.out
    assert world.unowned() == before
    assert "globex-archive" not in world.names("clients")
    assert world.grants("acme-adherence") == {("Tenant Adherence", "ACME-US")}
    again, writes = world.wrote(*APPLY)
    assert again.code == 4 and writes == []


def test_a_taken_client_name_is_a_conflict_though_the_vendor_would_allow_a_second(world: World) -> None:
    world.drift(
        "POST", "oauth/clients", {"name": "acme-adherence", "authorizedGrantType": "CLIENT-CREDENTIALS"}
    )
    before = world.unowned()
    assert world.apply().code == 4
    assert world.names("clients").count("acme-adherence") == 1 and world.unowned() == before


def test_another_installations_objects_are_never_touched(settled: World) -> None:
    """The same manifests under another name would claim everything, if a marker were not an owner."""
    before = settled.sim.snapshot()
    settled.change("org.yaml", "name: northwind ", "name: southwind ")
    ran, writes = settled.wrote(*APPLY)
    assert ran.code == 4 and writes == [], ran.out
    assert settled.sim.snapshot() == before


def test_nothing_unowned_changes_through_a_whole_life(world: World) -> None:
    before = world.unowned()
    world.settle()
    assert world.unowned() == before
    world.change(ACME, "divisions: [us]}", "divisions: [us, ca]}")
    world.settle()
    world.change("org.yaml", "prune: false", "prune: true")
    (world.root / "tenants/globex-bank.yaml").unlink()
    for removals in (2, 3, 3):
        world.apply("--allow", f"removals={removals}")
    assert world.unowned() == before


def test_two_live_objects_with_one_marker_are_both_left_alone(settled: World) -> None:
    row = settled.row("clients", "acme-adherence")
    copied = {"name": "copy", "authorizedGrantType": "CLIENT-CREDENTIALS", "description": row["description"]}
    settled.drift("POST", "oauth/clients", copied)
    settled.change(ACME, "divisions: [us]}", "divisions: [us, ca]}")
    before = settled.sim.snapshot()
    ran = settled.apply()
    assert ran.code == 4 and settled.sim.snapshot() == before


def test_our_own_client_is_not_to_be_had(world: World) -> None:
    world.change(ACME, "key: adherence\n", "key: adherence\n      adopt: true\n")
    world.change(ACME, "name: acme-adherence", "name: nw-reconciler")
    before = world.row("clients", "nw-reconciler")
    ran = world.apply()
    assert ran.code == 4 and "our own client" in " ".join(ran.out.split())
    assert world.row("clients", "nw-reconciler") == before
