"""docs/lint.md says what lint does today."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli.main import run
from reconciler.isolation.myths import MYTHS
from reconciler.loading.lint.files import MOST_BYTES
from tests.docs.lint_page import PAGE, renewed
from tests.docs.reading import blocks

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_table_is_what_the_list_says() -> None:
    """Red: make it anew with `python -m tests.docs.lint_page` and read it."""
    assert renewed(TEXT) == TEXT


def test_every_recipe_and_every_name_stands_on_it() -> None:
    for myth in MYTHS:
        assert f"`{myth.id}`" in TEXT
        assert all(f"`{name}`" in TEXT for sign in myth.signs for name in sign.names)


def test_the_way_to_silence_a_rule_works(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = (block.text for block in blocks(PAGE) if block.language == "python")
    file = tmp_path / "a.py"
    body = 'body = {"authorizedGrantType": grant}\n'
    file.write_text(body + example, encoding="utf-8")
    assert run(["lint", str(file)]) == 0
    file.write_text(body + example.partition("#")[0] + "\n", encoding="utf-8")
    assert run(["lint", str(file)]) == 3


def test_the_limits_it_names_are_the_limits() -> None:
    assert MOST_BYTES == 1024 * 1024 and "larger than 1 MiB" in TEXT
