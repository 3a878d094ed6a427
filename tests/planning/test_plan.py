"""The plan as a whole: what it says, what its digest covers, and what it leaves alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import UsageError
from reconciler.model.address import Selector
from reconciler.model.manifest import Manifests
from reconciler.model.plan import FieldChange, Plan, document
from reconciler.model.state import LiveState, Reading
from reconciler.planning.approve import reviewed_in
from reconciler.planning.digest import digest_of
from tests.support.build import (
    FREE,
    HOME_BODY,
    client,
    division,
    guards,
    live,
    manifests,
    marked,
    metrics,
    plan,
    role,
    uid,
)

VIEW, EDIT = "routing:queue:view", "routing:queue:edit"
ACME: dict[str, Any] = {
    "divisions": [{"key": "us", "name": "US"}, {"key": "ca", "name": "CA"}],
    "roles": [{"key": "r", "name": "R", "permissions": [VIEW, EDIT]}],
    "clients": [metrics({"role": "r", "divisions": "own"})],
}
GLOBEX: dict[str, Any] = {"divisions": [{"key": "g", "name": "G"}]}


def wanted(**policy: Any) -> Manifests:
    return manifests(policy=FREE | policy, acme=ACME, globex=GLOBEX)


def there() -> LiveState:
    return live(
        divisions=[HOME_BODY, marked(division(1, "US"), "acme/division/us"), division(7, "Theirs")],
        roles=[marked(role(11, "R", VIEW), "acme/role/r")],
        clients=[marked(client(3, "acme-metrics", (11, 1), (8, 9)), "acme/client/metrics")],
    )


def test_the_summary_counts_objects_by_what_becomes_of_them() -> None:
    made = plan(wanted(), there())
    assert made.summary._asdict() == {
        "create": 2,
        "update": 2,
        "delete": 0,
        "adopt": 0,
        "revoke": 0,
        "withheld": 0,
        "orphans": 0,
        "unchanged": 1,
    }
    assert made.unmanaged == {"divisions": ("Theirs",), "roles": (), "clients": ()}


def test_the_plan_document_is_json_and_complete() -> None:
    made = plan(wanted(), there())
    shown = document(made)
    assert json.loads(json.dumps(shown)) == shown
    assert shown["digest"] == made.digest == digest_of(made)
    assert len(made.digest) == 64
    assert shown["estimate"]["requests"] > 0
    assert made.names[uid(3)] == "acme-metrics"


def test_access_is_told_by_addresses() -> None:
    made = plan(wanted(), there())
    assert {item.subject for item in made.access.gains} == {"acme/client/metrics"}
    assert {item.via for item in made.access.gains} == {"acme/role/r"}


def shuffled(state: LiveState, order: Any) -> LiveState:
    readings = {
        name: Reading(tuple(order(list(reading.objects))))
        for name, reading in reversed(list(state.readings.items()))
    }
    return replace(state, readings=readings)


@given(data=st.data())
def test_the_digest_is_the_same_in_any_order_of_files_and_pages(data: st.DataObject) -> None:
    def order(items: list[Any]) -> list[Any]:
        return data.draw(st.permutations(items))

    asked = wanted()
    tenants = tuple(
        replace(
            owner, sections={name: tuple(order(list(entries))) for name, entries in owner.sections.items()}
        )
        for owner in order(list(asked.tenants))
    )
    made, other = plan(asked, there()), plan(replace(asked, tenants=tenants), shuffled(there(), order))
    assert (other.digest, other.manifest_digest) == (made.digest, made.manifest_digest)
    assert other.operations == made.operations


def test_the_digest_is_the_same_for_any_hash_seed() -> None:
    code = "from tests.planning.test_plan import *; print(plan(wanted(), there()).digest)"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "7")
    }
    assert digests == {plan(wanted(), there()).digest + "\n"}


def test_the_digest_ignores_when_and_by_what_it_was_made() -> None:
    made = plan(wanted(), there())
    later = plan(wanted(), there(), created_at="later", tool="9", today=date(2030, 1, 1))
    assert later.digest == made.digest


def _with_change(made: Plan, **fields: Any) -> Plan:
    return replace(made, changes=(replace(made.changes[0], **fields), *made.changes[1:]))


def _with_operation(made: Plan, **fields: Any) -> Plan:
    return replace(made, operations=(replace(made.operations[0], **fields), *made.operations[1:]))


@pytest.mark.parametrize(
    "edited",
    [
        lambda made: _with_change(made, action="delete"),
        lambda made: _with_change(made, id="other"),
        lambda made: _with_change(made, name="other"),
        lambda made: _with_change(made, cause="drift"),
        lambda made: _with_change(made, fields=(FieldChange("name", 1, 2),)),
        lambda made: _with_operation(made, body={"x": 1}),
        lambda made: _with_operation(made, path="/elsewhere"),
        lambda made: _with_operation(made, method="DELETE"),
        lambda made: replace(made, operations=made.operations[1:]),
        lambda made: replace(made, changes=made.changes[1:]),
        lambda made: replace(made, access=replace(made.access, gains=())),
        lambda made: replace(made, only=("acme",)),
        lambda made: replace(made, allow={"gains": 1}),
        lambda made: replace(made, organization_id="other"),
        lambda made: replace(made, org_name="other"),
    ],
)
def test_whatever_would_be_done_differently_shows_in_the_digest(edited: Any) -> None:
    made = plan(wanted(), there())
    assert digest_of(edited(made)) != made.digest


@pytest.mark.parametrize(
    "edited",
    [
        lambda made: _with_change(made, reason="other", origin=None),
        lambda made: _with_operation(made, reason="other"),
        lambda made: replace(made, findings=(), unmanaged={}, names={}, orphans=("x",)),
    ],
)
def test_what_is_only_said_does_not(edited: Any) -> None:
    made = plan(wanted(), there())
    assert digest_of(edited(made)) == made.digest


def test_only_plans_what_is_selected() -> None:
    made = plan(wanted(), there(), only=(Selector("globex"), Selector("acme", "role")))
    assert [str(item.address) for item in made.changes] == ["acme/role/r", "globex/division/g"]
    assert made.only == ("globex", "acme/role")


def test_a_selector_that_selects_nothing_is_a_mistake() -> None:
    with pytest.raises(UsageError, match=r"did you mean `globex`\?"):
        plan(wanted(), there(), only=(Selector("globx"),))


def test_what_left_the_manifests_can_still_be_selected() -> None:
    gone = marked(client(9, "old"), "initech/client/old")
    assert plan(wanted(), live(clients=[gone]), only=(Selector("initech"),)).changes == ()


def test_what_nobody_reviewed_is_withheld_and_what_needs_it_waits() -> None:
    full = plan(wanted(), live())
    partly = replace(full, changes=tuple(item for item in full.changes if item.address.kind != "division"))
    partly = replace(partly, digest=digest_of(partly))
    made = plan(wanted(), live(), reviewed=reviewed_in([partly], full.organization_id))
    assert guards(made) == {
        "acme/division/ca": "not-reviewed",
        "acme/division/us": "not-reviewed",
        "globex/division/g": "not-reviewed",
        "acme/client/metrics": "waiting",
    }
    whole = plan(wanted(), live(), reviewed=reviewed_in([full], full.organization_id))
    assert whole.digest == full.digest


def test_a_marker_that_says_something_old_is_refreshed_and_nothing_else() -> None:
    body = marked(division(1, "US"), "acme/division/us", hash8="1" * 8)
    made = plan(manifests(acme={"divisions": ACME["divisions"][:1]}), live(divisions=[body]))
    (change,) = made.changes
    assert (change.action, change.reason, change.fields, made.access.gains) == ("update", "marker", (), ())
    unknown = marked(division(1, "US"), "acme/division/us", hash8="2" * 8)
    assert plan(manifests(acme={"divisions": ACME["divisions"][:1]}), live(divisions=[unknown])).changes == ()


def test_a_secret_that_never_arrived_is_a_reason_of_its_own() -> None:
    body = marked(client(3, "acme-metrics"), "acme/client/metrics", nonce="0a1b2c3d")
    made = plan(manifests(acme={"clients": [metrics()]}), live(clients=[body]))
    assert [item.reason for item in made.changes] == ["its secret never arrived"]
    assert [item.does for item in made.operations] == ["request", "deliver", "request", "prove"]


def test_expired_shares_and_suspension_are_given_as_reasons() -> None:
    body = marked(client(3, "acme-metrics", (11, 1)), "acme/client/metrics")
    made = plan(
        manifests(acme={**ACME, "state": "suspended"}),
        live(divisions=[marked(division(1, "US"), "acme/division/us")], clients=[body]),
    )
    (change,) = [item for item in made.changes if item.address.kind == "client"]
    assert (change.action, change.cause) == ("revoke", "manifest")
    assert change.reason == "the manifest changed: its tenant is suspended"
