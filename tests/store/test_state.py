"""The state of an installation costs nothing until a run writes or somebody reads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from reconciler.errors import UsageError
from reconciler.store.state import state
from tests.architecture.source import ROOT
from tests.store.kept import intent, now, run

LOADED = """
import sys
from reconciler import wiring
from reconciler.cli import apply, suspend
wiring.state()
print(*sys.modules)
"""


def test_what_writes_nothing_loads_no_database() -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, check=True, capture_output=True, text=True)
    assert {"sqlalchemy", "psycopg", "sqlite3"}.isdisjoint(ran.stdout.split())
    assert "reconciler.store.state" in ran.stdout.split()


def test_off_keeps_nothing_and_has_no_history() -> None:
    nothing = state("off", {}, now)
    told: list[str] = []
    book = nothing.journal(told.append)
    book.begin(run())
    book.intend(run().id, intent())
    book.conclude(run().id, intent().operation, "")
    book.end(run())
    book.close()
    assert nothing.is_off and "off" in nothing.place.shown
    with pytest.raises(UsageError, match="no history is kept"):
        nothing.archive()
