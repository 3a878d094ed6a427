"""A journal and a lease for a single writer that keeps no records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from reconciler.model.address import Address
from reconciler.model.history import Intent, Run, Step


class NullJournal:
    """Remembers nothing. The markers in the organisation still tell what became of a run."""

    def begin(self, run: Run) -> None:
        """Nothing is written."""

    def intend(self, run: str, intent: Intent) -> None:
        """Nothing is written."""

    def conclude(self, run: str, operation: str, error: str) -> None:
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

    def unheard(self, organization_id: str, since: datetime) -> tuple[Step, ...]:
        """None that anybody knows of."""
        return ()


class NullLease:
    """Always free. Whoever schedules the runs sees to it that they do not overlap."""

    async def acquire(self, organization_id: str, holder: str) -> bool:
        """Taken at once."""
        return True

    async def release(self, organization_id: str, holder: str) -> None:
        """There is nothing to give back."""
