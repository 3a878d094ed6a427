"""Manifests as they stood at a revision: what git holds, whatever the working tree, hooks and filters say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.loading.revision import at_revision, standing

NOBODY = ("-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false")


def git(place: Path, *words: str) -> str:
    done = subprocess.run(["git", *NOBODY, "-C", place, *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository with one commit; manifests lie in a directory of a hostile name."""
    root = tmp_path / "repo" / "a\tb é" / "manifests"
    root.mkdir(parents=True)
    (root / "org.yaml").write_text("one", "utf-8")
    (root / "sub").mkdir()
    (root / "sub" / "line\nend.yaml").write_bytes(b"\r\nbytes\xff\n")
    (root.parent / "beside.yaml").write_text("not asked for", "utf-8")
    git(tmp_path / "repo", "init", "-q", "-b", "main")
    git(tmp_path / "repo", "add", "-A")
    git(tmp_path / "repo", "commit", "-qm", "one")
    return root


def held(root: Path) -> dict[str, bytes]:
    return {str(each.relative_to(root)): each.read_bytes() for each in root.rglob("*") if each.is_file()}


def test_it_is_what_was_committed_byte_by_byte(place: Path) -> None:
    before = held(place)
    (place / "org.yaml").write_text("two", "utf-8")
    (place / "new.yaml").write_text("new", "utf-8")
    with at_revision(place, "main") as then:
        assert held(then.root) == before and then.commit == git(place, "rev-parse", "HEAD")
        kept = then.root
    assert not kept.exists()


def test_nothing_is_checked_out_and_no_filter_or_hook_is_heard(place: Path, tmp_path: Path) -> None:
    repo, told = tmp_path / "repo", tmp_path / "told"
    hook = repo / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\necho hook >> {told}\n")
    hook.chmod(0o755)
    git(repo, "config", "filter.evil.smudge", f"sh -c 'echo smudge >> {told}; cat'")
    (repo / ".gitattributes").write_text("*.yaml filter=evil export-ignore\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "two")
    told.unlink(missing_ok=True)
    before = git(repo, "status", "--porcelain")
    with at_revision(place, "HEAD") as then:
        assert "org.yaml" in held(then.root)
    assert not told.exists() and git(repo, "status", "--porcelain") == before


def test_where_there_was_no_such_directory_nothing_lies(place: Path) -> None:
    later = place.parent / "later"
    later.mkdir()
    with at_revision(later, "main") as then:
        assert held(then.root) == {}


def test_the_whole_repository_may_be_the_root(place: Path, tmp_path: Path) -> None:
    with at_revision(tmp_path / "repo", "main") as then:
        assert held(then.root).keys() >= {"a\tb é/beside.yaml", "a\tb é/manifests/org.yaml"}


def test_a_link_stays_a_link(place: Path) -> None:
    os.symlink("org.yaml", place / "link.yaml")
    git(place, "add", "-A")
    git(place, "commit", "-qm", "two")
    with at_revision(place, "HEAD") as then:
        assert os.readlink(then.root / "link.yaml") == "org.yaml"


@pytest.mark.parametrize("revision", ["nope", "", "--help", "HEAD:org.yaml", "-h", "HEAD^{tree}", "a b"])
def test_what_is_no_revision_is_said(place: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="there is no revision") as told, at_revision(place, revision):
        pass
    assert "fetched" in told.value.remedy


def test_what_was_not_fetched_whole_is_said(place: Path, tmp_path: Path) -> None:
    identity = git(place, "rev-parse", "HEAD:./org.yaml")
    (tmp_path / "repo" / ".git" / "objects" / identity[:2] / identity[2:]).unlink()
    with pytest.raises(UsageError, match="git lacks some of what lies there"), at_revision(place, "HEAD"):
        pass


def test_outside_of_a_repository_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(UsageError, match="repository"), at_revision(tmp_path, "HEAD"):
        pass


def test_without_git_it_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git is not installed"), at_revision(place, "HEAD"):
        pass


def test_what_is_checked_out_is_known_by_its_commit(place: Path) -> None:
    assert standing(place) == (git(place, "rev-parse", "HEAD"), False)
    (place.parent / "beside.yaml").write_text("not of these manifests", "utf-8")
    assert standing(place) == (git(place, "rev-parse", "HEAD"), False)


@pytest.mark.parametrize("file", ["org.yaml", "new.yaml"])
def test_what_is_not_committed_is_said(place: Path, file: str) -> None:
    (place / file).write_text("two", "utf-8")
    assert standing(place) == (git(place, "rev-parse", "HEAD"), True)


def test_where_there_is_no_commit_nothing_is_said(tmp_path: Path) -> None:
    assert standing(tmp_path) is None
    git(tmp_path, "init", "-q")
    assert standing(tmp_path) is None
