"""What a seed says was done before its first day: audits, and what clients called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.simulator import Simulator
from reconciler.simulator.seed import parse_seed
from tests.simulator.organisation import EVER
from tests.simulator.own import OWN

Row = dict[str, Any]


@pytest.fixture
def own() -> Simulator:
    return Simulator(parse_seed(OWN, "own.yaml"), clock=lambda: 0.0)


def told(sim: Simulator, **asked: Any) -> list[Row]:
    body = {"interval": EVER, "pageSize": 500} | asked
    rows: list[Row] = sim.edit("POST", "/api/v2/audits/query/realtime", body)[1]["entities"]
    return rows


def called(sim: Simulator, interval: str = EVER) -> list[tuple[str, str, int]]:
    path = "/api/v2/oauth/clients/viewer/usage/query"
    uri = sim.edit("POST", path, {"interval": interval})[1]["resultsUri"]
    rows = sim.edit("GET", uri)[1]["results"]
    return [(row["date"][:10], row["templateUri"], row["requests"]) for row in rows]


def test_audits_of_a_seed_are_told_oldest_first_and_before_what_is_done_now(own: Simulator) -> None:
    own.edit("POST", "/api/v2/authorization/roles", {"name": "New", "permissionPolicies": []})
    rows = told(own)
    assert [(row["entityType"], row["action"], row["entity"]["name"]) for row in rows] == [
        ("Queue", "Update", "Q"), ("Role", "MemberAdd", "Viewer"), ("Role", "Create", "New"),
    ]  # fmt: skip
    assert [row["user"]["name"] for row in rows] == ["Ada", "Eve", "Ada"]
    assert rows[0]["propertyChanges"] == [{"property": "description", "oldValues": [], "newValues": ["busy"]}]
    assert rows[0]["entity"]["id"] == own.snapshot()["queues"][0]["id"]
    assert [row["eventDate"][:10] for row in rows] == ["2025-05-01", "2025-06-01", "2026-01-01"]


def test_an_audit_of_a_seed_is_found_by_who_did_it_and_stands_alone(own: Simulator) -> None:
    (later,) = told(own, filters=[{"property": "Action", "value": "MemberAdd"}])
    path = "/api/v2/audits/query/realtime/related"
    assert own.edit("POST", path, {"auditId": later["id"]})[1]["entities"] == [later]


def test_what_a_client_called_before_counts_by_days_before_the_first(own: Simulator) -> None:
    assert called(own) == [("2025-12-31", "/api/v2/routing/queues", 40), ("2025-12-02", "/api/v2/users", 1)]
    assert called(own, "2025-12-20T00:00:00Z/2026-01-01T00:00:00Z") == [
        ("2025-12-31", "/api/v2/routing/queues", 40)
    ]


def test_the_past_survives_a_restart(own: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    Simulator(parse_seed(OWN), clock=lambda: 0.0, state_file=file).save()
    again = Simulator(clock=lambda: 0.0, state_file=file)
    assert (told(again), called(again)) == (told(own), called(own))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("entity: Viewer", "entity: Nobody", "audits (later): names 'Nobody', which is not among the roles"),
        ("by: eve@own.example", "by: eve@own", "audits (later): by: 'eve@own' is not the e-mail"),
        ("section: queues", "section: units", "audits[1] (sooner): section: expected one of"),
        ("daysAgo: 30", "daysAgo: -1", "usage[1]: daysAgo: expected a whole number from 0 to 365"),
    ],
)
def test_a_mistake_about_the_past_is_named(right: str, wrong: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^own\.yaml: ") as caught:
        Simulator(parse_seed(OWN.replace(right, wrong), "own.yaml"))
    assert said in str(caught.value)
