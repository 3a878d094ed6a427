"""A journal and a lease for a single writer that keeps no records."""

from __future__ import annotations

from reconciler.model.history import Intent, Run


class NullJournal:
    """Remembers nothing. The markers in the organisation still tell what became of a run."""

    def begin(self, run: Run) -> None:
        """Nothing is written."""

    def intend(self, run: str, intent: Intent) -> None:
        """Nothing is written."""

    def conclude(self, run: str, operation: str, error: str) -> None:
        """Nothing is written."""

    def end(self, run: Run) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """There is nothing to let go of."""


class NullLease:
    """Always free. Whoever schedules the runs sees to it that they do not overlap."""

    async def acquire(self, organization_id: str, holder: str) -> bool:
        """Taken at once."""
        return True

    async def release(self, organization_id: str, holder: str) -> None:
        """There is nothing to give back."""
