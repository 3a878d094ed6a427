"""The Org document decides what happens to drift: what is corrected unasked, and what stays until a day."""

from __future__ import annotations

from collections.abc import Callable

from jsonschema import Draft202012Validator

from tests.journeys.test_drift_command import METRICS, QUEUES, grant, put, widen
from tests.journeys.world import World

ADHERENCE = "acme-retail/client/adherence"


def policy(world: World, *lines: str) -> None:
    """Say something about drift in the Org document."""
    text = "\n".join(f"    {line}" for line in lines)
    world.change("org.yaml", "  prune: false", f"  drift:\n{text}\n  prune: false")


def entry(drift: str, expires: str = "2026-12-31") -> str:
    return f"- {{drift: {drift}, reason: load test, owner: sec@northwind.example, expires: {expires}}}"


def test_break_glass_stays_until_its_day_and_is_then_reported_and_put_right(settled: World) -> None:
    put(settled, "acme-adherence", accessTokenValiditySeconds=86_400)
    policy(settled, "acknowledged:", entry(ADHERENCE))
    ran = settled.run("drift")
    assert ran.code == 0 and ran.last.startswith("drift: 0 objects"), ran.out
    told = " ".join(ran.out.split())
    assert "1 acknowledged" in ran.last and "until 2026-12-31, sec@northwind.example: load test" in told
    applied, writes = settled.wrote("apply", "--auto-approve", "--deep")
    assert (applied.code, writes) == (0, []), applied.out + applied.err
    assert settled.row("clients", "acme-adherence")["accessTokenValiditySeconds"] == 86_400
    settled.let_pass(60)
    ran = settled.run("drift")
    assert ran.code == 2 and f"~ {ADHERENCE}" in ran.out and "ended after" in ran.out
    settled.settle()
    assert settled.row("clients", "acme-adherence")["accessTokenValiditySeconds"] == 3600
    assert settled.run("drift").last.startswith("drift: 0 objects")


def test_no_plan_leaves_alone_what_hides_a_leak_from_the_first_look(
    make_world: Callable[..., World],
) -> None:
    """What a client itself tells not, its second view does: what is to stay is read in both."""
    settled = make_world(switches={"bulkadd-visible": "no"})
    settled.settle()
    before = settled.access()
    put(settled, "acme-adherence", accessTokenValiditySeconds=86_400)
    policy(settled, "acknowledged:", entry(ADHERENCE))
    assert settled.run("plan", "-o", "json").json["changes"] == []
    grant(settled, "acme-adherence", QUEUES, "GLOBEX")
    assert settled.run("drift").code == 8
    planned = settled.run("plan", "-o", "json").json
    assert ADHERENCE in [each["address"] for each in planned["changes"]]
    assert not [each for each in planned["findings"] if each["rule"] == "drift/acknowledged"]
    assert settled.apply().code == 0 and settled.access() == before
    assert settled.run("drift").code == 0


def test_the_document_says_what_a_scheduled_run_may_do_and_that_corrects_it(settled: World) -> None:
    policy(settled, "correct: downwards", "acknowledged:", entry("acme-retail"))
    before = settled.access()
    grant(settled, "globex-bank-metrics", QUEUES, "ACME-US")
    put(settled, "acme-adherence", accessTokenValiditySeconds=86_400)
    widen(settled, "Tenant Adherence", "wfm:schedule:view")
    ran = settled.run("drift", "-o", "json")
    found = ran.json
    Draft202012Validator(settled.run("schema", "drift").json).validate(found)
    assert (ran.code, found["correct"]) == (8, "downwards")
    assert found["correction"]["only"] == [METRICS, "org/role/wfm-adherence"]
    assert [each["address"] for each in found["acknowledged"]] == [ADHERENCE]
    only = [word for each in found["correction"]["only"] for word in ("--only", each)]
    assert settled.apply("--revoke-only", *only).code == 0
    assert settled.access() == before
    assert settled.run("drift").code == 0


def test_by_default_nothing_is_corrected_unasked(settled: World) -> None:
    widen(settled, "Tenant Adherence", "wfm:schedule:view")
    ran = settled.run("drift")
    assert "waits for somebody to apply: org/role/wfm-adherence" in ran.out
    assert settled.run("drift", "-o", "json").json["correct"] == "none"
    policy(settled, "correct: upwards")
    put(settled, "nw-auditor", roleDivisions=[])
    out = settled.run("drift").out
    assert "may be corrected now: org/role/wfm-adherence" in out
    assert "waits for an approval: org/client/auditor" in out


def test_a_mistake_in_the_policy_is_exit_3_with_its_place(settled: World) -> None:
    policy(settled, "correct: sideways")
    ran = settled.run("drift")
    assert ran.code == 3 and "`sideways` is no `correct`" in ran.err and "org.yaml:" in ran.err


def test_an_acknowledgement_of_nothing_is_told_offline_and_by_drift(settled: World) -> None:
    policy(settled, "acknowledged:", entry("acme-retial"), entry("globex-bank"))
    assert "nothing there is declared" in settled.run("validate").out
    ran = settled.run("drift")
    assert ran.code == 0 and ran.out.count("[drift/idle-acknowledgement]") == 2
