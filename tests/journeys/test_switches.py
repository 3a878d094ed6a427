"""What the vendor leaves open: plan, apply and plan again pass on every side of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.simulator import SWITCHES
from tests.journeys.world import APPLY, World

BIRTHS = {"inactive-birth": "active-grantless", "grantless-birth": "inactive-granted"}
"""Switches on whose other side an organisation needs another setting of `newClients`."""
HANDING_ON = ("operator-must-hold", "editor-must-hold", "self-grant", "subject-must-hold")
"""Switches about who may hand on what have their own stories."""
SIDES = [
    (name, value)
    for name, switch in SWITCHES.items()
    for value in switch.values
    if value != switch.default and name not in {*BIRTHS, *HANDING_ON}
]


@pytest.mark.parametrize(("name", "value"), SIDES, ids=lambda text: text)
def test_it_converges(make_world: Callable[..., World], name: str, value: str) -> None:
    world = make_world(switches={name: value})
    _lives(world)


@pytest.mark.parametrize(("name", "setting"), BIRTHS.items(), ids=lambda text: text)
def test_where_a_birth_is_refused_the_named_setting_suits(
    make_world: Callable[..., World], name: str, setting: str
) -> None:
    world = make_world(switches={name: "refused"})
    refused = world.apply()
    assert refused.code == 5 and "newClients" in refused.out and setting in refused.out
    world.change("org.yaml", "  prune: false", f"  newClients: {setting}\n  prune: false")
    _lives(world)


def _lives(world: World) -> None:
    """Born, unchanged, widened, a client gone, unchanged."""
    world.settle()
    _is_quiet(world)
    world.change("tenants/acme-retail.yaml", "divisions: [us]}", "divisions: [us, ca]}")
    world.change("shared.yaml", "- wfm:historicalAdherence:view", "- wfm:schedule:view")
    world.settle()
    assert world.grants("acme-adherence") == {
        ("Tenant Adherence", "ACME-US"),
        ("Tenant Adherence", "ACME-CA"),
    }
    _is_quiet(world)
    world.change("org.yaml", "prune: false", "prune: true")
    text = (world.root / "tenants/acme-retail.yaml").read_text("utf-8")
    world.write("tenants/acme-retail.yaml", text[: text.index("  clients:")])
    world.settle()
    world.settle()
    rows = [row for row in world.live_clients() if row["name"] == "acme-adherence"]
    assert rows == []
    _is_quiet(world)


def _is_quiet(world: World) -> None:
    assert world.run("plan", "--detailed-exitcode").code == 0
    again, writes = world.wrote(*APPLY)
    assert again.code == 0 and writes == []
