"""The README shows what the program prints today."""

from __future__ import annotations

from tests.docs.picture import PICTURE, draw


def test_the_picture_is_a_run_of_this_program() -> None:
    """Red: make it anew with `python -m tests.docs.picture` and look at it."""
    assert PICTURE.read_text(encoding="utf-8") == draw()
