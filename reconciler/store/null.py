"""A journal and a lease for a single writer that keeps no records."""

from __future__ import annotations

from reconciler.model.plan import Operation


class NullJournal:
    """Remembers nothing. The markers in the organisation still tell what became of a run."""

    def intend(self, run: str, operation: Operation) -> None:
        """Nothing is written."""

    def conclude(self, run: str, operation: Operation, error: str) -> None:
        """Nothing is written."""


class NullLease:
    """Always free. Whoever schedules the runs sees to it that they do not overlap."""

    async def acquire(self, organization_id: str, holder: str) -> bool:
        """Taken at once."""
        return True

    async def release(self, organization_id: str, holder: str) -> None:
        """There is nothing to give back."""
