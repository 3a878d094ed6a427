"""Stories with each type of sink: nobody is born without a place, and what did not arrive comes anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.journeys.world import APPLY, Ran, World
from tests.secrets.rigs import RIGS, Rig
from tests.support.listener import Answered, Asked
from tests.support.vault import Vault

FULL = pytest.mark.full
TYPES = ["vault", "command", pytest.param("aws", marks=FULL), pytest.param("github", marks=FULL)]


@pytest.fixture(params=TYPES)
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with RIGS[request.param](tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def story(rig: Rig, world: World) -> World:
    """Northwind with that sink instead of files."""
    for name, value in rig.environment.items():
        if not name.startswith("GENESYSCLOUD"):
            world.patch.setenv(name, value)
    org = yaml.safe_load((world.root / "org.yaml").read_text("utf-8"))
    org["spec"]["sinks"] = {"local": {"type": rig.kind, "path": rig.template, **rig.settings}}
    world.write("org.yaml", yaml.safe_dump(org, sort_keys=False))
    return world


def born(world: World) -> list[str]:
    """Clients of ours, but for the one that has no secret."""
    return sorted(row["name"] for row in world.live_clients() if row["name"] != "initech-desk")


def usable(world: World, rig: Rig) -> None:
    """Every active client of ours has in the sink what it signs in with."""
    kept = dict(rig.look().values())
    for row in world.live_clients():
        if row["name"] != "initech-desk" and row["state"] == "active":
            assert world.signs_in(row["id"], kept[row["id"]]), row["name"]


def silent(world: World, rig: Rig, *ran: Ran) -> None:
    """No word of a secret in what was said."""
    secrets = set(world.sim.org.secrets.values()) - {""} | {secret for _, secret in rig.look().values()}
    assert secrets
    said = "".join(text for each in ran for text in (each.out, each.err))
    assert [secret for secret in secrets if secret in said] == []


def test_the_first_apply_delivers_and_the_second_writes_nothing(story: World, rig: Rig) -> None:
    first = story.run("-vv", *APPLY)
    assert first.code == 0, first.out + first.err
    assert len(rig.look()) == len(born(story)) == 6
    usable(story, rig)
    before = rig.look()
    second, writes = story.wrote("-vv", *APPLY)
    assert (second.code, writes, rig.look()) == (0, [], before)
    silent(story, rig, first, second)


@contextmanager
def refusing(rig: Rig, world: World) -> Iterator[None]:
    """For a while nothing can be written."""
    if rig.kind == "aws":
        with world.patch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9")
            yield
    elif rig.server is not None:
        with failing(rig, lambda asked: asked.method != "GET"):
            yield
    else:
        rig.refuse()
        yield
        (world.place / "kept" / "refuse").unlink()


@contextmanager
def failing(rig: Rig, when: Callable[[Asked], bool]) -> Iterator[None]:
    """Some requests are refused, with their own words."""
    assert rig.server is not None
    answer = rig.server.answer

    def refusal(asked: Asked) -> Answered:
        return (
            Answered(500, {"errors": [str(asked.body)], "message": str(asked.body)})
            if when(asked)
            else answer(asked)
        )

    rig.server.answer = refusal  # type: ignore[method-assign]
    yield
    rig.server.answer = answer  # type: ignore[method-assign]


def test_where_nothing_can_be_written_nobody_is_born(story: World, rig: Rig) -> None:
    story.patch.setattr("reconciler.secrets.aws._ATTEMPTS", 1)
    with refusing(rig, story):
        ran = story.run("-vv", *APPLY)
    assert ran.code == 5 and born(story) == [] and rig.look() == {}
    assert not [each for each in story.sim.writes() if each.path.endswith("/secret")]
    story.settle()
    assert len(born(story)) == 6
    usable(story, rig)
    silent(story, rig, ran)


@contextmanager
def losing(rig: Rig, world: World) -> Iterator[None]:
    """Places can be reserved, and then nothing is stored there."""
    if rig.server is not None:
        with failing(rig, lambda asked: asked.method == "POST" and "/data/" in asked.path):
            yield
    else:
        (world.place / "kept" / "refuse-deliver").touch()
        yield
        (world.place / "kept" / "refuse-deliver").unlink()


@pytest.mark.parametrize("rig", ["vault", pytest.param("command", marks=FULL)], indirect=True)
def test_what_did_not_arrive_is_made_anew_and_nobody_could_use_it(story: World, rig: Rig) -> None:
    with losing(rig, story):
        ran = story.run("-vv", *APPLY)
    assert ran.code == 5 and len(born(story)) == 6 and rig.look() == {}
    assert {row["state"] for row in story.live_clients() if row["name"] != "initech-desk"} == {"inactive"}
    assert story.access() == set()
    lost = set(story.sim.org.secrets.values()) - {""}
    story.settle()
    assert len(born(story)) == 6
    usable(story, rig)
    assert lost.isdisjoint(secret for _, secret in rig.look().values())
    hidden_ones = "".join((ran.out, ran.err))
    assert [secret for secret in lost if secret != "operator-secret" and secret in hidden_ones] == []


@pytest.mark.parametrize("rig", ["vault"], indirect=True)
def test_a_secret_goes_nowhere_else_than_was_reviewed(story: World, rig: Rig) -> None:
    assert story.run("plan", "--out", "reviewed.json").code == 0
    story.change("org.yaml", "bpo/{tenant}/{key}", "elsewhere/{tenant}/{key}")
    ran = story.run("apply", "--plan", "reviewed.json")
    assert ran.code == 4 and born(story) == [] and rig.look() == {}
    assert "no reviewed plan sends its secret to local elsewhere/" in " ".join(ran.out.split())


@pytest.mark.parametrize("rig", ["vault"], indirect=True)
def test_a_missing_credential_ends_the_run_before_its_first_write(story: World, rig: Rig) -> None:
    story.patch.delenv("VAULT_TOKEN")
    assert story.run("plan").code == 0
    ran, writes = story.wrote(*APPLY)
    assert ran.code == 1 and writes == [] and "VAULT_TOKEN is not set" in ran.err
    assert story.apply("--only", "org/role").code == 0


@FULL
@pytest.mark.parametrize("rig", ["vault"], indirect=True)
def test_what_somebody_else_wrote_is_not_well_until_a_rotation_wrote_over_it(story: World, rig: Rig) -> None:
    story.settle()
    assert story.run("secrets", "status").code == 0 and isinstance(rig.server, Vault)
    rig.server.keys["bpo/acme-retail/adherence"].versions.append({"theirs": "1"})
    ran = story.run("secrets", "status")
    assert ran.code == 7 and "version 2 is there, of no client that the sink tells" in " ".join(
        ran.out.split()
    )
    mend = ("secrets", "rotate", "--only", "acme-retail/client/adherence")
    assert story.run(*mend, "--auto-approve").code == 0
    assert story.run("secrets", "status").code == 0
    usable(story, rig)


@FULL
@pytest.mark.parametrize("rig", ["vault", "aws", "github"], indirect=True)
def test_probe_tries_what_can_be_read_again_and_says_what_cannot(story: World, rig: Rig) -> None:
    story.settle()
    ran = story.run("probe", "-o", "json")
    troubles = [str(each) for each in ran.json["clients"] if "hands no secret out again" in str(each)]
    assert len(troubles) == (0 if rig.source else 5), ran.out  # the auditor is no tenant's
    assert ran.code == (0 if rig.source else 7)
    silent(story, rig, ran)
