"""Plans that are signed where they are made, and verified where they are applied."""

from __future__ import annotations

import pytest

from tests.journeys.test_one_writer import CANADA
from tests.journeys.world import World

KEY = "0123456789abcdef" * 4


@pytest.fixture
def signed(world: World) -> World:
    """Northwind, a change, and a plan of it that was signed."""
    world.settle()
    world.change(*CANADA)
    world.patch.setenv("RECONCILER_SIGNING_KEY", KEY)
    ran = world.run("plan", "--out", "plan.json")
    assert ran.code == 0 and "signature written to plan.json.sig" in ran.err, ran
    return world


def test_a_signed_plan_is_applied(signed: World) -> None:
    assert signed.run("apply", "--plan", "plan.json").code == 0
    assert ("Tenant Adherence", "ACME-CA") in signed.grants("acme-adherence")


def test_a_plan_of_somebody_else_is_refused_though_its_digest_is_right(signed: World) -> None:
    signed.change("tenants/globex-bank.yaml", "tokenSeconds: 900", "tokenSeconds: 800")
    signed.patch.delenv("RECONCILER_SIGNING_KEY")
    signed.run("plan", "--out", "theirs.json")
    signed.patch.setenv("RECONCILER_SIGNING_KEY", KEY)
    (signed.place / "plan.json").write_bytes((signed.place / "theirs.json").read_bytes())
    ran, writes = signed.wrote("apply", "--plan", "plan.json")
    assert ran.code == 6 and "plan.json does not match its signature" in ran.err and not writes, ran
    ran, writes = signed.wrote("apply", "--plan", "theirs.json")
    assert ran.code == 6 and "there is no theirs.json.sig" in ran.err and not writes, ran


def test_without_a_key_a_signature_is_no_hindrance(signed: World) -> None:
    signed.patch.delenv("RECONCILER_SIGNING_KEY")
    assert signed.run("apply", "--plan", "plan.json").code == 0


def test_the_key_may_lie_in_a_file_and_is_in_no_output(signed: World) -> None:
    signed.patch.delenv("RECONCILER_SIGNING_KEY")
    (signed.place / "key").write_text(KEY + "\n")
    signed.patch.setenv("RECONCILER_SIGNING_KEY_FILE", str(signed.place / "key"))
    ran = signed.run("-vv", "apply", "--plan", "plan.json")
    assert ran.code == 0 and KEY not in ran.out + ran.err
    assert KEY not in (signed.place / "plan.json.sig").read_text()


def test_a_key_that_could_be_guessed_signs_nothing(signed: World) -> None:
    signed.patch.setenv("RECONCILER_SIGNING_KEY", "letmein")
    ran = signed.run("plan", "--out", "other.json")
    assert ran.code == 1 and "shorter than 32 bytes" in ran.err
    assert not (signed.place / "other.json").exists()
