"""One run of a command that writes, on record: in the journal, and in a file where `--record` says so."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from reconciler import __version__, wiring
from reconciler.cli.console import say
from reconciler.cli.ending import ending
from reconciler.cli.main import RUN
from reconciler.errors import JournalError, Unfinished, UsageError
from reconciler.model.address import Address
from reconciler.model.history import Run, moment, run_document
from reconciler.model.lease import Claim
from reconciler.model.manifest import Org
from reconciler.ports import Journal
from reconciler.reports.documents import dumps
from reconciler.store.notebook import Notebook
from reconciler.store.null import NullJournal

KEEPING = """\
  RECONCILER_STATE                 journal, history and lease: a file, a
                                   postgresql:// URL, or off (default: a file in
                                   the user's state directory)
"""
"""What commands that write take from the environment beside, as lines of their help."""

record_option = click.option(
    "--record",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Also write the run's record there as JSON, for runners whose disk is thrown away "
    "(default: only the journal).",
)
"""Where the record of the run goes beside the journal."""


class Recording:
    """What is known of this run. `code` is the exit code, once it is known."""

    def __init__(self, org: Org, called: str, directory: Path | None, run: str = "") -> None:
        self._state = wiring.state()
        self.run = Run(
            id=run or _run_id(),
            org_name=org.name,
            organization_id=org.organization_id,
            command=called,
            tool=f"reconciler {__version__}",
            actor=self._state.actor,
            started=moment(wiring.today()),
        )
        self.code = 0
        self._book = Notebook(NullJournal(), wiring.today)
        self._begun = False
        self._repaired: Collection[Address] = ()
        self._file = directory / f"{self.run.id.replace(':', '')}.json" if directory else None
        if self._file:
            self._reserve(self._file)

    @property
    def journal(self) -> Journal:
        """Where the engine writes its intents."""
        return self._book

    @property
    def claim(self) -> Claim:
        """What this run claims before it writes."""
        run = self.run
        return Claim(run.organization_id, run.org_name, run.id, run.actor, self._state.host)

    def planned(self, digest: str) -> None:
        """The plan is known."""
        self.run = replace(self.run, digest=digest)

    def open(self) -> None:
        """Open the journal, before anybody is asked to approve; raises `JournalError`."""
        if self._state.is_off:
            say("no journal: RECONCILER_STATE is off")
        self._book = Notebook(self._state.journal(say), wiring.today)

    def begin(self) -> None:
        """Write the run record; nothing may be sent before. Raises `JournalError`."""
        self._book.begin(self.run)
        self._begun = True

    def done(self, summary: Mapping[str, int], repaired: Collection[Address] = ()) -> None:
        """What became of the changes, and which of them put right what somebody had changed."""
        self.run = replace(self.run, summary=summary)
        self._repaired = repaired

    def failed(self, error: BaseException) -> None:
        """What ended the run."""
        self.code, words = ending(error)
        self.run = replace(self.run, error=words)

    def close(self) -> None:
        """Write down how the run ended, whatever the journal thinks of it.

        The organisation is as the run left it: a journal that refuses this last line changes no exit
        code. A file that was asked for and cannot be written does, unless the run failed anyway.
        """
        self.run = replace(self.run, ended=moment(wiring.today()), code=self.code)
        try:
            if self._begun:
                if self._repaired:
                    self._book.repaired(self.run.id, self._repaired)
                self._book.end(self.run)
        except JournalError as error:
            say(f"the end of this run is not on record: {error.message}")
        finally:
            self._book.close()
        if self._file:
            self._hand_over(self._file)

    def _reserve(self, path: Path) -> None:
        """Take the name before anything else happens; what is there is never written over."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            self._write(path)
        except OSError as error:
            raise UsageError(
                f"cannot write {path}: {error.strerror}", remedy="choose another directory for --record"
            ) from error

    def _hand_over(self, path: Path) -> None:
        try:
            self._write(path)
        except OSError as error:
            told = f"the record {path} cannot be written: {error.strerror}"
            if self.run.error:
                say(told)
                return
            remedy = "the run itself ended as told above; the journal has it too, unless it is off"
            raise (Unfinished if self._begun else JournalError)(told, remedy=remedy) from error
        say(f"record of this run written to {path}")

    def _write(self, path: Path) -> None:
        """In one step: whoever looks finds a whole document."""
        steps = self._book.steps
        unheard = sum(step.fate == "unresolved" for step in steps)
        text = dumps(run_document(replace(self.run, unresolved=unheard), steps))
        beside = path.with_suffix(".part")
        beside.write_text(text, encoding="utf-8", errors="backslashreplace")  # half characters, as JSON
        beside.replace(path)


@contextmanager
def recording(org: Org, called: str, directory: Path | None, run: str = "") -> Iterator[Recording]:
    """A run on record from here on, however it ends; `run` is its name where it is no command's own."""
    record = Recording(org, called, directory, run)
    try:
        yield record
    except BaseException as error:
        record.failed(error)
        raise
    finally:
        record.close()


def _run_id() -> str:
    context = click.get_current_context(silent=True)
    return str(context.meta[RUN]) if context else wiring.run_id()
