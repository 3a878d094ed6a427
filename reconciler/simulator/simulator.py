"""The simulator in one object: an organisation, its ASGI application, its log, and hands on its controls."""

from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from reconciler.simulator.access import FullAccess
from reconciler.simulator.call import Caller
from reconciler.simulator.clock import Clock, real_sleep
from reconciler.simulator.errors import ApiError
from reconciler.simulator.exchange import Exchange, Request
from reconciler.simulator.fault_rules import Rule
from reconciler.simulator.faults import Faults, Outcome
from reconciler.simulator.hands import Logged
from reconciler.simulator.http import Application, application
from reconciler.simulator.org import Organisation, Start
from reconciler.simulator.populate import populate
from reconciler.simulator.ratelimit import Limiter
from reconciler.simulator.saved import load, save
from reconciler.simulator.seed import Seed, default_seed
from reconciler.simulator.settings import Settings
from reconciler.simulator.state import happened, snapshot

_KEPT_REQUESTS = 50_000
_READS_BY_POST = ("/search", "/query", "/query/realtime", "/query/realtime/related", "/historical/bulk")


class _Mark(NamedTuple):
    """Counts that move with what is to be saved: requests, writes, seconds the clock was moved by hand."""

    requests: int = 0
    writes: int = 0
    seconds: float = 0.0


class Simulator:
    """A simulated organisation; `app` is its ASGI application.

    In process, a lost answer (see `faults`) is a ConnectionResetError or TimeoutError raised by `app`; served
    by `serve`, the connection closes.

    `clock` counts seconds from anywhere (None: real time), `sleep` waits (None: really); `state_file` is
    loaded when it exists, and written by `save`; `run` does that as the organisation changes. Raises
    ValueError for a seed or state file that makes no sense, or that cannot be written.
    """

    def __init__(
        self,
        seed: Seed | None = None,
        settings: Settings | None = None,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] | None = None,
        state_file: Path | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.sleep = sleep or real_sleep
        self.clock = Clock(clock, self.settings.start)
        self._seed, self._state_file = seed or default_seed(), state_file
        self._log: deque[Logged] = deque(maxlen=_KEPT_REQUESTS)
        self.total, self._saved = 0, _Mark()
        self._start(load_from=state_file)
        self.save()
        self.app: Application = application(self)

    def _start(self, load_from: Path | None) -> None:
        if load_from and load_from.exists():
            start = load(load_from, self.clock)
        else:
            start = Start(*populate(self._seed, self.settings, self._first_moment()))
        self.org = Organisation(start, self.settings, self.clock)
        self.exchange = Exchange(self.org, Limiter(self.settings))
        self._faults = Faults(lambda edit: self.edit(**edit), self._person)

    def _first_moment(self) -> str:
        """The date of what has none: that of the clock's start, also when a reset comes later."""
        return self.clock.stamp(-self.clock.now())

    @property
    def requests(self) -> list[Logged]:
        """The last 50,000 requests to the vendor's paths, oldest first."""
        return list(self._log)

    def writes(self) -> list[Logged]:
        """Logged requests that change something or try to: no reads, no searches by POST, no tokens."""
        return [
            each
            for each in self._log
            if each.method not in ("GET", "HEAD")
            and each.path.startswith("/api/v2")
            and not each.path.partition("?")[0].endswith(_READS_BY_POST)
        ]

    def snapshot(self) -> dict[str, Any]:
        """The whole organisation as it is now, without secrets."""
        return snapshot(self.org)

    def state(self) -> dict[str, Any]:
        """`snapshot`, and what happened: audits, usage, queries, what is not seen yet, the date."""
        return snapshot(self.org) | happened(self.org)

    def reset(self) -> None:
        """Start anew from the seed: no changes, no log, no faults, no tokens; the clock starts anew too."""
        self._log.clear()
        self.total = 0
        self.clock.restart()
        self._start(load_from=None)
        self.save()

    def faults(self, rules: list[dict[str, Any]]) -> None:
        """Replace the fault rules; see `reconciler.simulator.faults`. Raises ValueError."""
        self._faults.set(rules)

    @property
    def fault_rules(self) -> list[Rule]:
        """The fault rules in force, each with how many requests it matched."""
        return list(self._faults.rules)

    def edit(self, method: str, path: str, body: Any = None, user: str = "") -> tuple[int, Any]:
        """An administrator's hand: run an operation as a person with every right; status and JSON answer.

        It is neither logged nor limited, and it sees the present. `user` is an e-mail of the organisation,
        its first person when empty; ValueError when there is none. `console` has what it can do
        that operations cannot.
        """
        caller = self._person(user)
        try:
            return self.exchange.by_hand(method, path, body, caller)
        except ApiError as error:
            return error.status, error.body("administrator")

    def _person(self, email: str) -> Caller:
        for row in self.org.live.users.rows.values():
            if email in ("", row["email"]) and row["state"] != "deleted":
                return Caller(row["id"], row["name"], row["selfUri"], FullAccess())
        raise ValueError(
            f"no user {email!r} in this organisation" if email else "this organisation has no users"
        )

    def respond(self, request: Request) -> Outcome:
        """Answer one request to the vendor's paths and log it."""
        outcome = self._faults.answer(self.exchange, request)
        path = f"{request.path}?{request.query}" if request.query else request.path
        answer = outcome.answer
        self._log.append(Logged(request.method, path, answer.status, answer.client, self.clock.now()))
        self.total += 1
        return outcome

    def save(self) -> None:
        """Write the state file, if there is one. Raises ValueError when that fails."""
        if self._state_file:
            self._saved = self._mark()
            save(self.org, self._state_file)

    def save_changes(self) -> None:
        """Write the state file if anything happened since. Raises ValueError when that fails."""
        if self._mark() != self._saved:
            self.save()

    def _mark(self) -> _Mark:
        return _Mark(self.total, self.org.changes, self.clock.advanced)
