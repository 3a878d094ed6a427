"""A living organisation: the world, its history, clock, ids, secrets and switches in one place.

Operations change it only through `put`, so that lag and history see every change.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from reconciler.simulator.access import Access, access_of
from reconciler.simulator.bounded import ACCESS, QUERIES, trim
from reconciler.simulator.clock import Clock
from reconciler.simulator.history import Change, History
from reconciler.simulator.identity import Sequence, drawn
from reconciler.simulator.settings import Settings
from reconciler.simulator.switches import resolve
from reconciler.simulator.world import Grant, Pair, Row, World


class Written(NamedTuple):
    """A row that changed, without the time: what stood there before and after."""

    table: str
    key: str
    before: Row | None
    after: Row | None


class Used(NamedTuple):
    """What requests of one day are counted by: `at` is the day's first moment, `template` the path's."""

    client: str
    method: str
    template: str
    status: int
    at: str


@dataclass(slots=True)
class Start:
    """What an organisation starts from: `secrets` by client id, and what a saved one had under way.

    `count` is where the sequence of ids goes on, `late` what not every reader has seen yet, oldest first,
    `jobs` are queries by id, ready for JSON.
    """

    live: World
    secrets: dict[str, str]
    count: int = 0
    late: list[Change] = field(default_factory=list)
    usage: Counter[Used] = field(default_factory=Counter)
    jobs: dict[str, Row] = field(default_factory=dict)


def _lags(lag: float, disagree: bool) -> tuple[float, ...]:
    """How late each cache is: one for all readers, or three that agree only when the lag has passed."""
    return (lag, lag / 2, 0) if lag and disagree else (lag,)


class Organisation:
    """What all operations share."""

    def __init__(self, start: Start, settings: Settings, clock: Clock) -> None:
        """`written` is what the operation under way has written, `changes` how often it was written."""
        self.live, self.secrets, self.clock = start.live, start.secrets, clock
        self.usage, self.jobs = start.usage, start.jobs
        self.switches = resolve(settings.switches)
        lags = _lags(settings.lag, self.on("caches", "disagree"))
        self.history = History(self.live, *lags, late=start.late)
        self.sequence = Sequence(self.fact("organization")["id"], start.count)
        self.changes = 0
        self.written: list[Written] = []
        self._access: dict[tuple[str, int, int], tuple[int, int, Access]] = {}
        self._lots = 0

    def fact(self, name: str) -> Row:
        """A row of which there is one: `organization`, `limits`, `settings`."""
        return self.live.facts.rows[name]

    def on(self, switch: str, value: str) -> bool:
        """Whether a switch stands at `value`."""
        return self.switches[switch] == value

    def seen(self) -> World:
        """The organisation as a read sees it now: as one of the caches has it."""
        return self._cached(self._cache())

    def _cached(self, cache: int) -> World:
        return self.history.seen(self.clock.now(), cache)

    def _cache(self) -> int:
        """Which cache answers: drawn anew for each question, the same in every run."""
        if self.history.caches == 1:
            return 0
        self._lots += 1
        return drawn(f"{self.sequence.salt}/cache/{self._lots}", self.history.caches)

    def put(self, table: str, key: str, row: Row | None) -> None:
        """Store or remove (None) a row."""
        self.changes += 1
        self.written.append(Written(table, key, self.live.table(table).rows.get(key), row))
        self.history.put(self.clock.now(), table, key, row)

    def access(self, subject: str) -> Access:
        """What a subject may do as far as the caches know; kept until rights change in them.

        Its grants come from one cache and what the roles may do from another, neither that of the objects.
        """
        caches = self._cache(), self._cache()
        world, roles = map(self._cached, caches)
        kept = self._access.get((subject, *caches))
        if kept is None or kept[:2] != (world.version, roles.version):
            kept = world.version, roles.version, access_of(world, subject, roles)
            self._access[subject, *caches] = kept
            trim(self._access, ACCESS)
        return kept[2]

    def ask(self, key: str, query: Row) -> None:
        """Note a query, for its result to be fetched."""
        self.jobs[key] = query
        trim(self.jobs, QUERIES)

    def set_pairs(self, subject: str, kind: str, pairs: dict[Pair, Grant]) -> None:
        """Make `pairs` all that is granted directly to a subject of type `kind`."""
        row: dict[str, Any] = {"subjectId": subject, "type": kind, "pairs": pairs}
        self.put("grants", subject, row if pairs else None)
