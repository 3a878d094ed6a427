"""The file sink: for its owner's eyes only, whole or not at all, and only where it belongs."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import SinkError
from reconciler.model.address import Address
from reconciler.model.secret import Credential, Destination, Held, Receipt, Secret
from reconciler.secrets.file import FileSink

PLACE = "acme/metrics.json"
ISSUED = datetime(2026, 11, 20, 14, 2, 25, tzinfo=UTC)


def credential(secret: str = "made-up-one") -> Credential:
    address = Address("acme", "client", "metrics")
    return Credential(
        address, "id-1", Secret(secret), "us-east-1", "api.example", "login.example", ISSUED, "n0nce000"
    )


def deliver(root: Path, place: str = PLACE, secret: str = "made-up-one", **options: Any) -> Receipt:
    sink = FileSink(root, options.get("settings", {}), ci=options.get("ci", False))
    return asyncio.run(sink.deliver(Destination("local", place), credential(secret)))


def reserve(root: Path, place: str = PLACE, **options: Any) -> None:
    sink = FileSink(root, options.get("settings", {}), ci=options.get("ci", False))
    asyncio.run(sink.reserve(Destination("local", place)))


Use = Callable[..., object]
BOTH_USES = pytest.mark.parametrize("use", [reserve, deliver])


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_says_what_a_program_needs_to_sign_in(tmp_path: Path) -> None:
    receipt = deliver(tmp_path / "secrets")

    text = (tmp_path / "secrets" / PLACE).read_text(encoding="utf-8")
    assert receipt == Receipt("local", PLACE)
    assert text.endswith("}\n")
    assert json.loads(text) == {
        "clientId": "id-1",
        "clientSecret": "made-up-one",
        "region": "us-east-1",
        "apiHost": "api.example",
        "loginHost": "login.example",
        "address": "acme/client/metrics",
        "issuedAt": "2026-11-20T14:02:25Z",
        "nonce": "n0nce000",
    }


def test_only_its_owner_may_look(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        deliver(tmp_path / "secrets", "a/b/c.json")
    finally:
        os.umask(before)
    assert mode(tmp_path / "secrets/a/b/c.json") == 0o600
    assert [mode(tmp_path / "secrets" / each) for each in (".", "a", "a/b")] == [0o700] * 3


def test_a_second_delivery_replaces_the_first_and_what_others_may_read(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / PLACE).write_text("old")
    (tmp_path / PLACE).chmod(0o644)
    deliver(tmp_path, secret="made-up-two")

    assert json.loads((tmp_path / PLACE).read_text())["clientSecret"] == "made-up-two"
    assert mode(tmp_path / PLACE) == 0o600
    assert files(tmp_path) == [PLACE]


def test_reserving_leaves_nothing_and_touches_nothing(tmp_path: Path) -> None:
    deliver(tmp_path)
    content = (tmp_path / PLACE).read_bytes()
    reserve(tmp_path)
    reserve(tmp_path, "globex/metrics.json")

    assert files(tmp_path) == [PLACE]
    assert (tmp_path / PLACE).read_bytes() == content


@pytest.mark.parametrize("moment", ["write", "fsync", "rename"])
def test_a_failure_half_way_leaves_the_old_content_and_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    deliver(tmp_path)

    def full(*args: Any, **options: Any) -> Any:
        raise OSError(28, "No space left on device")

    target = "builtins.open" if moment == "write" else f"os.{moment}"
    with monkeypatch.context() as patch:
        patch.setattr(target, full)
        with pytest.raises(SinkError, match="cannot be written: No space left") as error:
            deliver(tmp_path, secret="made-up-two")

    assert json.loads((tmp_path / PLACE).read_text())["clientSecret"] == "made-up-one"
    assert files(tmp_path) == [PLACE]
    assert "RECONCILER_SECRETS" in error.value.remedy
    assert "made-up" not in str(error.value)


class KilledError(BaseException):
    """The process dies here: nobody cleans up."""


def test_a_crash_between_writing_and_renaming_leaves_the_old_content_and_is_tidied_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(tmp_path)

    def die(*args: Any, **options: Any) -> Any:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("os.rename", die)
        patch.setattr("os.unlink", lambda *args, **options: None)
        with pytest.raises(KilledError):
            deliver(tmp_path, secret="made-up-two")
    assert json.loads((tmp_path / PLACE).read_text())["clientSecret"] == "made-up-one"
    assert len(files(tmp_path)) == 2
    assert {mode(tmp_path / each) for each in files(tmp_path)} == {0o600}

    deliver(tmp_path, secret="made-up-three")
    assert json.loads((tmp_path / PLACE).read_text())["clientSecret"] == "made-up-three"
    assert files(tmp_path) == [PLACE]


@BOTH_USES
@pytest.mark.parametrize(
    "place",
    [
        "../out.json",
        "a/../../out.json",
        "/tmp/out.json",
        "",
        ".",
        "a//b.json",
        "a/./b.json",
        "a\\b.json",
        "a\nb",
        "a\0b",
    ],
)
def test_nothing_is_written_outside_the_root(tmp_path: Path, use: Use, place: str) -> None:
    with pytest.raises(SinkError, match="not a path below the sink's root"):
        use(tmp_path / "secrets", place)
    assert files(tmp_path) == []


@BOTH_USES
@pytest.mark.parametrize("link", ["acme", "acme/metrics.json"])
def test_no_link_is_followed(tmp_path: Path, use: Use, link: str) -> None:
    outside, root = tmp_path / "outside", tmp_path / "secrets"
    outside.mkdir()
    (outside / "metrics.json").write_text("mine")
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside if link == "acme" else outside / "metrics.json")

    with pytest.raises(SinkError, match="a link or something else in the way"):
        use(root)
    assert (outside / "metrics.json").read_text() == "mine"
    assert files(outside) == ["metrics.json"]


@BOTH_USES
def test_a_directory_in_the_way_is_refused(tmp_path: Path, use: Use) -> None:
    (tmp_path / PLACE).mkdir(parents=True)
    with pytest.raises(SinkError, match="in the way"):
        use(tmp_path)


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "secrets").symlink_to(tmp_path / "disk")
    deliver(tmp_path / "secrets")
    assert files(tmp_path / "disk") == [PLACE]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty git work tree."""
    if not shutil.which("git"):
        pytest.skip("there is no git")
    git(tmp_path, "init", "-q")
    return tmp_path


