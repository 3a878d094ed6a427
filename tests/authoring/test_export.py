"""Exports as people read them: the files of one handmade organisation, comments and all."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.authoring import files
from reconciler.authoring.tree import growing
from reconciler.errors import UsageError
from reconciler.kinds import REGISTRY
from tests.planning.exports import handmade_proposal
from tests.reports.golden import check


def handmade() -> dict[str, str]:
    return dict(files(handmade_proposal(), REGISTRY))


@pytest.mark.parametrize("name", ["org.yaml", "shared.yaml", "tenants/acme.yaml", "tenants/globex-bank.yaml"])
def test_a_file_reads_like_this(name: str) -> None:
    check(f"tests/golden/export/{name}", handmade()[name])


def test_there_is_a_file_for_each_and_no_other() -> None:
    assert sorted(handmade()) == ["org.yaml", "shared.yaml", "tenants/acme.yaml", "tenants/globex-bank.yaml"]


def test_a_tree_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with growing(out) as tree:
        tree.fill({"a/old.yaml": "x"})
        tree.fill({"b/new.yaml": "y"})
        assert not out.exists()
        tree.publish()
    assert [path.name for path in out.rglob("*.yaml")] == ["new.yaml"]
    with pytest.raises(RuntimeError), growing(tmp_path / "other") as tree:
        tree.fill({"a.yaml": "x"})
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]


@pytest.mark.parametrize("taken", ["file", "link", "full"])
def test_what_is_there_is_never_overwritten(taken: str, tmp_path: Path) -> None:
    out, aside = tmp_path / "out", tmp_path / "aside"
    aside.mkdir()
    if taken == "file":
        out.write_text("mine", "utf-8")
    elif taken == "link":
        out.symlink_to(aside)
    else:
        out.mkdir()
        (out / "note").write_text("mine", "utf-8")
    with pytest.raises(UsageError, match="is there already"), growing(out):
        raise AssertionError
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aside", "out"]


def test_a_place_that_takes_no_files_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="cannot write"), growing(tmp_path / "file" / "out"):
        raise AssertionError
