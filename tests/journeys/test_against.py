"""`plan --against`: a pull request is told what it would give, without credentials or an organisation."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from reconciler.reports.schemas import schema
from tests.journeys.test_one_writer import CANADA
from tests.journeys.world import World
from tests.loading.test_revision import git


@pytest.fixture
def world(world: World) -> World:
    """Northwind's manifests in a repository of their own; nobody is signed in, nobody could be asked."""
    git(world.place, "init", "-q", "-b", "main")
    git(world.place, "add", "manifests")
    git(world.place, "commit", "-qm", "one")
    for name in ("GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET", "RECONCILER_ENDPOINT"):
        world.patch.delenv(name)
    return world


def test_what_a_change_would_give_is_told_from_git_alone(world: World) -> None:
    quiet = world.run("plan", "--against", "main")
    assert (quiet.code, quiet.last) == (
        0, "proposal: 0 added, 0 changed, 0 removed · access +0 -0 · consent none",
    )  # fmt: skip
    world.change(*CANADA)
    ran = world.run("plan", "--against", "main")
    assert ran.code == 0 and "▲ acme-retail/client/adherence" in ran.out, ran
    assert ran.last == "proposal: 0 added, 1 changed, 0 removed · access +2 -0 · consent increase"
    assert world.sim.requests == []


def test_its_json_keeps_to_its_schema_and_its_comment_begins_with_the_consent(world: World) -> None:
    world.change(*CANADA)
    said = world.run("plan", "--against", "main", "-o", "json").json
    Draft202012Validator(schema("proposal")).validate(said)
    assert (
        said["against"] == git(world.place, "rev-parse", "main") and said["approval"]["class"] == "increase"
    )
    assert said["revision"] == {"commit": said["against"], "dirty": True} and said["unseen"]
    text = world.run("plan", "--against", "main", "-o", "markdown").out
    assert f"commit {said['against'][:12]} and what is not committed" in text and "only a plan tells" in text
    lines = text.splitlines()
    assert lines[:2] == ["<!-- reconciler proposal northwind -->", "## northwind: consent to **increase**"]


def test_what_a_profile_gives_is_told_by_its_name_with_and_without_an_organisation(world: World) -> None:
    for number in range(6):
        world.write(
            f"tenants/t{number}.yaml",
            f"apiVersion: reconciler/v1\nkind: Tenant\nmetadata: {{name: t{number}}}\nspec:\n"
            f"  profiles: [standard]\n  divisions:\n    - {{key: main, name: T{number}}}\n",
        )
    text = " ".join(world.run("plan", "--against", "main").out.split())
    assert "▲ 6 clients in 6 tenants" in text and "profile standard: client metrics · in t0, t1," in text


def test_a_change_of_policy_is_told_as_such(world: World) -> None:
    world.change("org.yaml", "prune: false", "prune: true")
    ran = world.run("plan", "--against", "main")
    assert "Consent to policy (org): org prune: the default → true" in ran.out and ran.last.endswith(
        "consent policy"
    )


def test_a_leak_is_exit_8_and_the_proposal_is_told_all_the_same(world: World) -> None:
    world.change("shared.yaml", "- wfm:historicalAdherence:view", "- authorization:division:edit")
    ran = world.run("plan", "--against", "main")
    assert ran.code == 8 and "isolation/" in ran.out and "acme-retail.yaml:15" in ran.out, ran
    assert world.run("plan", "--against", "main", "-o", "json").json["leaks"]
    comment = world.run("plan", "--against", "main", "-o", "markdown").out
    assert comment.splitlines()[1] == "## northwind: **leak**, consent to **org-wide**"
    assert comment.index("[isolation/escalation]") < comment.index("<details>")
    assert ran.last.endswith("consent org-wide") and "acme-retail/client/adherence" in ran.out


def test_what_nobody_can_compare_with_is_an_error_with_its_place(world: World) -> None:
    assert "there is no revision `nope` here" in world.run("plan", "--against", "nope").err
    world.change("org.yaml", "kind: Org", "kind: Orc")
    git(world.place, "commit", "-qam", "broken")
    world.change("org.yaml", "kind: Orc", "kind: Org")
    ran = world.run("plan", "--against", "main")
    assert ran.code == 1 and "the manifests at main are not valid" in ran.err, ran


def test_it_goes_with_no_option_of_a_plan(world: World) -> None:
    for more in (
        ("--deep",),
        ("--out", "p.json"),
        ("--only", "acme-retail"),
        ("--detailed-exitcode",),
        ("--page", "p.html"),
    ):
        ran = world.run("plan", "--against", "main", *more)
        assert ran.code == 1 and "--against goes with ROOT and -o alone" in ran.err


def test_the_rest_is_linked_where_somebody_says_where_it_is(world: World) -> None:
    link = "https://ci.example.org/runs/1?a=b#c"
    said = world.run("plan", "--against", "main", "-o", "markdown", "--details", link)
    assert f"[All of it]({link})" in said.out
    for wrong in ("javascript:alert(1)", "https://x.example/) [a](b", "https://x.example/\n::error::x", "x"):
        ran = world.run("plan", "--against", "main", "-o", "markdown", "--details", wrong)
        assert (ran.code, ran.out) == (1, "") and "--details" in ran.err, ran
