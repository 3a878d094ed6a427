"""A stdout that knows few characters ends no run and spoils no document."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

LATIN = os.environ | {"PYTHONIOENCODING": "iso-8859-1"}
SAID = {"…": "ü 😀 \ud83d"}
PRINT = f"""
from reconciler.cli.hardening import harden
harden()
import json
print(json.dumps({SAID!a}, ensure_ascii=False))
"""


def printed(*command: str) -> str:
    return subprocess.run([sys.executable, *command], env=LATIN, check=True, stdout=-1).stdout.decode(
        "latin-1"
    )


def test_what_stdout_cannot_encode_is_escaped_as_json_does() -> None:
    assert json.loads(printed("-c", PRINT)) == SAID


@pytest.mark.full
def test_signs_that_stdout_does_not_know_are_spelt_out() -> None:
    assert "\\u2298        withheld by a guard" in printed("-m", "reconciler", "--help")
