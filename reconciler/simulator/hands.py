"""What the HTTP layer and its controls need of a simulator."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol

from reconciler.simulator.clock import Clock
from reconciler.simulator.exchange import Request
from reconciler.simulator.fault_rules import Rule
from reconciler.simulator.faults import Outcome
from reconciler.simulator.org import Organisation
from reconciler.simulator.settings import Settings


class Logged(NamedTuple):
    """A request that came in: `path` with its query, `status` 0 when nobody answered, `at` in seconds."""

    method: str
    path: str
    status: int
    client_id: str
    at: float


class Hands(Protocol):
    """A simulator as it is served: asked, looked at, and driven."""

    settings: Settings
    org: Organisation
    sleep: Callable[[float], Awaitable[None]]
    clock: Clock
    total: int

    @property
    def requests(self) -> list[Logged]:
        """The last requests, oldest first."""

    @property
    def fault_rules(self) -> list[Rule]:
        """The fault rules in force."""

    def respond(self, request: Request) -> Outcome:
        """Answer one request."""

    def state(self) -> dict[str, Any]:
        """The whole organisation and what happened to it, without secrets."""

    def reset(self) -> None:
        """Back to the seed."""

    def faults(self, rules: list[dict[str, Any]]) -> None:
        """Replace the fault rules."""

    def edit(self, method: str, path: str, body: Any = None, user: str = ...) -> tuple[int, Any]:
        """An administrator's hand."""
