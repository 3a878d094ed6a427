"""While manifests are loaded nothing is collected; afterwards everything that was dropped goes."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from reconciler.loading.collector import resting


class Round:
    """Holds itself: only the collector finds it."""

    def __init__(self) -> None:
        self.again: Any = self


def dropped() -> weakref.ref[Round]:
    return weakref.ref(Round())


def test_what_was_dropped_before_or_meanwhile_goes() -> None:
    """A secret that lived in a cycle would otherwise stay for as long as the process loads now and then."""
    before = dropped()
    for _ in range(2):
        with resting():
            meanwhile = dropped()
    gc.collect()
    assert before() is None and meanwhile() is None


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_afterwards_as_it_was(on: bool) -> None:
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        with pytest.raises(ValueError, match="broken"), resting():
            assert not gc.isenabled()
            raise ValueError("broken")
        assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()
