"""Small pieces: a file can be read at one sitting, a function on one screen."""

from __future__ import annotations

import dataclasses

import pytest

from tests.architecture.source import ROOT, TOO_LONG, long_functions, place, product_files

MOST_LINES = 300
MOST_FIELDS = 14


def test_no_file_is_too_long() -> None:
    lines = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in product_files()}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_no_function_is_too_long() -> None:
    assert list(long_functions(over=TOO_LONG)) == []


@pytest.mark.skipif(not (ROOT / "reconciler/model/kind.py").exists(), reason="there are no kinds yet")
def test_a_kind_is_declared_in_few_fields() -> None:
    """A declaration that grows hooks becomes a class that knows everything."""
    from reconciler.model.kind import ResourceKind

    assert len(dataclasses.fields(ResourceKind)) <= MOST_FIELDS
