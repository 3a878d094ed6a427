"""A living organisation: the world, its history, clock, ids, secrets and switches in one place.

Operations change it only through `put`, so that lag and history see every change.
"""

from typing import Any

from reconciler.simulator.access import Access, access_of
from reconciler.simulator.clock import Clock
from reconciler.simulator.history import History
from reconciler.simulator.identity import Sequence
from reconciler.simulator.settings import Settings
from reconciler.simulator.switches import resolve
from reconciler.simulator.world import Grant, Pair, Row, World


class Organisation:
    """What all operations share."""

    def __init__(
        self, live: World, secrets: dict[str, str], count: int, settings: Settings, clock: Clock
    ) -> None:
        """`secrets` by client id; `count` is where the id sequence continues."""
        self.live, self.secrets, self.clock = live, secrets, clock
        self.history = History(live, settings.lag)
        self.switches = resolve(settings.switches)
        self.sequence = Sequence(self.fact("organization")["id"], count)
        self.changes = 0
        self._access: dict[str, tuple[World, int, Access]] = {}

    def fact(self, name: str) -> Row:
        """A row of which there is one: `organization`, `limits`, `settings`."""
        return self.live.facts.rows[name]

    def on(self, switch: str, value: str) -> bool:
        """Whether a switch stands at `value`."""
        return self.switches[switch] == value

    def seen(self) -> World:
        """The organisation as reads see it now."""
        return self.history.seen(self.clock.now())

    def put(self, table: str, key: str, row: Row | None) -> None:
        """Store or remove (None) a row."""
        self.changes += 1
        self.history.put(self.clock.now(), table, key, row)

    def access(self, subject: str) -> Access:
        """What a subject may do as far as readers can see; kept until rights change."""
        world = self.seen()
        kept = self._access.get(subject)
        if kept is None or kept[0] is not world or kept[1] != world.version:
            kept = self._access[subject] = (world, world.version, access_of(world, subject))
        return kept[2]

    def set_pairs(self, subject: str, kind: str, pairs: dict[Pair, Grant]) -> None:
        """Make `pairs` all that is granted directly to a subject of type `kind`."""
        row: dict[str, Any] = {"subjectId": subject, "type": kind, "pairs": pairs}
        self.put("grants", subject, row if pairs else None)
