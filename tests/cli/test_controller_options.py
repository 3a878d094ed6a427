"""What the controller is told is checked before anything is looked at."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pytest

from reconciler.cli.controller import _named, paused
from reconciler.cli.main import run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--every", "15"], "`15` is not [ROOT=]TIME"),
        (["--every", "59s"], "of a minute to a week"),
        (["--every", "8d"], "of a minute to a week"),
        (["--every", "elsewhere=1h"], "--every names elsewhere, which is no ROOT here"),
        (["--listen", "http://x"], "is not [HOST:]PORT"),
        (["--listen", "127.0.0.1:65536"], "is not [HOST:]PORT"),
        (["one", "two"], "set RECONCILER_CREDENTIALS to a directory"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECONCILER_CREDENTIALS", raising=False)
    assert run(["controller", *words]) == 1
    assert said in " ".join(capsys.readouterr().err.split())


def test_a_port_that_is_taken_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["controller", str(tmp_path), "--listen", str(port)]) == 1
    assert f"nothing can be served on 127.0.0.1:{port}" in capsys.readouterr().err


def test_a_file_pauses_and_its_first_line_says_why(tmp_path: Path) -> None:
    assert paused(tmp_path, "northwind") == paused(tmp_path / "missing", "northwind") == ""
    (tmp_path / "northwind").write_bytes(b"frozen\xff\nmore")
    assert paused(tmp_path, "northwind") == "frozen\ufffd"
    (tmp_path / "northwind").write_bytes(b" \n")
    assert paused(tmp_path, "northwind") == "no reason given"


def test_what_cannot_be_told_counts_as_paused(tmp_path: Path) -> None:
    (tmp_path / "northwind").mkdir()
    assert "cannot be read" in paused(tmp_path, "northwind")


def test_the_directory_one_is_in_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _named(".") == tmp_path.name
