"""Rules judge manifests alone, what is there, and what a plan would leave behind."""

from __future__ import annotations

from tests.journeys.world import World

ARCHIVE = "tenants/globex-bank.yaml"


def test_what_is_allowed_but_unwise_is_told_with_its_line_and_changes_no_exit_code(world: World) -> None:
    world.change(ARCHIVE, "tokenSeconds: 900", "tokenSeconds: 172800")
    ran = world.run("validate", "-o", "json")
    (finding,) = ran.json["findings"]
    assert (ran.code, finding["rule"], finding["severity"]) == (0, "clients/long-token", "medium")
    assert (finding["file"], finding["line"]) == (f"manifests/{ARCHIVE}", 14)
    assert world.run("validate").last == "1 medium in 6 files"


def test_a_plan_tells_of_it_quietly_and_asks_nothing_more(settled: World) -> None:
    _, before = settled.counted("plan")
    settled.change(ARCHIVE, "tokenSeconds: 900", "tokenSeconds: 172800")
    ran, asked = settled.counted("plan")
    assert "a token of globex-archive lives 48 hours [clients/long-token]" in " ".join(ran.out.split())
    assert ran.code == 0 and len(asked) == len(before) + 1  # the client that it will touch
    settled.settle()
    assert "clients/long-token" not in settled.run("plan").out
    assert "clients/long-token" in settled.run("prove").out
