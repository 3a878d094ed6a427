"""An organisation, a directory of manifests and the command line over both, in virtual time.

Commands run in this process through `reconciler.cli.main.run`; only the socket is left out. Time goes on
from one command to the next and takes none.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import reconciler.genesys
from reconciler import wiring
from reconciler.cli.main import run
from reconciler.simulator import Seed, Settings, Simulator
from reconciler.simulator.exchange import Request
from reconciler.simulator.hands import Logged
from tests.support.clock import START, VirtualLoop, threadless
from tests.support.org import Wire

REPO = Path(__file__).resolve().parents[2]
NORTHWIND = REPO / "manifests"
MERIDIAN = REPO / "tests" / "manifests" / "meridian"
APPLY = ("apply", "--auto-approve")
STORES = pytest.mark.parametrize("store", ["kept", "off"], ids=["journal", "no-journal"])
"""For stories that have to end the same way with a journal and without one."""

Grant = tuple[str, str]
Access = tuple[str, str, str]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The greppable last line."""
        return self.out.rstrip("\n").rpartition("\n")[2]

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def digest(self) -> str:
        """The digest at the end of a plan."""
        return self.last.rpartition("sha256:")[2]


class Time:
    """Virtual seconds that go on from one event loop to the next; days pass only between commands."""

    def __init__(self) -> None:
        self.reached, self.days = 0.0, 0

    def run(self, main: Any) -> Any:
        """What `asyncio.run` does, on a loop that starts where the last one stopped."""
        with asyncio.Runner(loop_factory=self._loop) as runner:
            try:
                return runner.run(main)
            finally:
                self.reached = runner.get_loop().time()

    def _loop(self) -> VirtualLoop:
        loop = VirtualLoop()
        loop.advance(self.reached)
        return loop

    def __call__(self) -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:
            return self.reached


