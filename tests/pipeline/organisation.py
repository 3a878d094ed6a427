"""A simulated organisation in a process of its own, and an administrator's hands in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen

from tests.pipeline.machine import REPO, Machine

SIMULATE = (sys.executable, "-m", "reconciler", "simulate", "--port", "0", "--rate-limit", "0")


@contextmanager
def organisation() -> Iterator[str]:
    """Its address, as long as the context is open."""
    with subprocess.Popen(
        SIMULATE, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found, "the simulator did not say where it is"
            yield found[0]
        finally:
            process.terminate()


class Console:
    """The organisation's administration pages."""

    def __init__(self, endpoint: str) -> None:
        self._base = f"{endpoint}/_simulator"

    def state(self) -> dict[str, Any]:
        """Everything but secrets."""
        with urlopen(f"{self._base}/state") as answer:
            return dict(json.load(answer))

    def edit(self, method: str, path: str, body: Any = None) -> Any:
        """Somebody's hand; it must succeed."""
        asked = json.dumps({"method": method, "path": path, "body": body}).encode()
        request = Request(f"{self._base}/edit", asked, {"content-type": "application/json"})
        with urlopen(request) as answer:
            (told,) = json.load(answer)["results"]
        assert told["status"] < 300, told
        return told["body"]

    def row(self, section: str, name: str) -> dict[str, Any]:
        """The one object of that name."""
        (found,) = [row for row in self.state()[section] if row["name"] == name]
        return dict(found)

    def names(self, section: str) -> set[str]:
        return {row["name"] for row in self.state()[section] if row.get("state") != "deleted"}

    def grants(self, client: str) -> set[tuple[str, str]]:
        """A client's (role, division) by name."""
        state, identity = self.state(), self.row("clients", client)["id"]
        names = {row["id"]: row["name"] for row in [*state["roles"], *state["divisions"]]} | {"*": "*"}
        return {
            (names[row["roleId"]], names[row["divisionId"]])
            for row in state["grants"]
            if row["subjectId"] == identity
        }

    def give(self, client: str, role: str, division: str) -> None:
        """Grant by hand."""
        where = "*" if division == "*" else self.row("divisions", division)["id"]
        body = {"grants": [{"roleId": self.row("roles", role)["id"], "divisionId": where}]}
        subject = self.row("clients", client)["id"]
        self.edit(
            "POST", f"/api/v2/authorization/subjects/{subject}/bulkadd?subjectType=PC_OAUTH_CLIENT", body
        )


def view_only_client(console: Console, machine: Machine) -> dict[str, str]:
    """What `doctor --bootstrap reader` says to make, made; its credentials."""
    shim = machine.folder("reconciler") / "reconciler"
    command = [str(shim), "doctor", "--bootstrap", "reader", "-o", "json"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=machine.environment())
    role, client = json.loads(told.stdout)["roles"][0]["requests"]
    made = console.edit(role["method"], role["path"], role["body"])
    client["body"]["roleDivisions"][0]["roleId"] = made["id"]
    signed = console.edit(client["method"], client["path"], client["body"])
    return {"GENESYSCLOUD_OAUTHCLIENT_ID": signed["id"], "GENESYSCLOUD_OAUTHCLIENT_SECRET": signed["secret"]}
