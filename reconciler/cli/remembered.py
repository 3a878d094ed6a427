"""What the journal knows of earlier runs, asked only where it bears on this one, and never in the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from reconciler import wiring
from reconciler.cli.console import say
from reconciler.errors import JournalError
from reconciler.model.address import Address
from reconciler.model.history import Recent
from reconciler.planning.contested import DAY_HOURS
from reconciler.planning.recover import QUIET


class Remembered:
    """Earlier runs on one organisation. A journal that cannot be read is told, and is a hint the less."""

    def __init__(self, organization_id: str, now: Callable[[], datetime]) -> None:
        self._organization, self._now = organization_id, now

    def repairs(self) -> Mapping[Address, int]:
        """How often runs of the last day put right what somebody had changed, by address."""
        try:
            return wiring.state().past().repairs(self._organization, self._now() - timedelta(hours=DAY_HOURS))
        except JournalError as error:
            say(f"whether somebody changes things again and again is not known: {error.message}")
            return {}

    def recent(self) -> Recent | None:
        """What runs wrote in the last moments; None where nobody knows."""
        try:
            return wiring.state().past().recent(self._organization, QUIET, self._now())
        except JournalError as error:
            say(f"whether an earlier run was cut off just now is not known: {error.message}")
            return None
