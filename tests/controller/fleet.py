"""Organisations that one controller watches, in one process and in virtual time."""

from __future__ import annotations

import asyncio
import contextlib
import io
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import reconciler.genesys
from reconciler import wiring
from reconciler.cli.main import Global, run
from reconciler.cli.unattended import Looker
from reconciler.engine.watching import Watching
from reconciler.simulator import Settings, Simulator
from reconciler.simulator.seed import default_seed
from tests.journeys.world import StoryClock, Time
from tests.support.clock import START, threadless
from tests.support.org import Wire

POLICIES = ("detect", "downwards", "upwards")
ROLE, WIDER = "Metrics", "routing:queue:edit"

_MANIFESTS = """\
apiVersion: reconciler/v1
kind: Org
metadata: {{name: {name}}}
spec:
  region: us-east-1
  organizationId: {id}
  operator: {{client: nw-reconciler}}
  sinks:
    local: {{type: file, path: "{name}/{{tenant}}/{{key}}.json"}}
  limits: {{removals: 3, removalPercent: 100, changePercent: 100, gains: 200}}
  drift: {{correct: {correct}}}
---
apiVersion: reconciler/v1
kind: Shared
spec:
  roles: [{{key: metrics, name: Metrics, permissions: [routing:queue:view]}}]
"""
_TENANT = """\
---
apiVersion: reconciler/v1
kind: Tenant
metadata: {{name: {name}}}
spec:
  divisions: [{{key: main, name: {wall}}}]
  clients: [{{key: pull, grants: [{{role: metrics, divisions: own}}], secret: {{sink: local}}}}]
"""


class Site:
    """One of them: its manifests, its policy, and the simulated organisation."""

    def __init__(self, place: Path, number: int, time: Time, correct: str) -> None:
        self.name, self.correct = f"site-{number}", correct
        self.root, self.client = place / self.name, f"operator-{number}"
        identity = str(uuid.UUID(int=number + 1, version=4))
        seed = default_seed()
        seed = replace(seed, organisation={**seed.organisation, "id": identity, "name": self.name})
        settings = Settings(client_id=self.client, start=START, rate_limit="0")
        self.sim = Simulator(seed, settings, clock=time, sleep=asyncio.sleep)
        self.root.mkdir()
        self.text = _MANIFESTS.format(name=self.name, id=identity, correct=correct)
        self.text += "".join(_TENANT.format(name=each, wall=each.upper()) for each in ("acme", "globex"))
        (self.root / "org.yaml").write_text(self.text, "utf-8")
        keys = place / "keys" / self.name
        keys.mkdir(parents=True)
        (keys / "client-id").write_text(self.client, "utf-8")
        (keys / "client-secret").write_text("operator-secret\n", "utf-8")

    def row(self, section: str, name: str) -> dict[str, Any]:
        (found,) = [row for row in self.sim.snapshot()[section] if row["name"] == name]
        return dict(found)

    def edit(self, method: str, path: str, body: Any = None) -> None:
        """An administrator's hand."""
        status, answer = self.sim.edit(method, f"/api/v2/{path}", body)
        assert status < 300, answer

    def leak(self) -> None:
        """Somebody gives acme's client its role in globex's division."""
        self._grant("acme-pull", "GLOBEX")

    def _grant(self, name: str, division: str) -> None:
        asked = ("clients", name), ("roles", ROLE), ("divisions", division)
        client, role, wall = (self.row(*each)["id"] for each in asked)
        body = {"grants": [{"roleId": role, "divisionId": wall}]}
        self.edit("POST", f"authorization/subjects/{client}/bulkadd?subjectType=PC_OAUTH_CLIENT", body)

    def leak_more(self) -> None:
        """The same the other way round."""
        self._grant("globex-pull", "ACME")

    def take(self, name: str = "globex") -> None:
        """Somebody takes what a tenant's client has: to give it back would be a gain."""
        client, role, wall = (
            self.row(*each)["id"]
            for each in (("clients", f"{name}-pull"), ("roles", ROLE), ("divisions", name.upper()))
        )
        self.edit("DELETE", f"authorization/subjects/{client}/divisions/{wall}/roles/{role}")

    def rename(self) -> None:
        """Somebody describes a division otherwise: nothing that narrowing could mend."""
        row = self.row("divisions", "ACME")
        body = {"name": "ACME", "description": f"ours! {row['description']}"}
        self.edit("PUT", f"authorization/divisions/{row['id']}", body)

    def held(self, client: str) -> set[str]:
        """The divisions in which a client holds its role."""
        state = self.sim.snapshot()
        names = {row["id"]: row["name"] for row in state["divisions"]}
        identity = self.row("clients", client)["id"]
        return {names[each["divisionId"]] for each in state["grants"] if each["subjectId"] == identity}

    def write_role(self, role: dict[str, Any], **changed: Any) -> None:
        """Somebody writes the role, whole."""
        body = {"name": role["name"], "description": role["description"],
                "permissionPolicies": role["permissionPolicies"]}  # fmt: skip
        self.edit("PUT", f"authorization/roles/{role['id']}", {**body, **changed})

    def writes(self) -> int:
        """How many writes of ours it has seen."""
        return len(self.sim.writes())


