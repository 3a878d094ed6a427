"""Everything a story plays with: an organisation, GitHub, a machine for jobs, and an author's clone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.pipeline.callers import files
from tests.pipeline.forge import Forge
from tests.pipeline.hub import Hub
from tests.pipeline.machine import Machine
from tests.pipeline.organisation import Console, organisation, view_only_client

ORGANISATION = "tinydesk"
OPERATOR = {"GENESYSCLOUD_OAUTHCLIENT_ID": "operator", "GENESYSCLOUD_OAUTHCLIENT_SECRET": "operator-secret"}
SIGNING = {"RECONCILER_SIGNING_KEY": "a made-up key that is as long as a key has to be"}
ORG = """\
apiVersion: reconciler/v1
kind: Org
metadata: {name: tinydesk}
spec:
  region: us-east-1
  organizationId: 6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01
  operator: {client: nw-reconciler}
  sinks: {local: {type: file, path: "{tenant}/{key}.json", persistent: true}}
"""
TENANT = """\
apiVersion: reconciler/v1
kind: Tenant
metadata: {name: acme}
spec:
  divisions: [{key: main, name: ACME}]
  roles:
    - {key: queues, name: Acme Queues, permissions: [routing:queue:view, routing:queue:search]}
  clients:
    - key: metrics
      grants: [{role: queues, divisions: own}]
      secret: {sink: local}
"""


@dataclass(frozen=True)
class World:
    """`hub` is GitHub, `forge` what people do there, `console` the organisation's administration pages."""

    hub: Hub
    forge: Forge
    console: Console
    reader: dict[str, str]

    def pull(self, number: int) -> dict[str, Any]:
        return dict(next(row for row in self.hub.read()["pulls"] if row["number"] == number))

    def comments(self, number: int) -> list[dict[str, Any]]:
        return [row for row in self.hub.read()["comments"] if row["number"] == number]

    def labels(self, number: int) -> list[str]:
        return list(self.hub.read()["labels"].get(str(number), []))

    def plan_by_hand(self, name: str, environment: Mapping[str, str]) -> Path:
        """A true plan of what the author has checked out, made outside of all workflows; its folder."""
        machine, place = self.forge.machine, self.hub.place / name
        place.mkdir()
        command = [
            str(machine.folder("reconciler") / "reconciler"),
            "plan",
            "--out",
            str(place / "plan.json"),
        ]
        whole = {**machine.environment(), **self.reader, **environment}
        subprocess.run(command, check=True, cwd=self.forge.clone, env=whole, capture_output=True)
        return place

    def issues(self, state: str) -> list[dict[str, Any]]:
        return [row for row in self.hub.read()["issues"] if row["state"] == state]


@contextmanager
def world(place: Path) -> Iterator[World]:
    """A repository with a readme and nothing else, and an organisation with nothing of ours."""
    with organisation() as endpoint:
        hub = Hub(place / "github")
        hub.place.mkdir(parents=True)
        machine = Machine(hub, place, endpoint, {})
        machine.prepare()
        console = Console(endpoint)
        reader = view_only_client(console, machine)
        secrets = {"reconciler-plan": reader | SIGNING, "reconciler-apply": OPERATOR | SIGNING}
        forge = Forge(replace(machine, environments=secrets), place / "clone")
        forge.found({"README.md": "Who may do what at our tenants.\n"})
        yield World(hub, forge, console, reader)


def beginning() -> dict[str, str]:
    """The first pull request: the workflows of the guide, an Org document and one tenant."""
    return {**files(ORGANISATION), "manifests/org.yaml": ORG, "manifests/acme.yaml": TENANT}
