"""The state of one installation: a journal to write, a history to read. Loads a database only when used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from reconciler.errors import UsageError
from reconciler.ports import Past, RunJournal
from reconciler.store.actor import actor
from reconciler.store.null import NullJournal, NullPast
from reconciler.store.place import Nowhere, Place, place_of

if TYPE_CHECKING:
    from reconciler.store.archive import Archive


@dataclass(frozen=True, slots=True)
class State:
    """Where runs leave their records, and who makes them."""

    place: Place
    actor: str
    now: Callable[[], datetime] = field(repr=False)

    @property
    def is_off(self) -> bool:
        """Whether nothing is kept."""
        return isinstance(self.place, Nowhere)

    def journal(self, tell: Callable[[str], None]) -> RunJournal:
        """The journal for one run, ready to be written; raises `JournalError`.

        `tell` is told what a person should know of the place.
        """
        if isinstance(self.place, Nowhere):
            return NullJournal()
        from reconciler.store.journal import SqlJournal

        return SqlJournal(self.place, self.now, tell)

    def past(self) -> Past:
        """What earlier runs told, to be asked when it is needed."""
        return NullPast() if self.is_off else self.archive()

    def archive(self) -> Archive:
        """What is kept; raises UsageError where nothing is."""
        if isinstance(self.place, Nowhere):
            raise UsageError(
                "no history is kept: RECONCILER_STATE is off",
                remedy="unset it, or set it to a file or to a PostgreSQL URL",
            )
        from reconciler.store.archive import Archive

        return Archive(self.place)


def state(setting: str, environ: Mapping[str, str], now: Callable[[], datetime]) -> State:
    """The state that RECONCILER_STATE names; raises UsageError for what we cannot use."""
    return State(place_of(setting, environ), actor(environ), now)