class StoryClock:
    """The `Clock` port, also outside a running loop."""

    def __init__(self, time: Time) -> None:
        self._time = time

    def now(self) -> datetime:
        return START + timedelta(seconds=self._time(), days=self._time.days)

    def monotonic(self) -> float:
        return self._time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class World:
    """One story: `place` holds manifests, secrets and plans; `sim` is the organisation."""

    def __init__(
        self,
        place: Path,
        patch: pytest.MonkeyPatch,
        manifests: Path = NORTHWIND,
        seed: Seed | None = None,
        switches: Mapping[str, str] | None = None,
        org: str = "northwind",
        store: str = "kept",
        **settings: Any,
    ) -> None:
        self.place, self.patch, self.time = place, patch, Time()
        self.marker = f"[reconciler:{org}/"
        self.root, self.secrets = place / "manifests", place / "secrets"
        self.history, self.store = place / "state" / "history.sqlite", store
        shutil.copytree(manifests, self.root)
        chosen = Settings(switches=switches or {}, **settings)
        self.sim = Simulator(seed, chosen, clock=self.time, sleep=asyncio.sleep)
        self._connect()

    def _connect(self) -> None:
        api = functools.partial(reconciler.genesys.GenesysApi, transport=Wire(self.sim))
        self.patch.setattr(reconciler.genesys, "GenesysApi", api)
        self.patch.setattr(wiring, "SystemClock", lambda: StoryClock(self.time))
        self.patch.setattr(asyncio, "run", self.time.run)
        threadless(self.patch)
        for name in ("CI", "GENESYSCLOUD_REGION", "GENESYSCLOUD_ACCESS_TOKEN"):
            self.patch.delenv(name, raising=False)
        self.patch.setenv("RECONCILER_ENDPOINT", "http://127.0.0.1")
        self.patch.setenv("RECONCILER_SECRETS", str(self.secrets))
        self.patch.setenv("RECONCILER_STATE", "off" if self.store == "off" else str(self.history))
        self.sign_in("operator", "operator-secret")
        self.patch.chdir(self.place)

    def sign_in(self, client_id: str, secret: str) -> None:
        """Further commands run with these credentials."""
        self.patch.setenv("GENESYSCLOUD_OAUTHCLIENT_ID", client_id)
        self.patch.setenv("GENESYSCLOUD_OAUTHCLIENT_SECRET", secret)

    def run(self, *arguments: str) -> Ran:
        """Type one command."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments)
        return Ran(code, out.getvalue(), err.getvalue())

    def apply(self, *arguments: str) -> Ran:
        """Apply without asking."""
        return self.run(*APPLY, *arguments)

    def settle(self, *arguments: str) -> None:
        """Apply, and insist that all went well."""
        ran = self.apply(*arguments)
        assert ran.code == 0, ran.out + ran.err

    def let_pass(self, days: int) -> None:
        """So much later; on the calendar only, a loop that counts far has lost its fractions."""
        self.time.days += days
        self.sim.clock.advance(days * 86_400)

    def wait(self, seconds: float) -> None:
        """So many seconds later, for the organisation and for us."""
        self.time.reached += seconds

    def let_settle(self) -> None:
        """A minute later: whatever lags has arrived."""
        self.sim.clock.advance(60)

    # Manifests

    def change(self, file: str, old: str, new: str) -> None:
        """Edit a manifest; the text must be there."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    # The organisation

    def row(self, section: str, name: str) -> dict[str, Any]:
        """The one object of that name."""
        (found,) = [row for row in self.sim.snapshot()[section] if row["name"] == name]
        return dict(found)

    def names(self, section: str) -> list[str]:
        return sorted(row["name"] for row in self.sim.snapshot()[section])

    def grants(self, client: str) -> set[Grant]:
        """A client's (role, division) by name."""
        identity = self.row("clients", client)["id"]
        return {(role, where) for subject, role, where in self._named_grants() if subject == identity}

    def held_by(self, subject: str) -> set[Grant]:
        """What a group or a user holds itself, as (role, division) by name."""
        state = self.sim.snapshot()
        (identity,) = [row["id"] for row in (*state["groups"], *state["users"]) if row["name"] == subject]
        return {(role, where) for who, role, where in self._named_grants() if who == identity}

    def _named_grants(self) -> Iterator[tuple[str, str, str]]:
        state = self.sim.snapshot()
        names = {row["id"]: row["name"] for row in [*state["roles"], *state["divisions"]]} | {"*": "*"}
        for grant in state["grants"]:
            yield grant["subjectId"], names[grant["roleId"]], names[grant["divisionId"]]

    def access(self) -> set[Access]:
        """(client, permission, division) by name: what each active client may do where, our own left out."""
        state = self.sim.snapshot()
        can = {row["name"]: set(_permissions(row)) for row in state["roles"]}
        active = {
            row["id"]: row["name"]
            for row in state["clients"]
            if row["state"] == "active" and row["id"] != "operator"
        }
        return {
            (active[subject], permission, where)
            for subject, role, where in self._named_grants()
            if subject in active
            for permission in can[role]
        }

    def drift(self, method: str, path: str, body: Any = None) -> Any:
        """An administrator's hand; it must succeed."""
        status, answer = self.sim.edit(method, f"/api/v2/{path}", body)
        assert status < 300, answer
        return answer

    def unowned(self) -> dict[str, list[Any]]:
        """Everything without a marker of ours, with its grants; of people's, those on roles not ours."""
        state = self.sim.snapshot()
        ours = {row["id"] for section in state.values() if isinstance(section, list) for row in section
                if self.marker in (row.get("description") or "")}  # fmt: skip
        people = {row["id"] for section in ("groups", "users") for row in state[section]}

        def is_ours(row: dict[str, Any]) -> bool:
            theirs = row.get("subjectId") in people and row.get("roleId") in ours
            return theirs or row.get("id", row.get("subjectId")) in ours

        return {
            section: [row for row in rows if not is_ours(row)]
            for section, rows in state.items()
            if isinstance(rows, list) and section != "deletedDivisions"
        }

    def asked(self, since: int = 0) -> list[str]:
        """Requests as `METHOD path` without the query, in order."""
        return [f"{each.method} {each.path.partition('?')[0]}" for each in self.sim.requests[since:]]

    def wrote(self, *arguments: str) -> tuple[Ran, list[Logged]]:
        """Run a command; also what it wrote or tried to write, what it borrowed and returned left out."""
        before = len(self.sim.writes())
        ran = self.run(*arguments)
        return ran, [each for each in self.sim.writes()[before:] if not is_lending(each.path)]

    def borrowed(self) -> set[Grant]:
        """What our own client holds on roles of ours, by name."""
        ours = {row["name"] for row in self.sim.snapshot()["roles"] if self.marker in row["description"]}
        return {(role, where) for role, where in self.grants("nw-reconciler") if role in ours}

    def counted(self, *arguments: str) -> tuple[Ran, list[Logged]]:
        """Run a command; also all it asked."""
        before = len(self.sim.requests)
        ran = self.run(*arguments)
        return ran, self.sim.requests[before:]

    # Secrets

    def delivered(self) -> dict[str, dict[str, str]]:
        """What lies in the sink, by address."""
        found = [json.loads(path.read_text("utf-8")) for path in sorted(self.secrets.rglob("*.json"))]
        return {item["address"]: item for item in found}

    def signs_in(self, client_id: str, secret: str) -> bool:
        """Whether the organisation gives a token for this."""
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        headers = {"authorization": f"Basic {basic}"}
        body = b"grant_type=client_credentials"
        return self.sim.exchange.answer(Request("POST", "/oauth/token", "", headers, body)).status == 200

    def call_as(self, client_id: str, secret: str, path: str) -> int:
        """One call with a token of this client's own; its status."""
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        asking = {"authorization": f"Basic {basic}"}
        form = b"grant_type=client_credentials"
        told = self.sim.exchange.answer(Request("POST", "/oauth/token", "", asking, form))
        headers = {"authorization": f"Bearer {json.loads(told.body)['access_token']}"}
        return self.sim.exchange.answer(Request("GET", path, "", headers, b"")).status

    def live_clients(self) -> list[dict[str, Any]]:
        """Clients of ours that are there."""
        return [
            row
            for row in self.sim.snapshot()["clients"]
            if self.marker in (row.get("description") or "") and row["state"] != "deleted"
        ]


def is_lending(path: str) -> bool:
    """Whether a request is about our own client's grants."""
    return path.startswith("/api/v2/authorization/subjects/operator")


def _permissions(role: Mapping[str, Any]) -> Iterator[str]:
    for policy in role.get("permissionPolicies") or ():
        for action in policy["actionSet"]:
            yield f"{policy['domain']}:{policy['entityName']}:{action}"
