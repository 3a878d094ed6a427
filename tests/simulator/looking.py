"""Looking at an organisation while a history goes on: what its callers are told is how it is."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine

from tests.simulator.guest import Guest, VirtualTime
from tests.simulator.impossible import alive, held_by, holders
from tests.simulator.watched import Watched

Row = dict[str, Any]
AS_CLIENT = "?subjectType=PC_OAUTH_CLIENT"


class Looking(RuleBasedStateMachine):
    """Callers at the door of an organisation, what they know, and what they should find."""

    sim: Watched
    time: VirtualTime
    lag: float
    switches: dict[str, str]
    seeded: Row
    callers: dict[str, Guest]
    secrets: dict[str, list[str]]
    """Every secret that was told, by client."""
    known: dict[str, dict[str, None]]
    """Every id that ever was, by section."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()

    def _enter(self, client: str, secret: str) -> Guest:
        return self.runner.run(Guest(self.sim, self.time).log_in(client, secret))

    def _look(self) -> None:
        self._log_in()
        self._settle()

    def _log_in(self) -> None:
        """A secret opens the door if it is the last one of an active client; a token ends with its client."""
        clients = {row["id"]: row for row in self.sim.snapshot()["clients"]}
        for client, secrets in self.secrets.items():
            row = clients.get(client, {"state": "deleted", "authorizedGrantType": ""})
            works = (row["state"], row["authorizedGrantType"]) == ("active", "CLIENT-CREDENTIALS")
            for secret in filter(None, secrets):
                answer = self.runner.run(self.callers["operator"].ask_token(client, secret))
                assert (answer.status_code == 200) == (works and secret == secrets[-1]), (row, answer.text)
        status, _ = self._ask("tenant", "tokens/me")
        assert (status == 200) == (clients.get("tenant", {}).get("state") in ("active", "inactive"))

    def _ask(self, by: str, path: str) -> tuple[int, Any]:
        return self.runner.run(self.callers[by].call("GET", path))

    def _settle(self) -> None:
        """Once the lag is over, reads show the organisation as it is, and nothing that is gone."""
        self.time.now += self.lag
        self.callers["operator"] = self._enter("operator", "operator-secret")
        state = self.sim.snapshot()
        for section, path in (
            ("divisions", "authorization/divisions"), ("roles", "authorization/roles"),
            ("clients", "oauth/clients"), ("deletedDivisions", "authorization/divisions/deleted"),
        ):  # fmt: skip
            live = {row["id"] for row in state[section]}
            status, answer = self._ask("operator", f"{path}?pageSize=100")
            assert {row["id"] for row in answer["entities"]} == live, section
            for key in self.known[section] if section != "deletedDivisions" else ():
                status, answer = self._ask("operator", f"{path}/{key}")
                assert status == (200 if key in live else 404), (section, key)
        self._both_views(state)
        self._holders(state)
        self._gone(state)

    def _gone(self, state: Row) -> None:
        """What is deleted takes no secret and no grant."""
        places = self.known["divisions"].keys() - alive(state["divisions"])
        role = state["roles"][0]["id"]
        for path in (
            *(
                f"oauth/clients/{key}/secret"
                for key in self.known["clients"].keys() - alive(state["clients"])
            ),
            *(f"authorization/subjects/operator/divisions/{key}/roles/{role}{AS_CLIENT}" for key in places),
        ):
            assert self.runner.run(self.callers["operator"].call("POST", path))[0] == 404, path

    def _holders(self, state: Row) -> None:
        """The users of a role are those who hold it themselves."""
        for row in state["roles"]:
            _, answer = self._ask("operator", f"authorization/roles/{row['id']}/users?pageSize=100")
            held = {
                each["subjectId"] for each in holders(state, row["id"]) if each["subjectType"] == "PC_USER"
            }
            assert {each["id"] for each in answer["entities"]} == held

    def _both_views(self, state: Row) -> None:
        for row in state["clients"]:
            held = held_by(state, row["id"])
            _, client = self._ask("operator", f"oauth/clients/{row['id']}")
            _, subject = self._ask("operator", f"authorization/subjects/{row['id']}")
            shown = {(each["roleId"], each["divisionId"]) for each in client["roleDivisions"]}
            assert {(each["role"]["id"], each["division"]["id"]) for each in subject["grants"]} == held
            assert shown == held if self.switches["bulkadd-visible"] == "yes" else shown <= held

    def home(self) -> Row:
        return next(row for row in self.seeded["divisions"] if row["homeDivision"])
