"""Help answers the questions a command raises; a mistake on the command line is exit 1, never a traceback."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from reconciler.cli import exits
from reconciler.cli.main import COMMANDS, run

NAMES = list(COMMANDS)


def _help(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert run([*command, "--help"]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_help_lists_commands_exit_codes_and_symbols(capsys: pytest.CaptureFixture[str]) -> None:
    text = _help(capsys)
    for name, listed in COMMANDS.items():
        assert f"{name} {listed.summary}" in text
    for code, meaning in exits.TABLE:
        assert f"{code} {meaning}" in text
    assert "⊘ withheld by a guard" in text and "env RECONCILER_ENDPOINT" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], name: str) -> None:
    text = _help(capsys, *name.split())
    assert text.startswith(f"Usage: reconciler {name} ")
    assert len(text.partition("Options:")[0]) > 100


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("simulate", ["[default: 8085", "REQUESTS|N/SECONDS", "50ms, 1s", "5s, 2m", "default: forgotten"]),
        ("demo", ["0 (default) takes a free one"]),
        ("plan", ["removals=N or gains=N", "default: everything", "Exit 2", "[default: text]"]),
        ("apply", ["Exit 5", "exit 6", "--auto-approve", "[default: text]"]),
        (
            "history",
            ["default: 20", "default: manifests", "user's state directory", "[default: text]"],
        ),
        ("drift", ["default: everything", "Exit 2", "8 when", "[default: text]"]),
        ("secrets", ["status", "rotate", "recover"]),
        ("secrets status", ["default: everything", "Exit 2", "7 when", "[default: text]"]),
        ("secrets rotate", ["default: everything", "rotate.afterDays", "else exit 6", "default: ask"]),
        ("secrets recover", ["default: everything", "else exit 6", "default: ask", "[default: text]"]),
        ("validate", ["Exit 3", "8 when"]),
        ("statement", ["names no other tenant", "Exit 8", "7 when", "[default: text]"]),
        ("probe", ["Exit 8", "7 when", "default: everything", "default: env GENESYSCLOUD_REGION"]),
        ("lint", ["Exit 3", "0 for", "ignore[RULE]", "[default: text]"]),
        (
            "export",
            [
                "Exit 7",
                "no default",
                "env GENESYSCLOUD_REGION",
                "default: the one that signs in now",
                "[default: text]",
            ],
        ),
        ("outputs", ["exit 1", "7 where", "never a secret", "[default: env]"]),
        ("doctor", ["Exit 7", "default: all three", "env GENESYSCLOUD_REGION", "[default: text]"]),
    ],
)
def test_units_defaults_and_exits_are_said(
    capsys: pytest.CaptureFixture[str], name: str, words: list[str]
) -> None:
    text = _help(capsys, *name.split())
    for word in words:
        assert any(each in text for each in word.split("|")), word


@pytest.mark.parametrize("name", ["plan", "apply", "drift", "export"])
def test_commands_that_read_the_environment_name_its_variables(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    text = _help(capsys, *name.split())
    for variable in ("GENESYSCLOUD_OAUTHCLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_SECRET"):
        assert variable in text
    assert ("RECONCILER_SECRETS" in text and "RECONCILER_STATE" in text) or name != "apply"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["plan", "--nonsense"],
        ["plan", "--only", "Not A Selector"],
        ["plan", "--allow", "removals"],
        ["plan", "--allow", "removals=-1"],
        ["plan", "--allow", "everything=3"],
        ["plan", "-o", "yaml"],
        ["plan", "one", "two"],
        ["apply", "--plan", "is-not-there.json"],
        ["apply", "--approved"],
        ["apply", "--auto-approve", "--approved", "00"],
        ["schema"],
        ["schema", "nonsense"],
        ["doctor", "--bootstrap", "nonsense"],
        ["doctor", "-o", "yaml"],
        ["outputs"],
        ["outputs", "acme-retail", "-o", "toml"],
        ["export"],
        ["export", "--out", "x", "-o", "yaml"],
        ["export", "--out", "x", "--name", "Not A Name"],
        ["history", "--limit", "0"],
        ["history", "--root", "is-not-a/directory.yaml", "--limit", "many"],
        ["apply", "--record"],
        ["simulate", "--port", "70000"],
        ["simulate", "--switch", "nonsense=1"],
        ["simulate", "--rate-limit", "many"],
        ["simulate", "--lag", "-1s"],
    ],
    ids=" ".join,
)
def test_a_usage_error_is_exit_1_with_words(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert run(arguments) == 1
    said = capsys.readouterr()
    assert said.out == "" and "Traceback" not in said.err and len(said.err) > 20


@pytest.mark.parametrize(
    "name",
    [
        "org",
        "shared",
        "profile",
        "tenant",
        "plan",
        "apply",
        "drift",
        "probe",
        "validate",
        "doctor",
        "bootstrap",
        "export",
        "lint",
        "explain",
        "outputs",
        "history",
        "run",
        "secrets",
    ],
)
def test_every_schema_is_printed(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(["schema", name]) == 0
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in capsys.readouterr().out


def test_the_program_itself_answers() -> None:
    command = [sys.executable, "-m", "reconciler", "--version"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert re.fullmatch(r"reconciler, version \d+\.\d+\.\d+\n", ran.stdout)
