"""The state of one installation: journal, history, lease. Loads a database only when used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from reconciler.errors import JournalError, UsageError
from reconciler.model.checkup import OneWriter, Trouble
from reconciler.ports import LeaseStore, Notices, Past, RunJournal
from reconciler.store.actor import actor, host
from reconciler.store.null import NullJournal, NullLease, NullNotices, NullPast
from reconciler.store.place import File, Nowhere, Place, Server, place_of

if TYPE_CHECKING:
    from reconciler.store.archive import Archive


@dataclass(frozen=True, slots=True)
class State:
    """Where runs leave their records and keep the lease, and who makes them on which host.

    `in_pipeline` says that the host is a runner of a pipeline.
    """

    place: Place
    actor: str
    host: str
    in_pipeline: bool
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

    def notices(self) -> Notices:
        """What was told to those who watch."""
        if isinstance(self.place, Nowhere):
            return NullNotices()
        from reconciler.store.notices import SqlNotices

        return SqlNotices(self.place)

    def lease(self) -> LeaseStore:
        """Where the lease of one writer is kept, for one run; raises `JournalError`."""
        if isinstance(self.place, Nowhere):
            return NullLease()
        if isinstance(self.place, File):
            from reconciler.store.lease_file import FileLease

            return FileLease(self.place, self.now)
        from reconciler.store.lease_server import ServerLease

        return ServerLease(self.place)

    def one_writer(self) -> OneWriter:
        """What would keep two runs apart; the place is looked at, and nothing is made or written there."""
        if isinstance(self.place, Nowhere):
            return OneWriter("nobody", self.place.shown, passing=self.in_pipeline)
        from reconciler.store.trouble import Damaged

        by: Literal["server", "file"] = "file" if isinstance(self.place, File) else "server"
        passing = self.in_pipeline and by == "file"
        try:
            _try_out(self.place)
        except JournalError as error:
            trouble, mends = Trouble(error.message, error.remedy), isinstance(error, Damaged)
            return OneWriter(by, self.place.shown, trouble, passing=passing, mends=mends)
        return OneWriter(by, self.place.shown, passing=passing)

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
    return State(place_of(setting, environ), actor(environ), host(), bool(environ.get("CI")), now)


def _try_out(place: File | Server) -> None:
    """Raises `JournalError` where no run could write."""
    from reconciler.store import opening, session

    if isinstance(place, File):
        opening.try_out(place)
    else:
        session.try_out(place)
