"""Telling who watches what is new, once for as long as it is so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from reconciler.errors import JournalError, UsageError
from reconciler.model.ran import Ran
from reconciler.ports import Notices
from reconciler.telemetry.events import FAILED, News, event, news


class Unanswered(Exception):
    """A receiver that cannot be reached, or does not answer in time; says why, without its URL."""


class Receiver(Protocol):
    """Whoever takes events."""

    host: str

    def post(self, event: Mapping[str, Any]) -> str:
        """Why it was not taken, "" when it was; raises `Unanswered`."""


def notify(ran: Ran, receiver: Receiver, memory: Callable[[], Notices]) -> Iterator[str]:
    """Tell what the last run of this command did not tell; yields what went wrong, in words.

    What was not taken is told by the next run. Without a memory all of it is told: a `memory` that
    raises UsageError or JournalError is none, and there is none of a run that knew no organisation, which
    no other run would end.
    """
    key = ran.organization_id, ran.command
    known: frozenset[str] = frozenset()
    notices: Notices | None = None
    try:
        notices = memory() if ran.organization_id else None
        known = frozenset(notices.told(*key)) if notices else known
    except (JournalError, UsageError) as error:
        yield f"what was told before is not known, all of it is told: {error.message}"
    found = news(ran)
    refused = _delivered([each for each in found if each.digest not in known], ran, receiver)
    if refused:
        first = next(iter(refused.values()))
        yield f"{len(refused)} of {len(found)} events were not taken by {receiver.host}: {first}"
    told = {each.digest for each in found if each.digest not in refused}
    if any(each.type == FAILED for each in found):
        told |= known  # a run that did not come that far saw nothing end
    try:
        if notices is not None:
            notices.keep(*key, told)
    except JournalError as error:
        yield f"what was told is not remembered: {error.message}"


def _delivered(untold: Iterable[News], ran: Ran, receiver: Receiver) -> dict[str, str]:
    """Why events were not taken, by digest. Who did not answer one is asked no more in this run."""
    refused: dict[str, str] = {}
    silence = ""
    for each in untold:
        try:
            trouble = silence or receiver.post(event(each, ran))
        except Unanswered as error:
            trouble = silence = str(error)
        if trouble:
            refused[each.digest] = trouble
    return refused
