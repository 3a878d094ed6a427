"""How a simulated organisation behaves: credentials, rate limit, latency, lag, switches.

Values are checked when a `Settings` is made, so that a simulator never starts half-configured.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reconciler.simulator.switches import resolve

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}


def parse_duration(text: str) -> float:
    """Seconds in `50ms`, `5s`, `2m` or `1.5` (seconds). Raises ValueError."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no duration; write for example 50ms, 5s or 2m")
    return float(found[1]) * _UNITS[found[2]]


def parse_rate(text: str) -> tuple[int, float]:
    """Requests and seconds of `300/60`; `0` or `0/60` switches the limit off. Raises ValueError."""
    found = re.fullmatch(r"(\d+)(?:/(\d+(?:\.\d+)?))?", text.strip())
    if not found or (found[2] and float(found[2]) <= 0):
        raise ValueError(
            f"{text!r} is no rate limit; write REQUESTS/SECONDS, for example 300/60, or 0 for none"
        )
    return int(found[1]), float(found[2] or 60)


def parse_switches(texts: Iterable[str]) -> dict[str, str]:
    """Switches from `NAME=VALUE` texts, checked. Raises ValueError naming what is allowed."""
    chosen: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"{text!r} is no switch; write NAME=VALUE, for example tombstones=listed")
        chosen[name.strip()] = value.strip()
    resolve(chosen)
    return chosen


@dataclass(frozen=True, slots=True)
class Settings:
    """Behaviour of a simulator. Raises ValueError for what it cannot be.

    `rate_limit` is REQUESTS/SECONDS per client, `0` for none; `latency` and `lag` are seconds; `start`
    is the wall-clock time of the first moment (None: the present with a real clock, 2026-01-01 with another).
    """

    client_id: str = "operator"
    client_secret: str = "operator-secret"
    rate_limit: str = "300/60"
    latency: float = 0.0
    lag: float = 0.0
    switches: Mapping[str, str] = field(default_factory=dict)
    start: datetime | None = None

    def __post_init__(self) -> None:
        """Check everything that can be wrong."""
        parse_rate(self.rate_limit)
        resolve(self.switches)
        if self.latency < 0 or self.lag < 0:
            raise ValueError("latency and lag are seconds and cannot be negative")

    @classmethod
    def from_options(
        cls,
        *,
        client_id: str = "operator",
        client_secret: str = "operator-secret",
        rate_limit: str = "300/60",
        latency: str = "0ms",
        lag: str = "0s",
        switches: Iterable[str] = (),
    ) -> "Settings":
        """Settings from command-line texts. Raises ValueError with the allowed values."""
        return cls(
            client_id, client_secret, rate_limit,
            parse_duration(latency), parse_duration(lag), parse_switches(switches),
        )  # fmt: skip