def git(repository: Path, *command: str) -> None:
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(repository), *command], env=quiet, check=True, capture_output=True)


@BOTH_USES
def test_a_work_tree_that_does_not_ignore_the_place_is_refused(repository: Path, use: Use) -> None:
    with pytest.raises(SinkError, match="git does not ignore it") as error:
        use(repository / "secrets")
    assert ".gitignore" in error.value.remedy
    assert "secrets" not in os.listdir(repository)


@pytest.mark.parametrize("pattern", ["secrets/", "*.json"])
def test_a_work_tree_that_ignores_the_place_will_do(repository: Path, pattern: str) -> None:
    (repository / ".gitignore").write_text(pattern)
    reserve(repository / "secrets")
    deliver(repository / "secrets")
    assert (repository / "secrets" / PLACE).exists()


def test_a_place_that_is_ignored_but_tracked_is_refused(repository: Path) -> None:
    target = repository / "secrets" / PLACE
    target.parent.mkdir(parents=True)
    target.write_text("{}")
    git(repository, "add", "secrets")
    (repository / ".gitignore").write_text("secrets/")
    with pytest.raises(SinkError, match="git does not ignore it"):
        deliver(repository / "secrets")
    assert target.read_text() == "{}"


def test_a_name_of_which_only_the_final_one_is_ignored_is_refused(repository: Path) -> None:
    """A crash may leave the other one behind."""
    (repository / ".gitignore").write_text("metrics.json")
    with pytest.raises(SinkError, match="git does not ignore it"):
        deliver(repository / "secrets")


def test_a_hook_that_points_git_elsewhere_changes_nothing(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository / "other"
    git(repository, "init", "-q", str(other))
    (other / ".gitignore").write_text("*")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    with pytest.raises(SinkError, match="git does not ignore it"):
        deliver(repository / "secrets")


def test_without_git_a_work_tree_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / ".gitignore").write_text("secrets/")
    monkeypatch.setenv("PATH", str(repository / "nothing"))
    with pytest.raises(SinkError, match="git cannot tell") as error:
        deliver(repository / "secrets")
    assert "git must be installed" in error.value.remedy


@BOTH_USES
def test_a_ci_job_is_no_place_for_files(tmp_path: Path, use: Use) -> None:
    with pytest.raises(SinkError, match="the disk of a CI job is thrown away") as error:
        use(tmp_path, ci=True)
    assert "persistent: true" in error.value.remedy
    assert files(tmp_path) == []


@BOTH_USES
def test_a_ci_job_whose_disk_stays_will_do(tmp_path: Path, use: Use) -> None:
    use(tmp_path, ci=True, settings={"persistent": True})


@BOTH_USES
def test_a_root_that_cannot_be_made_is_an_error(tmp_path: Path, use: Use) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="cannot be written"):
        use(tmp_path / "file" / "secrets")


def status(root: Path, place: str = PLACE) -> Held | None:
    return asyncio.run(FileSink(root, {}, ci=False).status(Destination("local", place)))


def test_half_a_file_that_a_crash_left_is_no_status(tmp_path: Path) -> None:
    deliver(tmp_path)
    text = (tmp_path / PLACE).read_text("utf-8")
    (tmp_path / "acme" / ".new.metrics.json").write_text(text[: len(text) // 2], "utf-8")
    assert status(tmp_path) == Held("id-1", "acme/client/metrics", "n0nce000", ISSUED)
    (tmp_path / PLACE).unlink()
    assert status(tmp_path) is None


def test_the_status_tells_everything_but_the_secret(tmp_path: Path) -> None:
    assert status(tmp_path / "secrets") is None and files(tmp_path) == []
    deliver(tmp_path)
    assert status(tmp_path, "acme/other.json") is None
    assert status(tmp_path) == Held("id-1", "acme/client/metrics", "n0nce000", ISSUED)


@pytest.mark.parametrize("issued", ["", "yesterday", "2026-11-20T14:02:25", 5], ids=str)
def test_a_file_that_does_not_say_since_when_is_still_told(tmp_path: Path, issued: object) -> None:
    """Earlier versions wrote no date; and one without a zone is none."""
    (tmp_path / "old.json").write_text(
        json.dumps({"clientId": "id-1", "clientSecret": "made-up-one", "issuedAt": issued})
    )
    assert status(tmp_path, "old.json") == Held("id-1")


def test_what_is_no_credential_has_no_status(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"made-up": 1}')
    with pytest.raises(SinkError, match="holds no credential") as error:
        status(tmp_path, "x.json")
    assert "made-up" not in str(error.value)
