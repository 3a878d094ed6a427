"""What was approved to be born may be finished by the same approval, and by no other."""

from __future__ import annotations

from dataclasses import replace

from reconciler.kinds import REGISTRY
from reconciler.model.manifest import Manifests
from reconciler.model.plan import Plan
from reconciler.planning.approve import NOT_REVIEWED, reviewed_in
from reconciler.planning.plan import make
from tests.planning.pretend import Organisation
from tests.support.build import CONFINED, ORG_ID, manifests, options


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
