"""Every mistake in a seed is said with its file and its entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.simulator import Simulator, load_seed
from reconciler.simulator.seed import parse_seed
from tests.simulator.own import OWN

TEAM = "role: Viewer, divisions: [West]"
MISTAKES = {
    "organisation: unknown 'title'": ("name: Own", "title: Own"),
    "needs organisation with id and name": (
        "organisation: {id: 11111111-1111-1111-1111-111111111111, name: Own}", "",
    ),
    "unknown 'ques'; known: ": ("queues:", "ques:"),
    "exactly one division must say home": ("home: true", "home: false"),
    "queues[0]: 'name' is missing": ("{name: Q, ", "{"),
    "queues[0] (Q): unknown 'divison'; known: codes, description, division": (
        "division: West}]\ncl", "divison: West}]\ncl",
    ),
    "not YAML": ("clients:", "clients: ]"),
    "the mapping that begins in line 2 has 'queues' twice": ("settings:", "queues: []\nsettings:"),
    "roles[0] (Viewer): permissions[0]: 'routing.queue.view' is no domain:entity:action": (
        "routing:queue:view", "routing.queue.view",
    ),
    "permissions[1]: unknown 'conditions'; known: condition, permission": ("condition:", "conditions:"),
    "groups[0] (Team): grants[0]: 'divisions' is missing": (TEAM, "role: Viewer"),
    "groups[0] (Team): grants[0]: divisions: expected a list, not 'West'": (
        TEAM, "role: Viewer, divisions: West",
    ),
    "clients[0] (view-only): tokenSeconds: expected a whole number from 300 to 38880000, not 30": (
        "tokenSeconds: 600", "tokenSeconds: 30",
    ),
    "clients[1] (old): state: expected one of active, disabled, inactive, not 'asleep'": (
        "name: old, state: inactive", "name: old, state: asleep",
    ),
    "clients[1] (old): dateToDelete: expected a date": ("dateToDelete: 2025-12-20", "dateToDelete: soon"),
    "users[0] ( ): name: must not be blank": ("name: Ada,", 'name: " ",'),
    "groups[1] (Quiet): rolesEnabled: expected true or false, not 'off'": (
        "rolesEnabled: false", 'rolesEnabled: "off"',
    ),
    "queues[0] (7): name: expected text, not 7": ("{name: Q, ", "{name: 7, "),
    "queues: expected a list, not {'Q': 'West'}": (
        "queues: [{name: Q, division: West}]", "queues: {Q: West}",
    ),
    "base: no bundled seed is called 'nobody'; bundled are: bare, ": ("settings:", "base: nobody\nsettings:"),
}  # fmt: skip


@pytest.mark.parametrize("told", MISTAKES)
def test_a_mistake_in_a_seed_is_named_with_its_file_and_place(told: str) -> None:
    change = MISTAKES[told]
    assert change[0] in OWN
    with pytest.raises(ValueError, match=r"^own\.yaml: ") as caught:
        parse_seed(OWN.replace(*change), "own.yaml")
    assert told in str(caught.value)


ASTRAY = {
    "groups (Team): names 'Vewer', which is not among the roles": (TEAM, "role: Vewer, divisions: [West]"),
    "groups (Team): members: 'eve@own' is not the e-mail of one of its users": (
        "members: [ada@own.example]", "members: [eve@own]",
    ),
    "queues (Q): names 'Wset', which is not among the divisions": ("Q, division: West", "Q, division: Wset"),
    "queues (Q): names 'Gone', which is not among the divisions": ("Q, division: West", "Q, division: Gone"),
    "clients (old): createdBy: 'bob@own' is not": ("createdBy: ada@own.example", "createdBy: bob@own"),
    "clients (view-only): only a CLIENT-CREDENTIALS client has roleDivisions": (
        "tokenSeconds: 600", "grantType: CODE",
    ),
    "groups (Team): through: client is said of clients only": (TEAM, TEAM + ", through: client"),
    "roles (Evaluator): a condition names 'R', which is not among the queues": ("queue: Q", "queue: R"),
    "divisions (Home): the home division cannot be deleted": ("home: true", "home: true, deleted: true"),
}  # fmt: skip


@pytest.mark.parametrize("told", ASTRAY)
def test_a_name_that_leads_nowhere_is_named_with_its_file_and_entry(told: str) -> None:
    change = ASTRAY[told]
    assert change[0] in OWN
    with pytest.raises(ValueError, match=r"^own\.yaml: ") as caught:
        Simulator(parse_seed(OWN.replace(*change), "own.yaml"))
    assert told in str(caught.value)


TWICE = {
    "clients (old): another of the clients has this name; give one of them an id": (
        "clients:", "clients:\n  - {name: old}",
    ),
    "divisions (WEST): another of the divisions has the name 'west'": (
        "{name: Gone", "{name: WEST}, {name: Gone",
    ),
    "users (Eve): another of the users has the email 'ada@own.example'": ("email: eve@", "email: ada@"),
    "queues (R): another of the queues has the id 'q'": (
        "queues: [{name: Q,", "queues: [{name: P, id: q}, {name: R, id: q}, {name: Q,",
    ),
    "only one client may say operator: true": (
        "clients:", "clients:\n  - {name: a, operator: true}\n  - {name: b, operator: true}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("told", TWICE)
def test_what_stands_twice_is_named(told: str) -> None:
    with pytest.raises(ValueError, match=r"^own\.yaml: ") as caught:
        parse_seed(OWN.replace(*TWICE[told]), "own.yaml")
    assert told in str(caught.value)


def test_of_two_clients_with_one_name_one_needs_an_id() -> None:
    two = OWN.replace("clients:", "clients:\n  - {name: old, id: older}")
    names = [row["name"] for row in Simulator(parse_seed(two)).snapshot()["clients"]]
    assert names == ["old", "view-only", "old"]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"own\.yaml: not UTF-8 text"):
        load_seed(path)
