"""What the environment and the Org document say: contradictions end a run before anything is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler import __version__
from tests.journeys.world import APPLY, Ran, World

ID, SECRET = "GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"
COMMANDS = pytest.mark.parametrize("command", [("plan",), APPLY], ids=["plan", "apply"])


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def silent(world: World, *command: str, code: int) -> Ran:
    """That command ends with that code and never reaches the organisation."""
    ran = world.run(*command)
    assert ran.code == code, ran
    assert world.sim.requests == [] and "Traceback" not in ran.err
    return ran


@COMMANDS
@pytest.mark.parametrize("missing", [(ID,), (SECRET,), (ID, SECRET)], ids=["id", "secret", "both"])
def test_missing_credentials_are_named(
    world: World, command: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    for name in missing:
        world.patch.delenv(name)
    ran = silent(world, *command, code=1)
    assert all(name in ran.err for name in missing) and "operator-secret" not in ran.err


def test_credentials_may_lie_in_files(world: World) -> None:
    for name, value in ((ID, "operator\n"), (SECRET, "operator-secret\n")):
        file = world.place / name.lower()
        file.write_text(value)
        world.patch.delenv(name)
        world.patch.setenv(f"{name}_FILE", str(file))
    assert world.run("plan").code == 0


def test_a_file_named_wins_over_a_value_left_behind(world: World) -> None:
    file = world.place / "secret"
    file.write_text("operator-secret")
    world.patch.setenv(SECRET, "an old one")
    world.patch.setenv(f"{SECRET}_FILE", str(file))
    assert world.run("plan").code == 0


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["gone", "binary"])
def test_a_file_that_cannot_be_read_is_named_with_its_variable(world: World, content: bytes | None) -> None:
    file = world.place / "secret"
    if content is not None:
        file.write_bytes(content)
    world.patch.setenv(f"{SECRET}_FILE", str(file))
    ran = silent(world, "plan", code=1)
    assert f"{SECRET}_FILE" in ran.err and str(file) in ran.err


def test_an_empty_file_is_a_missing_credential(world: World) -> None:
    (world.place / "secret").write_text("\n")
    world.patch.setenv(f"{SECRET}_FILE", str(world.place / "secret"))
    assert SECRET in silent(world, "plan", code=1).err


@COMMANDS
def test_a_region_that_contradicts_the_org_document_is_refused(
    world: World, command: tuple[str, ...]
) -> None:
    world.patch.setenv("GENESYSCLOUD_REGION", "eu-west-1")
    ran = silent(world, *command, code=1)
    assert "eu-west-1" in ran.err and "us-east-1" in ran.err


def test_a_region_that_agrees_is_fine(world: World) -> None:
    world.patch.setenv("GENESYSCLOUD_REGION", "us-east-1")
    assert world.run("plan").code == 0


@COMMANDS
@pytest.mark.parametrize(
    "url",
    [
        "https://api.mypurecloud.com",
        "http://192.0.2.7:8085",
        "http://127.0.0.1@example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1:8085/path",
        "http://127.0.0.1:99999",
        "ftp://127.0.0.1",
        "127.0.0.1:8085",
        "http://[::1",
        "http://0.0.0.0:8085",
    ],
)
def test_no_other_host_ever_gets_the_secret(world: World, command: tuple[str, ...], url: str) -> None:
    world.patch.setenv("RECONCILER_ENDPOINT", url)
    assert "http://127.0.0.1:8085" in silent(world, *command, code=1).err


def test_the_option_wins_over_its_variable(world: World) -> None:
    world.patch.setenv("RECONCILER_ENDPOINT", "https://example.com")
    assert world.run("--endpoint", "http://localhost:1", "plan").code == 0


def test_an_administrators_token_is_enough_to_plan_and_not_to_apply(world: World) -> None:
    world.patch.delenv(ID)
    world.patch.delenv(SECRET)
    world.patch.setenv("GENESYSCLOUD_ACCESS_TOKEN", "not-a-token-of-theirs")
    ran = world.run("plan")
    assert ran.code == 7 and "GENESYSCLOUD_ACCESS_TOKEN" in ran.err
    assert "not-a-token-of-theirs" not in ran.err
    asked = len(world.sim.requests)
    assert world.apply().code == 1 and len(world.sim.requests) == asked


@COMMANDS
@pytest.mark.parametrize("requires", [">=99", "<0.1", "==0.0.1"])
def test_manifests_for_another_version_are_refused(
    world: World, command: tuple[str, ...], requires: str
) -> None:
    world.change("org.yaml", '">=0.1,<1.0"', f'"{requires}"')
    ran = silent(world, *command, code=3)
    assert __version__ in ran.err and requires in ran.err


def _empty(world: World) -> None:
    for path in world.root.rglob("*.yaml"):
        path.unlink()


def _no_org(world: World) -> None:
    (world.root / "org.yaml").unlink()


def _two_orgs(world: World) -> None:
    world.write("org2.yaml", (world.root / "org.yaml").read_text("utf-8"))


@COMMANDS
@pytest.mark.parametrize("damage", [_empty, _no_org, _two_orgs])
def test_manifests_without_exactly_one_org_are_invalid(
    world: World, command: tuple[str, ...], damage: Callable[[World], None]
) -> None:
    damage(world)
    assert "Org" in silent(world, *command, code=3).err


@pytest.mark.parametrize("command", [("validate",), ("plan",), APPLY, ("render",)])
def test_a_root_that_is_not_there_is_named(world: World, command: tuple[str, ...]) -> None:
    assert "is-not-there" in silent(world, *command, "is-not-there", code=3).err


def test_an_org_document_alone_is_a_plan_of_nothing(world: World) -> None:
    org = (world.root / "org.yaml").read_text("utf-8").replace("    - org/division/shared ", "    [] #")
    _empty(world)
    world.write("org.yaml", org)
    assert world.run("plan").code == 0


def test_manifests_that_lost_everything_take_nothing_away(world: World) -> None:
    world.settle()
    before, org = world.sim.snapshot(), (world.root / "org.yaml").read_text("utf-8")
    _empty(world)
    world.write("org.yaml", org)
    for allowed in ((), ("--allow", "removals=6")):
        ran, writes = world.wrote(*APPLY, *allowed)
        assert ran.code == 4 and writes == []
    assert world.sim.snapshot() == before


def test_on_a_ci_runner_files_are_no_sink_and_no_client_is_born(world: World) -> None:
    world.patch.setenv("CI", "true")
    ran = world.apply()
    assert ran.code == 5 and "persistent: true" in " ".join(ran.out.split())
    assert [row["name"] for row in world.live_clients()] == ["initech-desk"]


def test_secrets_never_go_into_a_work_tree_that_git_would_commit(world: World) -> None:
    (world.place / ".git").mkdir()
    (world.place / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    ran = world.apply("--only", "org")
    assert ran.code == 5 and world.delivered() == {}
    assert "git" in ran.out and world.live_clients() == []


def test_a_sink_that_cannot_be_written_stops_a_run_before_its_first_write(world: World) -> None:
    world.change("org.yaml", "type: file ", "type: vault\n      mount: kv #")
    assert world.run("plan").code == 0
    ran, writes = world.wrote(*APPLY)
    assert ran.code == 1 and writes == [] and "`local` (type vault)" in ran.err
    assert world.apply("--only", "org/role").code == 0
