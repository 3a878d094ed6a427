"""The export of the matrix streams: what it holds does not grow with the rows it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import generate
from tests.benchmarks.measure import MANIFESTS
from tests.benchmarks.worlds import measured

pytestmark = pytest.mark.full

FEW, MANY = 100, 1_000
MOST_A_ROW = 150
"""Bytes for each row more. Somebody's address has to be sorted, a file's name is remembered; a row that is
kept takes over a thousand."""


def exported(form: str, place: Path, tenants: int) -> dict[str, Any]:
    (place / MANIFESTS).mkdir(parents=True)
    generate.write(place / MANIFESTS, tenants)
    return measured(form, place)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_ten_times_the_rows_are_written_from_as_much_memory(tmp_path: Path, form: str) -> None:
    few, many = exported(form, tmp_path / "few", FEW), exported(form, tmp_path / "many", MANY)
    rows = many["lines"] - few["lines"]
    assert rows > 8.5 * few["lines"]
    assert (many["most"] - few["most"]) / rows < MOST_A_ROW
