"""Rules judge manifests alone, what is there, and what a plan would leave behind."""

from __future__ import annotations

from tests.journeys.test_drift_command import QUEUES, grant
from tests.journeys.world import World

ARCHIVE = "tenants/globex-bank.yaml"


def test_what_is_allowed_but_unwise_is_told_with_its_line_and_changes_no_exit_code(world: World) -> None:
    world.change(ARCHIVE, "tokenSeconds: 900", "tokenSeconds: 172800")
    ran = world.run("validate", "-o", "json")
    (finding,) = ran.json["findings"]
    assert (ran.code, finding["rule"], finding["severity"]) == (0, "clients/long-token", "medium")
    assert (finding["file"], finding["line"]) == (f"manifests/{ARCHIVE}", 17)
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


def test_a_leak_that_exists_is_repaired_while_another_that_a_plan_would_add_is_refused(
    settled: World,
) -> None:
    """By hand, Globex reads Acme's queues; in the manifests, a role of Acme's starts to act org-wide."""
    grant(settled, "globex-bank-metrics", QUEUES, "ACME-US")
    leaking = settled.run("prove", "-o", "json")
    verdicts = {each["tenant"]: each["reaches"] for each in leaking.json["tenants"]}
    assert leaking.code == 8 and verdicts["globex-bank"] == "LEAK" != verdicts["acme-retail"]
    adherence = "        - wfm:realtimeAdherence:view"
    settled.change("shared.yaml", adherence, f"{adherence}\n        - oauth:client:view")
    assert settled.run("validate").code == 8
    planned = settled.run("plan", "-o", "json")
    held = {
        each["address"]: each["withheld"]["guard"] for each in planned.json["changes"] if each["withheld"]
    }
    assert (planned.code, held) == (8, {"org/role/wfm-adherence": "leak"})
    (refused,) = (each for each in planned.json["findings"] if each["severity"] == "critical")
    assert (refused["rule"], refused["address"]) == ("isolation/org-wide", "acme-retail/client/adherence")
    ran = settled.apply()
    assert ran.code == 8 and "withheld by leak" in " ".join(ran.out.split())
    assert settled.grants("globex-bank-metrics") == {(QUEUES, "GLOBEX")}
    assert ("acme-adherence", "oauth:client:view") not in {each[:2] for each in settled.access()}
    assert settled.run("prove").code == 0
