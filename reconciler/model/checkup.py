"""A checkup: what was looked at before anything is done, what was found, and what it means.

Every check is a value with its own remedy; the verdict is drawn from them and never from an exit code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from reconciler.model.manifest import Org
from reconciler.model.outcome import Requests
from reconciler.model.plan import FORMAT_VERSION
from reconciler.model.state import Live, LiveState

Status = Literal["ok", "warning", "failure", "unknown"]

TOPICS = ("connection", "operator", "rights", "organisation")
"""The sections of a checkup, in the order people read them."""


class Check(NamedTuple):
    """One question and its answer.

    `seen` is what was found, `means` why it matters ("" where nothing is to be said), `remedy` what to
    do, `items` the permissions or pairs that are meant, each whole.
    """

    name: str
    topic: str
    status: Status
    seen: str
    means: str = ""
    remedy: str = ""
    items: tuple[str, ...] = ()


class Trouble(NamedTuple):
    """Why something could not be looked at, and what to do about it."""

    message: str
    remedy: str = ""


class OneWriter(NamedTuple):
    """What keeps two runs apart, and where: a server for all machines, a file for this one, or nobody.

    `trouble` is why it could not, which the next run `mends` or stops at; `passing` says that this machine
    is a pipeline's and soon gone.
    """

    by: Literal["server", "file", "nobody"]
    place: str
    trouble: Trouble | None = None
    passing: bool = False
    mends: bool = False


class Told(NamedTuple):
    """What the headers of the last answer said; None where it said nothing.

    `allowed` and `used` are requests of one client per minute, `date` is the vendor's clock and `at`
    ours when that answer came (both UTC).
    """

    allowed: int | None = None
    used: int | None = None
    date: datetime | None = None
    at: datetime | None = None


class Caller(NamedTuple):
    """Whose credentials these are; empty where the organisation does not say."""

    id: str = ""
    name: str = ""


NOBODY, NOTHING_TOLD, NOTHING_ASKED = Caller(), Told(), Requests()
"""Before anything was asked."""

Permitted = Mapping[str, frozenset[str]]
"""Permission → ids of the divisions the caller itself holds it in; `*` for every division."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Everything that was looked at. None means not looked at, or not visible.

    `hosts` are the API's and the login's; `reached` is why no answer came, `refused` why the
    credentials were not taken; `organisation` its id and name; `unread` what of a reading is missing;
    `operator_pairs` what the operator holds as (role id, division id); `one_writer` what would keep two
    runs apart; `unready` are sinks, by name, that lack a library or a credential here.
    """

    org: Org | None
    hosts: tuple[str, str]
    reached: Trouble | None = None
    refused: Trouble | None = None
    organisation: tuple[str, str] = ("", "")
    caller: Caller = NOBODY
    told: Told = NOTHING_TOLD
    requests: Requests = NOTHING_ASKED
    live: LiveState | None = None
    unread: tuple[Trouble, ...] = ()
    operator: Live | None = None
    operator_id: str = ""
    no_operator: Trouble | None = None
    operator_pairs: frozenset[tuple[str, str]] | None = None
    permitted: Permitted | None = None
    most_divisions: int | None = None
    one_writer: OneWriter | None = None
    unready: Mapping[str, Trouble] = field(default_factory=dict)

    @property
    def is_operator(self) -> bool:
        """Whether these credentials are the operator's."""
        return bool(self.caller.id) and self.caller.id == self.operator_id


@dataclass(frozen=True, slots=True)
class Checkup:
    """All checks with their time and scope. `unseen` says what no check looked at."""

    tool: str
    checked_at: str
    org_name: str
    organization_id: str
    endpoint: str
    checks: tuple[Check, ...]
    unseen: tuple[str, ...]
    requests: Requests

    def count(self, status: Status) -> int:
        """How many checks ended so."""
        return sum(check.status == status for check in self.checks)

    @property
    def fails(self) -> bool:
        """Whether something would stop plan or apply."""
        return self.count("failure") > 0


def document(checkup: Checkup) -> dict[str, Any]:
    """The doctor document."""
    counted: tuple[Status, ...] = ("ok", "warning", "failure", "unknown")
    return {
        "formatVersion": FORMAT_VERSION,
        "tool": checkup.tool,
        "org": {"name": checkup.org_name or None, "id": checkup.organization_id or None},
        "endpoint": checkup.endpoint,
        "checkedAt": checkup.checked_at,
        "summary": {status: checkup.count(status) for status in counted},
        "checks": [{**check._asdict(), "items": list(check.items)} for check in checkup.checks],
        "notLookedAt": list(checkup.unseen),
        "requests": checkup.requests.document(),
    }
