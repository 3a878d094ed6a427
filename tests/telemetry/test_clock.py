"""Real time."""

from __future__ import annotations

import sys
import time

import pytest

from reconciler.telemetry.clock import SystemClock


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no clock that stands still")
def test_a_machine_that_slept_seven_hours_is_seven_hours_older(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = {time.CLOCK_MONOTONIC: 100.0, time.CLOCK_BOOTTIME: 100.0}
    monkeypatch.setattr(time, "clock_gettime", clocks.__getitem__)
    before = SystemClock().monotonic()

    clocks[time.CLOCK_BOOTTIME] += 7 * 3600.0

    assert SystemClock().monotonic() - before == 7 * 3600.0
