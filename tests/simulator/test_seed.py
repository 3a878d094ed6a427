"""Where an organisation begins: the default seed, seeds of one's own, and a saved state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.simulator import Settings, Simulator, default_seed, limits_text, load_seed
from reconciler.simulator.seed import parse_seed
from tests.simulator.guest import Guest, VirtualTime, open_door

OPERATOR = {
    f"authorization:{entity}:{action}"
    for entity, actions in (
        ("division", "add edit delete"), ("grant", "add delete view"), ("role", "add edit delete view"),
    )
    for action in actions.split()
} | {f"oauth:client:{action}" for action in ("add", "edit", "delete", "view")} | {
    "authorization:divisionDeleted:view", "authorization:settings:view",
}  # fmt: skip


async def test_the_default_organisation_is_northwind_and_nobodys_tool_was_there() -> None:
    state = (await open_door()).sim.snapshot()
    assert state["organization"]["id"] == "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"
    assert state["organization"]["name"] == "Northwind Contact Services"
    assert [row["name"] for row in state["divisions"]] == ["Home"]
    assert [row["name"] for row in state["clients"]] == ["nw-reconciler"]
    assert [row["name"] for row in state["roles"] if not row["default"]] == ["Reconciler Operator"]
    assert {"Master Admin", "Admin", "Employee", "Supervisor"} <= {row["name"] for row in state["roles"]}
    assert (len(state["users"]), len(state["groups"]), len(state["queues"])) == (12, 3, 3)


async def test_the_operator_holds_exactly_what_it_needs_everywhere() -> None:
    guest = await open_door()
    role = guest.find("roles", "Reconciler Operator")
    held = {
        f"{policy['domain']}:{policy['entityName']}:{action}"
        for policy in role["permissionPolicies"]
        for action in policy["actionSet"]
    }
    assert held == OPERATOR
    assert await guest.pairs("operator") == {(role["id"], "*")}


async def test_id_and_secret_of_the_operator_are_settings() -> None:
    time = VirtualTime()
    sim = Simulator(settings=Settings(client_id="me", client_secret="mine"), clock=time, sleep=time.sleep)
    await Guest(sim, time).log_in("me", "mine")


OWN = """
organisation: {id: 11111111-1111-1111-1111-111111111111, name: Own}
settings: {backfillEnabled: true}
divisions: [{name: Home, home: true}, {name: West, id: west}]
roles: [{name: Viewer, permissions: ["routing:queue:view"]}]
users: [{name: Ada, email: ada@own.example, division: West}]
groups: [{name: Team, members: [ada@own.example], grants: [{role: Viewer, divisions: [West]}]}]
queues: [{name: Q, division: West}]
clients:
  - {name: view-only, id: viewer, secret: see, tokenSeconds: 600,
     grants: [{role: Viewer, divisions: [West, "*"]}]}
  - {name: old, state: inactive, grantType: CODE, redirectUris: ["https://old.example"]}
"""


async def test_a_seed_of_ones_own_is_read_by_names(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    time = VirtualTime()
    guest = await Guest(Simulator(load_seed(path), clock=time, sleep=time.sleep), time).log_in(
        "viewer", "see"
    )
    assert (await guest.get("routing/queues"))["entities"][0]["division"]["id"] == "west"
    state = guest.sim.snapshot()
    assert state["settings"]["backfillEnabled"] is True
    assert [(row["state"], row["authorizedGrantType"]) for row in state["clients"]] == [
        ("active", "CLIENT-CREDENTIALS"),
        ("inactive", "CODE"),
    ]
    assert {grant["divisionId"] for grant in state["grants"]} == {"west", "*"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("name: Own", "title: Own"), "needs organisation with id and name"),
        (("queues:", "ques:"), "unknown section 'ques'"),
        (("home: true", "home: false"), "exactly one division"),
        (("{name: Q, ", "{"), r"queues\[0\]: needs a name"),
        (("division: West}]\ncl", "divison: West}]\ncl"), "unknown 'divison'; known: description, division"),
        (("clients:", "clients: ]"), "not YAML"),
    ],
    ids=lambda each: each[1] if isinstance(each, tuple) else "",
)
def test_a_mistake_in_a_seed_is_named(change: tuple[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_seed(OWN.replace(*change), "own.yaml")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("role: Viewer, divisions: [West]", "role: Vewer, divisions: [West]"), "Team names 'Vewer'"),
        (("members: [ada@own.example]", "members: [eve@own.example]"), "has member 'eve@own.example'"),
        (("routing:queue:view", "routing.queue.view"), "no domain:entity:action"),
    ],
    ids=["role", "member", "permission"],
)
def test_a_name_that_leads_nowhere_is_named(change: tuple[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Simulator(parse_seed(OWN.replace(*change)))


async def test_a_saved_organisation_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path, time = tmp_path / "state.json", VirtualTime()
    guest = await Guest(Simulator(clock=time, sleep=time.sleep, state_file=path), time).log_in()
    time.now = 10
    client = await guest.client("c", (await guest.role("r"), await guest.division("d")))
    guest.sim.save()
    assert path.stat().st_mode & 0o777 == 0o600

    again = Simulator(clock=time, sleep=time.sleep, state_file=path)
    assert again.snapshot() == guest.sim.snapshot()
    await Guest(again, time).log_in(client["id"], client["secret"])
    fresh = await (await Guest(again, time).log_in()).division("e")
    assert fresh not in json.dumps(guest.sim.snapshot())


async def test_it_is_saved_as_it_changes_but_not_at_every_step(tmp_path: Path) -> None:
    path, time = tmp_path / "state.json", VirtualTime()
    guest = await Guest(Simulator(clock=time, sleep=time.sleep, state_file=path), time).log_in()
    await guest.division("a")
    assert not path.exists()
    time.now = 1
    await guest.division("b")
    assert '"b"' in path.read_text()
    before = path.stat().st_mtime_ns
    time.now = 9
    await guest.get("users")
    assert path.stat().st_mtime_ns == before


async def test_reset_forgets_the_saved_state_too(tmp_path: Path) -> None:
    path, time = tmp_path / "state.json", VirtualTime()
    guest = await Guest(Simulator(clock=time, sleep=time.sleep, state_file=path), time).log_in()
    await guest.division("a")
    guest.sim.reset()
    assert Simulator(clock=time, state_file=path).snapshot()["divisions"] == guest.sim.snapshot()["divisions"]
    assert len(guest.sim.snapshot()["divisions"]) == 1


@pytest.mark.parametrize("content", ["{}", "[]", "x", '{"tables": {"nothing": {"a": {}}}}'])
def test_another_file_is_no_state(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(content)
    with pytest.raises(ValueError, match="no saved state"):
        Simulator(state_file=path)


def test_it_says_what_it_does_not_imitate() -> None:
    text = limits_text()
    assert text.startswith("It imitates:")
    assert "It does not imitate:" in text


def test_the_default_seed_is_the_same_every_time() -> None:
    first, second = (Simulator(default_seed(), clock=lambda: 0.0).snapshot() for _ in range(2))
    assert first == second


def test_real_dates_are_of_today_unless_the_clock_is_ours() -> None:
    def born(**settings: Any) -> str:
        return str(Simulator(**settings).snapshot()["clients"][0]["dateCreated"])

    assert born(clock=lambda: 0.0) == "2026-01-01T00:00:00.000Z"
    assert born() > "2026-01-02"
