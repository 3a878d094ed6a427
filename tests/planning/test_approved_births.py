"""What was approved to be born may be finished by the same approval, and by no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.kinds import REGISTRY
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Plan
from reconciler.planning.approve import NOT_REVIEWED, reviewed_in
from reconciler.planning.digest import digest_of
from reconciler.planning.plan import make
from tests.planning.pretend import Organisation
from tests.support.build import CONFINED, ORG_ID, VAULT, manifests, options


def _tenant(divisions: list[str]) -> Manifests:
    client = {"key": "pull", "grants": [{"role": "ra", "divisions": divisions}], "secret": {"sink": "vault"}}
    return manifests(
        acme={
            "divisions": [{"key": key, "name": f"acme-{key}"} for key in ("us", "ca")],
            "roles": [{"key": "ra", "name": "RA", "permissions": [CONFINED[0]]}],
            "clients": [client],
        }
    )


def _plan(wanted: Manifests, there: Organisation, approved: Plan | None = None) -> Plan:
    reviewed = reviewed_in([approved], ORG_ID) if approved else None
    return make(wanted, there.reading(), replace(options(), reviewed=reviewed), REGISTRY)


def _interrupted(plan: Plan) -> Organisation:
    """The organisation after everything but what follows the client's birth."""
    there = Organisation()
    there.run(item for item in plan.operations if item.id.endswith(":create"))
    return there


def test_the_plan_that_approved_a_birth_also_finishes_it() -> None:
    wanted = _tenant(["us"])
    approved = _plan(wanted, Organisation())

    again = _plan(wanted, _interrupted(approved), approved)

    assert [str(change.address) for change in again.running] == ["acme/client/pull"]
    assert again.withheld == ()


def test_a_birth_is_not_finished_with_more_than_was_approved() -> None:
    approved = _plan(_tenant(["us"]), Organisation())

    again = _plan(_tenant(["us", "ca"]), _interrupted(approved), approved)

    assert again.running == ()
    assert [change.withheld.guard for change in again.withheld if change.withheld] == [NOT_REVIEWED]


MOVED: dict[str, dict[str, Any]] = {
    "path": {"settings": {"mount": "kv", "path": "elsewhere/{tenant}/{key}"}},
    "mount": {"settings": {"mount": "other", "path": "bpo/{tenant}/{key}"}},
    "type": {"type": "aws", "settings": {"mount": "kv", "path": "bpo/{tenant}/{key}"}},
}


def _with_sink(wanted: Manifests, **changed: Any) -> Manifests:
    sink = replace(VAULT, settings={"mount": "kv", "path": "bpo/{tenant}/{key}"})
    return replace(wanted, org=replace(wanted.org, sinks={"vault": replace(sink, **changed)}))


@pytest.mark.parametrize("moved", MOVED)
@pytest.mark.parametrize("interrupted", [False, True], ids=["birth", "recovery"])
def test_no_secret_goes_elsewhere_than_was_reviewed(moved: str, interrupted: bool) -> None:
    """The marker knows nothing of sinks, so no change of the client shows that its sink is another one."""
    wanted = _with_sink(_tenant(["us"]))
    approved = _plan(wanted, Organisation())
    there = _interrupted(approved) if interrupted else Organisation()

    again = _plan(_with_sink(wanted, **MOVED[moved]), there, approved)

    withheld = {str(each.address): each.withheld for each in again.withheld}
    held = withheld["acme/client/pull"]
    assert held is not None and held.guard == NOT_REVIEWED and "sends its secret to" in held.reason
    assert [each for each in again.operations if each.does == "deliver"] == []


@pytest.mark.parametrize("moved", MOVED)
def test_a_digest_is_of_where_secrets_go(moved: str) -> None:
    wanted = _with_sink(_tenant(["us"]))
    plans = [_plan(each, Organisation()) for each in (wanted, _with_sink(wanted, **MOVED[moved]))]
    assert plans[0].digest != plans[1].digest


def test_what_does_not_say_where_it_delivers_is_no_approval_of_a_delivery() -> None:
    """Such is a plan of an earlier version."""
    wanted = _with_sink(_tenant(["us"]))
    approved = _plan(wanted, Organisation())
    bodies = {"sink": "vault", "path": "bpo/acme/pull"}, ["made-up"]
    for body in bodies:
        older = replace(
            approved,
            operations=tuple(
                replace(each, body=body) if each.does == "deliver" else each for each in approved.operations
            ),
        )
        again = _plan(wanted, Organisation(), replace(older, digest=digest_of(older)))
        assert "acme/client/pull" in {str(each.address) for each in again.withheld}
