"""A journal that remembers nothing, and a lease that keeps nobody off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from math import inf

from reconciler.model.address import Address
from reconciler.model.history import Intent, Recent, Run
from reconciler.model.lease import Claim, Held, Taken


class NullJournal:
    """Remembers nothing. The markers in the organisation still tell what became of a run."""

    def begin(self, run: Run) -> None:
        """Nothing is written."""

    def intend(self, run: str, intent: Intent) -> None:
        """Nothing is written."""

    def conclude(self, run: str, operation: str, error: str, *, heard: bool = True) -> None:
        """Nothing is written."""

    def repaired(self, run: str, addresses: Collection[Address]) -> None:
        """Nothing is written."""

    def end(self, run: Run) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """There is nothing to let go of."""


class NullPast:
    """Knows of no earlier run."""

    def repairs(self, organization_id: str, since: datetime) -> Mapping[Address, int]:
        """None that anybody knows of."""
        return {}

    def recent(self, organization_id: str, within: timedelta, now: datetime) -> Recent | None:
        """Nobody knows."""
        return None


class NullNotices:
    """Forgets what was told: every run tells all of it."""

    def told(self, organization_id: str, command: str) -> Collection[str]:
        """Nothing that anybody knows of."""
        return ()

    def keep(self, organization_id: str, command: str, digests: Collection[str]) -> None:
        """Nothing is written."""


class NullLease:
    """Always free. Whoever schedules the runs sees to it that they do not overlap."""

    enforced = False
    fenced = False

    def take(self, claim: Claim, token_seconds: float) -> Taken | Held:
        """Taken at once; who wrote before is not known."""
        return Taken(0, inf)

    def beat(self, token_seconds: float) -> None:
        """Nobody listens."""

    def check(self) -> None:
        """Nobody can have taken it."""

    def release(self) -> None:
        """There is nothing to give back."""

    def close(self) -> None:
        """There is nothing to let go of."""
