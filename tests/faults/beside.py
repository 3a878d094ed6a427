"""Scenarios with somebody beside what is declared who is to lose something before that can change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.faults.scenario import EDIT, PLANNER, READER, VIEW, Scenario, client, organisation, tenant

Edit = Callable[..., Any]
METRICS = client("metrics", ("reader", "main"))


def _awaited() -> Scenario:
    """What is taken over now loses a role in the run after: until then it cannot grow, and a group waits."""

    def hands(edit: Edit) -> None:
        body = {"name": "acme-old", "authorizedGrantType": "CLIENT-CREDENTIALS"}
        edit("POST", "oauth/clients", {**body, "roleDivisions": _pairs_of("acme-metrics", edit)})

    first = organisation(tenant("acme", METRICS), tenant("globex", METRICS))
    taken = client("old", adopt=True, secret={"sink": "external"})
    pairs = [{"role": "reader", "divisions": ["main"]}]
    people = {"key": "planners", "subject": {"group": "Planners"}, "pairs": pairs}
    then = organisation(
        tenant("acme", METRICS, taken),
        tenant("globex", METRICS, grants=[people]),
        roles=({**READER, "permissions": [VIEW, EDIT]}, PLANNER),
    )
    return Scenario("role-waits", then, first, hands, adopts=frozenset({"acme-old"}))


def _succeeded() -> Scenario:
    """Beside a client stands its half-born successor, which somebody gave what no manifest does."""
    plans = client("plans", ("planner", "main"))
    standing = organisation(tenant("acme", client("metrics"), plans))

    def hands(edit: Edit) -> None:
        marker = "[reconciler:northwind/acme/client/metrics~next@a0000000#dead0000]"
        body = {"name": "acme-metrics (next)", "authorizedGrantType": "CLIENT-CREDENTIALS"}
        pairs = {"roleDivisions": _pairs_of("acme-plans", edit)}
        edit("POST", "oauth/clients", {**body, **pairs, "state": "inactive", "description": marker})

    return Scenario("successor-half-born", standing, standing, hands)


def _pairs_of(name: str, edit: Edit) -> Any:
    rows = edit("GET", "oauth/clients")["entities"]
    return next(row["roleDivisions"] for row in rows if row["name"] == name)


BESIDE = (_awaited(), _succeeded())