class Fleet:
    """Some sites, and what the controller is made of, without its sockets and signals."""

    def __init__(self, place: Path, patch: pytest.MonkeyPatch, *policies: str, store: str = "") -> None:
        self.place, self.patch, self.time = place, patch, Time()
        self.sites = [Site(place, number, self.time, each) for number, each in enumerate(policies)]
        self.pauses = place / "paused"
        self.stop: asyncio.Event | None = None
        self._connect(store or str(place / "history.sqlite"))
        for each in self.sites:
            self.apply(each)

    def _connect(self, store: str) -> None:
        real, sims = reconciler.genesys.GenesysApi, {each.client: each.sim for each in self.sites}

        def connected(hosts: Any, credentials: Any, clock: Any, **given: Any) -> Any:
            return real(hosts, credentials, clock, transport=Wire(sims[credentials.client_id]), **given)

        self.patch.setattr(reconciler.genesys, "GenesysApi", connected)
        self.patch.setattr(wiring, "SystemClock", lambda: StoryClock(self.time))
        threadless(self.patch)
        self.patch.setattr(asyncio, "run", self.time.run)
        for name in ("CI", "GENESYSCLOUD_REGION", "GENESYSCLOUD_ACCESS_TOKEN", "RECONCILER_WEBHOOK"):
            self.patch.delenv(name, raising=False)
        self.patch.setenv("RECONCILER_ENDPOINT", "http://127.0.0.1")
        self.patch.setenv("RECONCILER_SECRETS", str(self.place / "secrets"))
        self.patch.setenv("RECONCILER_STATE", store)
        self.patch.chdir(self.place)

    def apply(self, site: Site) -> None:
        """Make a site what its manifests say, as a pipeline would."""
        with self.patch.context() as patch:
            patch.setenv("GENESYSCLOUD_OAUTHCLIENT_ID", site.client)
            patch.setenv("GENESYSCLOUD_OAUTHCLIENT_SECRET", "operator-secret")
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                assert run(["apply", str(site.root), "--auto-approve"]) == 0, said.getvalue()

    def watching(self, every: float, *, look: Callable[[Looker], Any] = lambda looker: looker) -> Watching:
        """The loop over all sites; within a running loop. `look` may wrap what looks."""
        from reconciler.cli.controller import paused

        self.stop = asyncio.Event()
        looker = Looker(
            Global("http://127.0.0.1", 0, self.place / "keys"), self.stop, partial(paused, self.pauses)
        )
        self.looker = looker
        rooted = {str(each.root): every for each in self.sites}
        made = Watching(rooted, look(looker), lambda each: paused(self.pauses, each.name),
                        StoryClock(self.time), lambda: 0.5, self.stop)  # fmt: skip
        for each in self.sites:
            made.call(str(each.root), looker.label(str(each.root), each.name))
        return made

    def play(self, every: float, story: Callable[[Watching], Awaitable[None]], **given: Any) -> Watching:
        """Run the loop beside a story; it stops when the story ends."""

        async def both() -> Watching:
            made = self.watching(every, **given)
            running = asyncio.create_task(made.run())
            try:
                await story(made)
            finally:
                assert self.stop is not None
                self.stop.set()
                await running
            return made

        made: Watching = self.time.run(both())
        return made


def site_of(fleet: Fleet, made: Watching, number: int = 0) -> Any:
    """How one site stands."""
    return made.state[str(fleet.sites[number].root)]
