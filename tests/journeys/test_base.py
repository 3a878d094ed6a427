"""`plan --base`: who proposes another policy is not judged by that one alone."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from reconciler.reports.schemas import schema
from tests.journeys.test_one_writer import CANADA
from tests.journeys.world import World
from tests.loading.test_revision import git

STRICT = ("org.yaml", "gains: 200", "gains: 0")
FREE = ("org.yaml", "gains: 0", "gains: 9")


@pytest.fixture
def world(world: World) -> World:
    """Northwind as it is applied, in a repository whose main lets one run give nothing to anybody."""
    world.apply()
    world.change(*STRICT)
    git(world.place, "init", "-q", "-b", "main")
    git(world.place, "add", "manifests")
    git(world.place, "commit", "-qm", "one")
    return world


def test_the_same_policy_costs_nothing_and_is_said_in_json_alone(world: World) -> None:
    alone = world.run("plan")
    ran = world.run("plan", "--base", "main")
    assert (ran.code, ran.last[:40], ran.digest) == (alone.code, alone.last[:40], alone.digest)
    said = world.run("plan", "--base", "main", "-o", "json").json
    assert said["policy"] == {"base": git(world.place, "rev-parse", "main"), "held": [], "unclear": None}


def test_what_the_policy_of_main_would_withhold_is_shown(world: World) -> None:
    world.change(*CANADA)
    world.change(*FREE)
    ran = world.run("plan", "--base", "main")
    assert ran.code == 0, ran
    assert 'Consent to policy (org): org limits: {"gains": 0} → {"gains": 9}' in ran.out
    assert "these would not run:\n  ⊘ acme-retail/client/adherence  gains:" in ran.out
    assert "⊘ org/grant/operator" not in ran.out
    comment = world.run("plan", "--base", "main", "-o", "markdown").out
    assert comment.splitlines()[1] == "## northwind: consent to **policy**" and "⊘ acme-retail" in comment


@pytest.mark.full
def test_a_stricter_policy_is_shown_too(world: World) -> None:
    world.change(*FREE)
    git(world.place, "commit", "-qam", "two")
    world.change(*CANADA)
    world.change("org.yaml", "gains: 9", "gains: 0")
    ran = world.run("plan", "--base", "main")
    assert ran.code == 4 and "these would run, not under the proposed one" in ran.out.replace("\n", " ")


def test_the_approved_digest_is_the_heads(world: World) -> None:
    world.change(*CANADA)
    world.change(*FREE)
    ran = world.run("plan", "--base", "main", "--out", str(world.place / "plan.json"))
    assert ran.digest == world.run("plan").digest
    assert world.run("apply", "--plan", str(world.place / "plan.json")).code == 0
    assert world.run("plan").out.startswith("nothing to do")


def test_a_policy_alone_asks_for_consent_though_nothing_is_to_be_done(world: World) -> None:
    world.change(*FREE)
    said = world.run("plan", "--base", "main", "-o", "json").json
    Draft202012Validator(schema("plan")).validate(said)
    assert (said["approval"]["class"], said["changes"], said["policy"]["held"]) == ("policy", [], [])
    assert "Consent to policy" in world.run("plan", "--base", "main").out
    assert "nothing to do" not in world.run("plan", "--base", "main", "-o", "markdown").out


@pytest.mark.full
@pytest.mark.parametrize(
    ("file", "was", "becomes", "why"),
    [
        ("org.yaml", "kind: Org", "kind: Orc", "the manifests at main are not valid"),
        ("org.yaml", "organizationId: 6f1f", "organizationId: 7f1f", "another organisation's"),
        ("org.yaml", "  name: northwind", "  name: southwind", "another organisation's"),
        ("org.yaml", "client: nw-reconciler", "client: nobody", "nothing can be planned"),
    ],
    ids=["not valid", "another organisation", "another installation", "no operator"],
)
def test_what_cannot_be_compared_is_policy_and_said(
    world: World, file: str, was: str, becomes: str, why: str
) -> None:
    path = world.place / "manifests" / file
    whole = path.read_text()
    world.change(file, was, becomes)
    git(world.place, "commit", "-qam", "main")
    path.write_text(whole)
    said = world.run("plan", "--base", "main", "-o", "json").json
    assert said["approval"]["class"] == "policy" and why in said["policy"]["unclear"], said
    assert why in " ".join(world.run("plan", "--base", "main").out.split())


@pytest.mark.full
def test_a_sink_that_main_does_not_know_is_told_by_its_name(world: World) -> None:
    world.change("org.yaml", "sinks:", 'sinks:\n    other: {type: file, path: "{tenant}/{key}.json"}')
    path = world.place / "manifests" / "tenants" / "acme-retail.yaml"
    path.write_text(path.read_text().replace("sink: local", "sink: other"))
    said = world.run("plan", "--base", "main", "-o", "json").json
    assert "other" in said["policy"]["unclear"], said


@pytest.mark.full
def test_the_first_manifests_have_no_policy_to_be_compared_with(world: World) -> None:
    git(world.place, "rm", "-rq", "--cached", "manifests")
    git(world.place, "commit", "-qm", "nothing yet")
    said = world.run("plan", "--base", "main", "-o", "json").json
    assert said["approval"]["class"] == "policy" and "no manifests at main" in said["policy"]["unclear"]


MOVED = "its secret goes to other acme-retail/adherence.json, not to local acme-retail/adherence.json"


def test_another_sink_for_a_client_that_works_asks_for_consent_though_nothing_is_to_be_done(
    world: World,
) -> None:
    world.change("org.yaml", "sinks:", 'sinks:\n    other: {type: file, path: "{tenant}/{key}.json"}')
    git(world.place, "commit", "-qam", "two")
    alone = world.run("plan")
    world.change("tenants/acme-retail.yaml", "secret: {sink: local}", "secret: {sink: other}")
    assert world.run("plan").out.startswith("nothing to do")  # it has nothing to compare with
    file = world.place / "plan.json"
    said = world.run("plan", "--base", "main", "-o", "json", "--out", str(file)).json
    Draft202012Validator(schema("plan")).validate(said)
    who = "acme-retail/client/adherence"
    assert said["approval"] == {
        "class": "sink",
        "classes": ["sink"],
        "asked": ["acme-retail"],
        "grounds": [{"class": "sink", "address": who, "message": MOVED, "asked": ["acme-retail"]}],
    }
    assert (said["changes"], said["digest"]) == ([], alone.digest)
    text = " ".join(world.run("plan", "--base", "main").out.split())
    assert f"Consent to sink (acme-retail): {who} {MOVED}" in text
    comment = world.run("plan", "--base", "main", "-o", "markdown").out
    assert comment.splitlines()[1].endswith("consent to **sink**") and "not to local acme-retail" in comment
    assert MOVED in world.run("plan", "--base", "main", "-o", "html").out.replace("<wbr>", "")
    assert f"{who} {MOVED}" in world.run("plan", "--base", "main", "-o", "github").out
    assert world.run("apply", "--plan", str(file)).code == 0
