"""Settings from texts, and the mistakes in them."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.simulator import Settings
from reconciler.simulator.settings import parse_duration, parse_rate


@pytest.mark.parametrize(
    ("text", "seconds"), [("50ms", 0.05), ("5s", 5), ("2m", 120), ("1.5", 1.5), ("0s", 0)]
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(("text", "rate"), [("300/60", (300, 60)), ("0", (0, 60)), ("10/0.5", (10, 0.5))])
def test_rates(text: str, rate: tuple[int, float]) -> None:
    assert parse_rate(text) == rate


def test_options_become_settings() -> None:
    made = Settings.from_options(latency="50ms", lag="5s", rate_limit="10/1", switches=["tombstones=listed"])
    assert made == Settings(latency=0.05, lag=5, rate_limit="10/1", switches={"tombstones": "listed"})


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"latency": "soon"}, "write for example 50ms"),
        ({"lag": "-1s"}, "write for example"),
        ({"rate_limit": "300 a minute"}, "write REQUESTS/SECONDS"),
        ({"rate_limit": "300/0"}, "write REQUESTS/SECONDS"),
        ({"switches": ["rate-window=round"]}, "allowed: sliding, fixed, bucket"),
        ({"switches": ["tombstones=x"]}, "allowed: gone, listed"),
    ],
    ids=str,
)
def test_a_wrong_option_says_what_is_right(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Settings.from_options(**options)


def test_negative_times_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        Settings(lag=-1)
