"""Histories of an organisation, drawn at random, and what must hold after each step of them.

A history draws switches, lag and faults, lets two callers write everything that can be written, holds
requests back and delivers them together in another order, and looks at everything after each step.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from reconciler.simulator import SWITCHES
from reconciler.simulator.exchange import Request
from tests.simulator.draws import CALLERS, FATES, GRANT_TYPES, KINDS, NAMES, PAIRS, STATES, SWITCHED, WHICH
from tests.simulator.guest import API, VirtualTime, client_body, grants, policies
from tests.simulator.impossible import TABLES, alive, strays, twins, undelivered
from tests.simulator.looking import AS_CLIENT, Looking, Row
from tests.simulator.watched import Watched

Pair = tuple[str, str]
Drawn = tuple[int, int]
"""Which role, and which division; -1 is every division."""
Sent = tuple[str, str, str, Any]
"""Who sends, method, path, body."""

OUR_OWN = ("operator", "Operator")
"""The operator's client and role stay as they are, so that somebody can always act."""


class Histories(Looking):
    """What callers may do to an organisation, and what must hold whatever they did."""

    @initialize(switches=SWITCHED, lag=st.sampled_from((0.0, 0.0, 30.0)))
    def open(self, switches: dict[str, str], lag: float) -> None:
        self.time = VirtualTime()
        self.sim = Watched(lag, switches, self.time)
        self.switches = {name: switch.default for name, switch in SWITCHES.items()} | switches
        self.seeded, self.lag = self.sim.snapshot(), lag
        self._begin()

    def _begin(self) -> None:
        self.waiting: list[Sent] = []
        self.secrets: dict[str, list[str]] = {"tenant": ["told"], "old": ["older"]}
        self.known: dict[str, dict[str, None]] = {}
        self.callers = {
            "operator": self._enter("operator", "operator-secret"),
            "tenant": self._enter("tenant", "told"),
        }
        self._learn()

    def _learn(self) -> None:
        """Remember every id that ever was, so that what is gone is asked for too."""
        for section, rows in self.sim.snapshot().items():
            for row in rows if isinstance(rows, list) and section != "grants" else ():
                if row["name"] not in OUR_OWN:
                    self.known.setdefault(section, {})[row["id"]] = None

    def _pick(self, section: str, which: int) -> str:
        ids = list(self.known[section])
        return ids[which % len(ids)]

    def _pairs(self, drawn: list[Drawn]) -> list[Pair]:
        return [
            (self._pick("roles", role), "*" if where == -1 else self._pick("divisions", where))
            for role, where in drawn
        ]

    def _send(self, by: str, fate: str, method: str, path: str, body: Any = None) -> None:
        if fate == "later":
            self.waiting.append((by, method, path, body))
            return
        self._deliver([(by, method, path, body)], [] if fate == "now" else [{"kind": fate}])

    def _deliver(self, requests: list[Sent], faults: list[Row]) -> None:
        self.sim.faults(faults)
        self.runner.run(self._all(requests))
        self.sim.faults([])
        for request, body in self.sim.done:
            self._note(request, body)
        self.sim.done.clear()
        self._learn()

    async def _all(self, requests: list[Sent]) -> None:
        await asyncio.gather(*(self._one(*each) for each in requests))

    async def _one(self, by: str, method: str, path: str, body: Any) -> None:
        try:
            await self.callers[by].send(method, path, body)
        except (TimeoutError, ConnectionError):
            return  # the caller learns nothing; what happened shows in the organisation

    def _note(self, request: Request, body: bytes) -> None:
        """Keep what secret was told, also where nobody could read it."""
        try:
            told = json.loads(body or b"{}")
        except ValueError:
            told = {}
        if request.path.endswith("/secret"):
            self.secrets.setdefault(request.path.split("/")[-2], []).append(told.get("secret", ""))
        elif (request.method, request.path) == ("POST", f"{API}/oauth/clients") and told:
            self.secrets[told["id"]] = [told["secret"]]

    @rule(
        verb=st.sampled_from(("POST", "PUT", "DELETE", "restore")),
        which=WHICH,
        name=NAMES,
        by=CALLERS,
        fate=FATES,
    )
    def division(self, verb: str, which: int, name: str, by: str, fate: str) -> None:
        path, body = "authorization/divisions", {"name": name, "description": ""}
        key = self._pick("divisions", which)
        if verb == "POST":
            self._send(by, fate, verb, path, body)
        elif verb == "restore":
            self._send(by, fate, "POST", f"{path}/{self._pick('deletedDivisions', which)}/restore", body)
        elif verb == "DELETE" or key != self.home()["id"]:
            self._send(by, fate, verb, f"{path}/{key}", None if verb == "DELETE" else body)

    @rule(
        verb=st.sampled_from(("POST", "PUT", "PATCH", "DELETE")),
        which=WHICH,
        name=NAMES,
        by=CALLERS,
        fate=FATES,
    )
    def role(self, verb: str, which: int, name: str, by: str, fate: str) -> None:
        path = (
            "authorization/roles" if verb == "POST" else f"authorization/roles/{self._pick('roles', which)}"
        )
        body: Row = {"name": name, "permissionPolicies": policies("routing:queue:view")}
        if verb == "PATCH":
            body = {"roleNeedsUpdate": True}
        self._send(by, fate, verb, path, None if verb == "DELETE" else body)

    @rule(
        which=st.one_of(st.none(), WHICH),
        name=NAMES,
        state=STATES,
        kind=GRANT_TYPES,
        drawn=PAIRS,
        by=CALLERS,
        fate=FATES,
    )
    def client(
        self, which: int | None, name: str, state: str, kind: str, drawn: list[Drawn], by: str, fate: str
    ) -> None:
        body = client_body(name, *self._pairs(drawn), state=state) | {"authorizedGrantType": kind}
        path = "oauth/clients" if which is None else f"oauth/clients/{self._pick('clients', which)}"
        self._send(by, fate, "POST" if which is None else "PUT", path, body)

    @rule(which=WHICH, new_secret=st.booleans(), by=CALLERS, fate=FATES)
    def end_of_a_secret(self, which: int, new_secret: bool, by: str, fate: str) -> None:
        path = f"oauth/clients/{self._pick('clients', which)}"
        method, path = ("POST", f"{path}/secret") if new_secret else ("DELETE", path)
        self._send(by, fate, method, path)

    @rule(verb=st.sampled_from(("bulkadd", "bulkremove", "bulkreplace")), kind=KINDS,
          which=WHICH, drawn=PAIRS, by=CALLERS, fate=FATES)  # fmt: skip
    def many(self, verb: str, kind: str, which: int, drawn: list[Drawn], by: str, fate: str) -> None:
        subject = self._pick(TABLES[kind], which)
        path = f"authorization/subjects/{subject}/{verb}?subjectType={kind}"
        self._send(by, fate, "POST", path, grants(*self._pairs(drawn)))

    @rule(verb=st.sampled_from(("POST", "DELETE")), kind=KINDS, which=WHICH,
          drawn=PAIRS.filter(bool), by=CALLERS, fate=FATES)  # fmt: skip
    def one(self, verb: str, kind: str, which: int, drawn: list[Drawn], by: str, fate: str) -> None:
        role, where = self._pairs(drawn)[0]
        subject = self._pick(TABLES[kind], which)
        path = f"authorization/subjects/{subject}/divisions/{where}/roles/{role}?subjectType={kind}"
        self._send(by, fate, verb, path)

    @rule(drawn=PAIRS.filter(bool), by=CALLERS)
    def borrow(self, drawn: list[Drawn], by: str) -> None:
        """Callers take what they want to hand on, or have it taken from them."""
        path = f"authorization/subjects/{by}/bulkadd{AS_CLIENT}"
        self._send("operator", "now", "POST", path, grants(*self._pairs(drawn)))

    @rule(role=WHICH, kind=KINDS, subjects=st.lists(WHICH, max_size=3),
          divisions=st.lists(WHICH, max_size=3), by=CALLERS, fate=FATES)  # fmt: skip
    def to_many(
        self, role: int, kind: str, subjects: list[int], divisions: list[int], by: str, fate: str
    ) -> None:
        body = {
            "subjectIds": [self._pick(TABLES[kind], each) for each in subjects],
            "divisionIds": [self._pick("divisions", each) for each in divisions],
        }
        path = f"authorization/roles/{self._pick('roles', role)}?subjectType={kind}"
        self._send(by, fate, "POST", path, body)

    @rule(which=st.one_of(st.none(), WHICH), force=st.booleans(), by=CALLERS, fate=FATES)
    def default_roles(self, which: int | None, force: bool, by: str, fate: str) -> None:
        """One is restored by its id, or all of them by force, or only those that are missing are added."""
        path = "authorization/roles/default"
        if which is None:
            self._send(by, fate, "POST", f"{path}?force={str(force).lower()}")
        else:
            self._send(by, fate, "PUT", path, [{"id": self._pick("roles", which)}])

    @rule(verb=st.sampled_from(("add", "remove")), role=WHICH, users=st.lists(WHICH, max_size=3),
          by=CALLERS, fate=FATES)  # fmt: skip
    def users_of_a_role(self, verb: str, role: int, users: list[int], by: str, fate: str) -> None:
        path = f"authorization/roles/{self._pick('roles', role)}/users/{verb}"
        self._send(by, fate, "PUT", path, [self._pick("users", each) for each in users])

    @rule(table=st.sampled_from(("queues", "users")), which=WHICH, where=WHICH, by=CALLERS, fate=FATES)
    def move(self, table: str, which: int, where: int, by: str, fate: str) -> None:
        division, kind = self._pick("divisions", where), {"queues": "QUEUE", "users": "USER"}[table]
        path = f"authorization/divisions/{division}/objects/{kind}"
        self._send(by, fate, "POST", path, [self._pick(table, which)])

    @rule(data=st.data(), fault=FATES, nth=st.integers(1, 3))
    def arrive(self, data: st.DataObject, fault: str, nth: int) -> None:
        """What was held back arrives together, in another order: one twice, one struck by a fault."""
        requests = data.draw(st.permutations(self.waiting + self.waiting[:1]))
        self.waiting = []
        faults = [] if fault in ("now", "later") else [{"kind": fault, "nth": nth}]
        self._deliver(list(requests), faults)

    @rule(chance=st.integers(0, 5))
    def pause(self, chance: int) -> None:
        """Both take their time, so they come seldom."""
        if chance == 4:
            self._look()
        elif chance == 5:
            self._reset()

    def _reset(self) -> None:
        self.sim.reset()
        assert self.sim.snapshot() == self.seeded
        self._begin()

    @invariant()
    def nothing_impossible(self) -> None:
        state = self.sim.snapshot()
        assert [row for row in state["divisions"] if row["homeDivision"]] == [self.home()]
        assert strays(state, self.switches) == []
        assert twins(state, self.switches) == []
        assert undelivered(self.seeded, state) == []
        assert alive(state["divisions"]) & alive(state["deletedDivisions"]) == set()
        assert [row for row in state["clients"] if row["name"] in OUR_OWN] != []

    def teardown(self) -> None:
        try:
            self._deliver(self.waiting, [])
            self._look()
            self._reset()
        finally:
            self.runner.close()
