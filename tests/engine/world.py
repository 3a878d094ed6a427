"""A simulated organisation with everything an apply needs, in virtual time and a few words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any

from reconciler.engine import apply as applying
from reconciler.engine import cycle
from reconciler.engine.context import Basis
from reconciler.errors import SinkError
from reconciler.genesys import GenesysApi
from reconciler.kinds import REGISTRY
from reconciler.kinds.client_spec import ClientSpec
from reconciler.kinds.division import DivisionSpec
from reconciler.kinds.role import RoleSpec
from reconciler.model.address import OPERATOR, Address, Selector
from reconciler.model.history import Intent
from reconciler.model.manifest import Entry, Manifests, Org, Owner, Sink
from reconciler.model.origin import Origin
from reconciler.model.outcome import ApplyReport, Outcome
from reconciler.model.plan import Plan
from reconciler.model.secret import Credential, Destination, Held, Receipt
from reconciler.planning.options import PlanOptions
from reconciler.ports import Fence
from reconciler.simulator import Simulator
from tests.support.clock import LoopClock
from tests.support.org import connect, simulated

ORG_ID = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
ORIGIN = Origin("org.yaml")
ORG = Org(
    name="northwind",
    region="us-east-1",
    organization_id=ORG_ID,
    operator="nw-reconciler",
    origin=ORIGIN,
    sinks={"local": Sink("local", "file", {"path": "{tenant}/{key}.json"}, ORIGIN)},
)
CLIENTS, ROLES, DIVISIONS = (
    "/api/v2/oauth/clients",
    "/api/v2/authorization/roles",
    "/api/v2/authorization/divisions",
)
SUBJECTS = "/api/v2/authorization/subjects"
SPECS: dict[str, Any] = {"division": DivisionSpec, "role": RoleSpec, "client": ClientSpec}


def owner(name: str, **sections: list[dict[str, Any]]) -> Owner:
    """A tenant (or `org`) with entries as they stand in YAML, by kind."""
    origin = Origin(f"{name}.yaml")
    entries = {
        kind: tuple(
            Entry(SPECS[kind].model_validate(spec), origin.child("spec", kind, index))
            for index, spec in enumerate(specs)
        )
        for kind, specs in sections.items()
    }
    return Owner(name, entries, origin)


def tenant(name: str) -> Owner:
    """A tenant with one division and one client that reads queues in it."""
    grants = [{"role": "queue-metrics", "divisions": ["main"]}]
    client = {"key": "metrics", "name": f"{name}-metrics", "grants": grants, "secret": {"sink": "local"}}
    return owner(name, division=[{"key": "main", "name": name.upper()}], client=[client])


SHARED = owner(
    "org",
    role=[{"key": "queue-metrics", "name": "Tenant Queue Metrics", "permissions": ["routing:queue:view"]}],
)


def manifests(*tenants: Owner, shared: Owner = SHARED, **org: Any) -> Manifests:
    """The demo organisation with these tenants."""
    return Manifests(replace(ORG, **org), (shared,), (), tenants)


@dataclass
class MemorySink:
    """A sink that tells a test what it holds. `refuses` fails reserving, `breaks` delivering."""

    refuses: bool = False
    breaks: bool = False
    before: Callable[[], None] = lambda: None
    held: dict[str, dict[str, str]] = field(default_factory=dict)
    told: dict[str, Held] = field(default_factory=dict)
    last: Credential | None = None

    async def reserve(self, destination: Destination) -> None:
        if self.refuses:
            raise SinkError(f"{destination.path} is full", remedy="make room")

    async def deliver(self, destination: Destination, credential: Credential) -> Receipt:
        self.before()
        if self.breaks:
            raise SinkError(f"{destination.path} broke", remedy="mend it")
        self.last = credential
        self.held[destination.path] = {"id": credential.client_id, "secret": credential.secret.reveal()}
        self.told[destination.path] = Held(
            credential.client_id, str(credential.address), credential.nonce, credential.issued
        )
        return Receipt(destination.sink, destination.path)

    async def status(self, destination: Destination) -> Held | None:
        return self.told.get(destination.path)


@dataclass
class Diary:
    """Journal and progress in one: what was told, in order. `on` is called with each line."""

    lines: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    on: Callable[[str], None] = lambda line: None

    def _tell(self, line: str) -> None:
        self.lines.append(line)
        self.on(line)

    def intend(self, run: str, intent: Intent) -> None:
        self._tell(f"intend {intent.operation}")

    def conclude(self, run: str, operation: str, error: str, *, heard: bool = True) -> None:
        self._tell(f"conclude {operation}{': ' + error if error else ''}")

    def planned(self, writes: int, seconds: int) -> None:
        self._tell(f"planned {writes}")

    def waiting(self, address: Address, seconds: float, reason: str) -> None:
        self._tell(f"waiting {seconds:g} s: {reason}")

    def finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self._tell(f"finished {outcome.address} {outcome.result}")


@dataclass
class World:
    """One organisation, our edge on it, a sink, and the user's wish to stop."""

    sim: Simulator
    api: GenesysApi
    sink: MemorySink = field(default_factory=MemorySink)
    diary: Diary = field(default_factory=Diary)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    nonces: Any = field(default_factory=lambda: count(1))

    async def plan(self, wanted: Manifests, *only: str) -> Plan:
        return (await self.based_plan(wanted, *only))[0]

    async def based_plan(self, wanted: Manifests, *only: str) -> tuple[Plan, Basis]:
        """A plan, and what it was made of."""
        options = PlanOptions(
            date(2026, 11, 20), "2026-11-20T14:00:00Z", "0.1.0", tuple(map(Selector.parse, only))
        )
        since = LoopClock().monotonic()
        plan, live = await cycle.look_and_plan(self.api, wanted, options, REGISTRY)
        return plan, Basis(live, since)

    async def apply(
        self, plan: Plan, org: Org = ORG, fence: Fence | None = None, basis: Basis | None = None
    ) -> ApplyReport:
        return await applying.apply(
            plan,
            api=self.api,
            sinks={"local": self.sink},
            registry=REGISTRY,
            clock=LoopClock(),
            journal=self.diary,
            progress=self.diary,
            org=org,
            nonces=lambda: f"{next(self.nonces):08d}",
            run_id="run-1",
            hosts=("api.example", "login.example"),
            stop=self.stop,
            fence=fence,
            basis=basis,
        )

    async def reconcile(self, wanted: Manifests) -> ApplyReport:
        """Plan and apply."""
        return await self.apply(await self.plan(wanted), wanted.org)

    def asked(self, since: int) -> list[str]:
        """The methods of what was asked, that left out by which our client borrows and returns."""
        lending = (f"{SUBJECTS}/operator", "/oauth/token")
        return [each.method for each in self.sim.requests[since:] if not each.path.startswith(lending)]

    def written(self) -> list[str]:
        """Method and path of every write so far, those left out by which our client borrows and returns."""
        lines = [f"{each.method} {each.path}" for each in self.sim.writes()]
        return [line for line in lines if f"{SUBJECTS}/operator/" not in line]

    def grant_by_hand(self, client: str, role: str, division: str) -> None:
        """An administrator grants through the subjects API."""
        body = {"grants": [{"roleId": role, "divisionId": division}]}
        path = f"{SUBJECTS}/{client}/bulkadd?subjectType=PC_OAUTH_CLIENT"
        assert self.sim.edit("POST", path, body)[0] < 300

    def home(self) -> str:
        """The id of the Home division."""
        return next(str(row["id"]) for row in self.rows(DIVISIONS).values() if row["homeDivision"])

    def rows(self, path: str) -> dict[str, dict[str, Any]]:
        """Every live object of a collection by its name."""
        status, answer = self.sim.edit("GET", path if path == CLIENTS else f"{path}?pageSize=100")
        assert status == 200, answer
        return {row["name"]: row for row in answer["entities"]}


@asynccontextmanager
async def world(switches: dict[str, str] | None = None, **settings: Any) -> AsyncIterator[World]:
    """A fresh organisation."""
    sim = simulated(switches=switches or {}, **settings)
    async with connect(sim) as api:
        yield World(sim, api)


def results(report: ApplyReport) -> dict[str, str]:
    """What became of each change; that our client borrows and returns is left out."""
    return {str(item.address): item.result for item in report.outcomes if item.address != OPERATOR}


def outcome(report: ApplyReport, address: str) -> Outcome:
    """What became of one change."""
    return next(item for item in report.outcomes if str(item.address) == address)
