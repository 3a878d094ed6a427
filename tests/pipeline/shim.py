"""The reconciler's command, but its waits pass twenty times as fast: nothing lags in this organisation."""

from __future__ import annotations

from reconciler import wiring
from reconciler.telemetry.clock import SystemClock

FASTER = 20


class Hasty(SystemClock):
    """The machine's clock, with less patience."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / FASTER)


if __name__ == "__main__":
    setattr(wiring, "SystemClock", Hasty)  # noqa: B010
    from reconciler.cli.main import main

    main()
