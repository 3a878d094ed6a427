"""What is asked of a place at every commit, be it in virtual time or a directory of real processes."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Protocol

from reconciler.model.history import Step
from tests.faults.case import Case, Fault
from tests.faults.edits import Told
from tests.faults.organisation import Replica
from tests.faults.scenario import Scenario


class Kept(Protocol):
    """What outlives a process: sink and journal."""

    @property
    def reserved(self) -> Container[str]:
        """The places that the present run has proven writable."""

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """What lies in the sink, by path."""

    @property
    def steps(self) -> Mapping[str, Step]:
        """What the journal holds."""

    def age(self, client: str, now: float) -> float:
        """Seconds for which the sink has held this client's secret."""


class Stage(Protocol):
    """Where runs follow each other."""

    case: Case
    scenario: Scenario
    sim: Replica
    generation: int
    lacking: str

    @property
    def disk(self) -> Kept:
        """What outlives a process."""

    @property
    def struck(self) -> Sequence[Fault]:
        """The faults so far."""

    @property
    def told(self) -> Sequence[Told]:
        """What the plans of the present run say, as far as anybody listens."""

    @property
    def time(self) -> float:
        """Now, in seconds."""
