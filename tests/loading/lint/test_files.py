"""Which files are looked at, and what becomes of those that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.loading.lint import Linted, Source, lint, sources, standard_input
from reconciler.loading.lint.files import MOST_BYTES

WRONG = '{"roleDivisions": [], "divisionIds": []}\n'


def lay(root: Path, *names: str, text: str | bytes = WRONG) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def names(root: Path, *paths: Path) -> list[str]:
    return [Path(each.name).relative_to(root).as_posix() for each in sources(paths or [root])]


def test_a_directory_is_searched_for_source_text_in_one_order(tmp_path: Path) -> None:
    lay(tmp_path, "b.py", "a/z.tf", "a/c.ts", ".github/workflows/ci.yml", "n8n.json", "x.http")
    lay(tmp_path, "read.me", "picture.png", "notes.md", "lib.min.js")
    lay(tmp_path, ".git/config.json", ".venv/a.py", "node_modules/x/a.js", "__pycache__/a.py", "env/lib/a.py")
    lay(tmp_path, "env/pyvenv.cfg")

    assert names(tmp_path) == ["b.py", "n8n.json", "x.http", ".github/workflows/ci.yml", "a/c.ts", "a/z.tf"]


def test_what_is_named_is_looked_at_whatever_it_is_called_and_once(tmp_path: Path) -> None:
    lay(tmp_path, "node_modules/a.js", "notes.md")
    paths = [tmp_path / "node_modules", tmp_path / "notes.md", tmp_path, tmp_path / "notes.md"]

    assert names(tmp_path, *paths) == ["node_modules/a.js", "notes.md"]


def test_links_are_not_followed_unless_they_are_named(tmp_path: Path) -> None:
    lay(tmp_path, "real/a.py", "there/b.py")
    (tmp_path / "there/c.py").symlink_to(tmp_path / "real/a.py")
    (tmp_path / "there/loop").symlink_to(tmp_path)

    assert names(tmp_path, tmp_path / "there") == ["there/b.py"]
    assert names(tmp_path, tmp_path / "there/c.py") == ["there/c.py"]


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"a\0b", "binary"), (b"\xff\xfe\xfd", "not UTF-8"), (b"#" * (MOST_BYTES + 1), "larger than 1024 KiB")],
    ids=["binary", "latin", "huge"],
)
def test_what_cannot_be_looked_at_is_said(tmp_path: Path, data: bytes, why: str) -> None:
    """Below a directory it is left out and told; by its name, or piped in, it is a mistake."""
    lay(tmp_path, "a.py", text=data)
    lay(tmp_path, "b.py")
    linted = Linted()
    lint(sources([tmp_path]), linted)

    assert linted.files == 1 and len(linted.findings) == 1
    assert [why in each.skipped for each in linted.skipped] == [True]
    with pytest.raises(UsageError, match=why):
        list(sources([tmp_path / "a.py"]))
    with pytest.raises(UsageError, match=why):
        standard_input(data)


def test_a_file_that_may_not_be_read_and_one_that_is_not_there(tmp_path: Path) -> None:
    lay(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    assert [each.skipped for each in sources([tmp_path])] == ["", "is neither a file nor a directory"]
    with pytest.raises(UsageError, match="does not exist"):
        list(sources([tmp_path / "gone.py"]))


def test_places_count_characters_behind_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "a.json",
        text='\ufeff{\r\n  "roleDivisions": [],\r\n  "€": 1, "divisionIds": []}\r\n'.encode(),
    )
    linted = Linted()
    lint(sources([tmp_path]), linted)
    (finding,) = linted.findings

    position = finding.location and linted.locate(finding.location)
    assert position and (position.line, position.column) == (3, 12)
    assert position.text == '  "€": 1, "divisionIds": []}'


BODY = 'body = {"roleDivisions": [], "divisions": []}'


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY}  # reconciler: ignore[myth/division-ids-on-client]\n",
        f"# reconciler: ignore[myth/x, myth/division-ids-on-client]\n{BODY}\n",
        f"// reconciler:ignore[myth/division-ids-on-client]\n{BODY}\n",
    ],
    ids=["same-line", "line-before", "other-language"],
)
def test_a_comment_silences_a_rule_on_one_line(text: str) -> None:
    linted = Linted()
    lint([Source("a.py", f"{text}\n{BODY}\n")], linted)
    assert [finding.location.path[0] for finding in linted.findings if finding.location] == [
        len(text.splitlines()) + 2
    ]


def test_a_comment_silences_no_other_rule() -> None:
    text = f"{BODY}  # reconciler: ignore[myth/scope-on-client]\n"
    linted = Linted()
    lint([Source("a.py", text)], linted)
    assert len(linted.findings) == 1


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[" * 5000,
            "{" * 5000 + "}" * 5000,
            ")]}" * 999,
            "a: " * 5000,
            '"' * 5000,
            "roleDivisions = {" * 999,
        ),
        *(
            "divisions: [" * 500,
            "- " * 3000,
            "&a [*a]",
            "? [a]\n: b",
            "%YAML 9\n---\n!!x {a: b}",
            "'\\\n" * 999,
        ),
    ],
)
@pytest.mark.parametrize("file", ["a.yaml", "a.tf", "<stdin>"])
def test_no_text_is_too_odd(text: str, file: str) -> None:
    lint([Source(file, f"genesys {text}"), Source(file, text)], Linted())
