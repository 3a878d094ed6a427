"""docs/reference says what the code says: codes, variables, documents, commands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from reconciler.cli import exits
from reconciler.cli.environment import VARIABLES
from reconciler.cli.main import COMMANDS, cli
from reconciler.model.documents import DOCUMENTS, PRINTED_BY
from reconciler.model.plan import FORMAT_VERSION
from tests.architecture.source import ROOT, product_files
from tests.docs.reference import PAGES, renewed

SHOUTED = re.compile(r"CI|[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
TABLE = ROOT / "reconciler/cli/environment.py"
PRINTED = ROOT / "reconciler/reports/outputs_text.py"
"""The variables in it are those of other programs."""

NOT_VARIABLES = {
    *("PC_GROUP", "PC_OAUTH_CLIENT", "PC_TRUSTEE_GROUP", "PC_TRUSTEE_USER", "PC_USER"),  # the vendor's types
    *("ROLE_ID", "RECONCILER_RESERVED"),  # a placeholder, and what a place is reserved with
    *("RECONCILER_TRIED", "RECONCILER_DELIVERED"),  # labels of versions of a secret
    *("GIT_NO_LAZY_FETCH", "GIT_OPTIONAL_LOCKS", "XDG_CONFIG_HOME"),  # handed to git
    *("SERVER_URL", "RUN_ID"),  # halves of names
}
HALVES = {"GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"}


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
def test_the_page_is_what_the_code_says(page: Path) -> None:
    """Red: make it anew with `python -m tests.docs.reference` and read it."""
    text = page.read_text("utf-8")
    assert renewed(text) == text


def test_no_code_is_missing_from_the_table_and_none_is_made_up() -> None:
    given = {exits.exit_code(exits.Facts(**{each.name: True})) for each in fields(exits.Facts)}
    assert given | {0} == {code for code, _ in exits.TABLE}


def shouted(path: Path) -> Iterator[str]:
    """Every constant of a module that may be a variable's name; what it exports is none."""
    tree = ast.parse(path.read_text("utf-8"))
    tree.body = [each for each in tree.body if not ast.unparse(each).startswith("__all__")]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SHOUTED.fullmatch(node.value):
            yield node.value


def test_every_variable_that_is_read_stands_in_the_table() -> None:
    """Red: give it a line in `reconciler/cli/environment.py`, or say here what it is instead."""
    read = {
        name
        for path in product_files()
        if path not in (TABLE, PRINTED) and "simulator" not in path.relative_to(ROOT).parts
        for name in shouted(path)
    }
    told = {each.name for each in VARIABLES if each.topic != "read by libraries"}
    assert (read - NOT_VARIABLES - told, told - read - HALVES) == (set(), set())


def test_every_document_belongs_to_commands_and_options_that_there_are() -> None:
    assert tuple(PRINTED_BY) == DOCUMENTS
    for each in (line for lines in PRINTED_BY.values() for line in lines):
        name, *rest = each.split()
        command = cli.get_command(click.Context(cli), name)
        assert command is not None, each
        for word in rest:
            if isinstance(command, click.Group):
                command = command.commands[word]
            elif word.startswith("--"):
                assert word in {option for parameter in command.params for option in parameter.opts}, each


def test_every_command_and_every_schema_stands_there() -> None:
    headings = re.findall(r"^## (.+)$", (PAGES / "commands.md").read_text("utf-8"), re.MULTILINE)
    assert headings == list(COMMANDS)
    text = (PAGES / "json.md").read_text("utf-8")
    schemas = {path.name for path in (ROOT / "docs/schemas").glob("*.json")}
    assert set(re.findall(r"\.\./schemas/(\S+?)\)", text)) == schemas
    assert f'`"{FORMAT_VERSION}"`' in text
