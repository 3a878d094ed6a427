"""Plans as people would review them: any change of a plan document shows in a diff.

After an intended change run this file with UPDATE_GOLDEN=1 in the environment, then read the diff.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.plan import Plan, document
from tests.support.build import (
    FREE,
    HOME_BODY,
    WIDE,
    client,
    division,
    live,
    manifests,
    marked,
    metrics,
    plan,
    role,
    uid,
)

PLANS = Path(__file__).parents[1] / "golden/plans"
VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
OWN = {"role": "reader", "divisions": "own"}
WALLS = [
    {"key": "us", "name": "ACME-US", "description": "Acme, United States"},
    {"key": "ca", "name": "ACME-CA"},
]
US = marked(division(1, "ACME-US", "Acme, United States"), "acme/division/us")
CA = marked(division(2, "ACME-CA"), "acme/division/ca")
READER = marked(role(11, "Reader", VIEW), "org/role/reader")


def shared(*permissions: str) -> dict[str, Any]:
    return {"roles": [{"key": "reader", "name": "Reader", "permissions": permissions}]}


def acme(**more: Any) -> dict[str, Any]:
    return {"divisions": WALLS, "clients": [metrics(OWN)]} | more


def held(*pairs: Any, **flags: Any) -> dict[str, Any]:
    return marked(client(3, "acme-metrics", *pairs), "acme/client/metrics", **flags)


def onboarding() -> Plan:
    """A tenant's first day: everything is born, the client without access until its secret has arrived."""
    return plan(manifests(shared(VIEW), acme=acme()), live(divisions=[HOME_BODY]))


def settled() -> Plan:
    """Everything is as declared: nothing to do."""
    state = live(divisions=[HOME_BODY, US, CA], roles=[READER], clients=[held((11, 1), (11, 2))])
    return plan(manifests(shared(VIEW), acme=acme()), state)


def drift() -> Plan:
    """Somebody gave the client a pair by hand and changed the role."""
    grown = {**role(11, "Reader", VIEW, EDIT), "description": READER["description"]}
    by_hand = client(3, "acme-metrics", (11, 1), (11, 2), (12, 1))
    clients = [{**by_hand, "description": held((11, 1), (11, 2))["description"]}]
    state = live(divisions=[US, CA], roles=[grown, role(12, "Supervisor", EDIT)], clients=clients)
    return plan(manifests(shared(VIEW), policy=FREE, acme=acme()), state)


def widening() -> Plan:
    """A role grows while one client loses it in one division and keeps it in another."""
    narrowed = acme(clients=[metrics({"role": "reader", "divisions": ["us"]})])
    state = live(divisions=[US, CA], roles=[READER], clients=[held((11, 2))])
    return plan(manifests(shared(VIEW, EDIT), policy=FREE, acme=narrowed), state)


def withheld() -> Plan:
    """A conflict, a leak, and a client that waits."""
    leaking = {"key": "wide", "name": "Wide", "permissions": [WIDE]}
    clients = [metrics(OWN), metrics({"role": "wide", "divisions": ["us"]}, key="wide", name="acme-wide")]
    state = live(divisions=[US, division(2, "ACME-CA")], roles=[READER])
    return plan(manifests(shared(VIEW), acme=acme(roles=[leaking], clients=clients)), state)


def leaving() -> Plan:
    """A retired tenant with prune: grants go at once, the client is deactivated, empty divisions go."""
    state = live(
        divisions=[US, CA], roles=[READER], clients=[held((11, 1))], counts={uid(1): {}, uid(2): {"QUEUE": 7}}
    )
    return plan(manifests(shared(VIEW), policy={**FREE, "prune": True}, acme=acme(state="retired")), state)


@pytest.mark.parametrize("made", [onboarding, settled, drift, widening, withheld, leaving])
def test_a_plan_reads_as_reviewed(made: Callable[[], Plan]) -> None:
    path = PLANS / f"{made.__name__}.json"
    shown = {"about": made.__doc__, **document(made()), "manifestDigest": "not shown here"}
    text = json.dumps(shown, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), "run with UPDATE_GOLDEN=1 and read the diff"
