"""Which files are read, and what is said about those that cannot be."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from reconciler.kinds import REGISTRY
from reconciler.loading import load, locator
from reconciler.model.origin import Origin
from tests.loading.diagnose import ORG, TENANT, report, write

US = "  divisions: [{key: us, name: US}]\n"


def tenant(name: str) -> str:
    return TENANT.replace("acme", name) + US.replace("US", name.upper())


def test_yaml_and_yml_below_the_root_are_read_in_one_order(tmp_path: Path) -> None:
    files = {"z.yml": tenant("z"), "b/c/d.yaml": tenant("d"), "a.yaml": tenant("a"), "org.yaml": ORG}
    loaded = load(write(tmp_path, files), REGISTRY)
    assert loaded.manifests is not None
    assert [owner.name for owner in loaded.manifests.tenants] == ["a", "d", "z"]
    assert loaded.files == 4


def test_other_files_and_dot_directories_are_skipped(tmp_path: Path) -> None:
    skipped = {".git/x.yaml": "not: a manifest", "notes.txt": "\t", "a.yaml.bak": "\t", "d/.e/x.yml": "\t"}
    assert report(write(tmp_path, {"org.yaml": ORG, **skipped})) == []


def test_an_empty_document_and_a_byte_order_mark_say_nothing(tmp_path: Path) -> None:
    files = {"org.yaml": "\ufeff---\n" + ORG + "---\n", "none.yaml": "# nothing\n", "zero.yaml": ""}
    assert report(write(tmp_path, files)) == []


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    assert report(write(tmp_path, {"org.yaml": ORG.replace("\n", "\r\n")})) == []


def test_a_root_that_is_not_there_is_said(tmp_path: Path) -> None:
    found = report(tmp_path / "nowhere")
    assert found == [f"manifest/no-root no directory `{tmp_path / 'nowhere'}`"]


def test_a_symlink_may_not_leave_the_root(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"org.yaml": ORG})
    (root / "t.yaml").symlink_to(write(tmp_path, {"out.yaml": tenant("a")}) / "out.yaml")
    assert report(root) == ["t.yaml:1:1 manifest/symlink a symlink that leaves the root"]


def test_a_symlink_to_a_directory_is_not_followed(tmp_path: Path) -> None:
    root = write(tmp_path, {"org.yaml": ORG, "a/t.yaml": tenant("a")})
    (root / "b").symlink_to(root, target_is_directory=True)
    assert report(root) == ["b:1:1 manifest/symlink a symlink to a directory"]


def test_what_a_refused_link_leads_to_is_not_shown(tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"org.yaml": ORG})
    (root / "t.yaml").symlink_to(write(tmp_path, {"out.yaml": "private: text"}) / "out.yaml")
    position = locator(root).locate(Origin("t.yaml"))
    assert position is not None
    assert position.text == ""


def test_a_mounted_config_map_is_read_once(tmp_path: Path) -> None:
    """Kubernetes puts the files in a dot-directory and links to them."""
    root = write(tmp_path, {"..data/org.yaml": ORG})
    (root / "org.yaml").symlink_to(root / "..data" / "org.yaml")
    assert load(root, REGISTRY).files == 1
    assert report(root) == []


def test_a_broken_symlink_is_said(tmp_path: Path) -> None:
    root = write(tmp_path, {"org.yaml": ORG})
    (root / "t.yaml").symlink_to(root / "gone.yaml")
    assert report(root) == ["t.yaml:1:1 manifest/unreadable-file cannot be read: No such file or directory"]


def test_a_pipe_or_a_socket_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write(tmp_path, {"org.yaml": ORG})
    os.mkfifo(root / "pipe.yaml")
    monkeypatch.chdir(root)  # a socket's path is limited in length
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.yaml")
        found = report(root)
    said = "manifest/not-a-file neither a file nor a directory"
    assert sorted(found) == [f"pipe.yaml:1:1 {said}", f"s.yaml:1:1 {said}"]


def test_a_file_name_that_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    root = write(tmp_path, {"org.yaml": ORG, "a\x1b[31m.yaml": tenant("a")})
    assert report(root) == ["manifest/file-name a file name that cannot be shown"]


def test_the_size_of_a_file_is_looked_at_before_its_text(tmp_path: Path) -> None:
    root = write(tmp_path, {"org.yaml": ORG})
    with (root / "t.yaml").open("wb") as file:
        file.truncate(50 * 1024**3)  # sparse: reading it would take all memory
    assert [line.split(" ")[1] for line in report(root)] == ["manifest/too-big"]


def test_every_broken_file_is_named(tmp_path: Path) -> None:
    files = {"org.yaml": ORG, "a.yaml": "a: [", "b.yaml": "b: {", "c.yaml": "c: '"}
    assert [line.split(" ")[0].split(":")[0] for line in report(write(tmp_path, files))] == [
        "a.yaml",
        "b.yaml",
        "c.yaml",
    ]


def test_a_broken_file_proves_no_absence(tmp_path: Path) -> None:
    """The Org document or the profile may stand in it."""
    files = {"org.yaml": "a: [", "t.yaml": TENANT + "  profiles: [standard]\n"}
    assert [line.split(" ")[1] for line in report(write(tmp_path, files))] == ["manifest/syntax"]


def test_sinks_whose_paths_could_meet_are_refused(tmp_path: Path) -> None:
    """A tenant chooses among sinks, and its keys: both together must not lead into another's place."""
    two = 'sinks: {other: {type: file, path: "{key}/{tenant}.json"}, local:'
    org = ORG.replace("sinks: {local:", two)

    (found,) = load(write(tmp_path, {"org.yaml": org}), REGISTRY).findings

    assert "`other` and `local` write into one store" in found.message


def test_no_sink_can_be_called_external(tmp_path: Path) -> None:
    """A client that names it says that nobody here keeps its secret."""
    org = ORG.replace("sinks: {local:", "sinks: {external:")
    root = write(tmp_path, {"org.yaml": org, "t.yaml": TENANT + "  divisions: []\n"})

    (found,) = load(root, REGISTRY).findings

    assert "somebody else has the secret" in found.message
