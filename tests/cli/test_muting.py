"""What cannot be said any more fails nothing."""

from __future__ import annotations

import io

import pytest

from reconciler.cli.muting import Forgiving


def test_what_is_said_to_a_closed_stream_is_lost_and_nothing_else() -> None:
    stream = io.StringIO()
    said = Forgiving(stream)
    stream.close()
    said.write("a log line")
    said.flush()
    assert said.lost


def test_a_mistake_of_who_writes_is_not_forgiven() -> None:
    said = Forgiving(io.TextIOWrapper(io.BytesIO(), "ascii"))
    with pytest.raises(UnicodeEncodeError):
        said.write("é")
    assert not said.lost
