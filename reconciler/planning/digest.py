"""The digest: what a reviewer approves, the same for every reader and whatever order things came in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reconciler.model.consent import Ground, document
from reconciler.model.plan import FORMAT_VERSION, Change, Operation, Plan, change_document, operation_document
from reconciler.model.value import sha256


def digest_of(plan: Plan) -> str:
    """SHA-256, 64 hex digits, over the part of the plan that decides what happens.

    What a comparison tells is none: whoever applies has nothing to compare with, and plans the same.
    """
    return sha256(
        {
            "formatVersion": FORMAT_VERSION,
            "org": {"name": plan.org_name, "id": plan.organization_id},
            "only": sorted(plan.only),
            "allow": dict(plan.allow),
            "changes": [change_essence(change) for change in plan.changes],
            "access": {
                "gains": [list(item) for item in plan.access.gains],
                "losses": [list(item) for item in plan.access.losses],
            },
            "approval": document(_own_grounds(plan)),
            "operations": sorted(
                (operation_essence(item) for item in plan.operations), key=lambda item: item["id"]
            ),
        }
    )


def _own_grounds(plan: Plan) -> Iterator[Ground]:
    """Those that follow from the plan itself: of secrets, those that it delivers."""
    delivered = {str(each.address) for each in plan.operations if each.does == "deliver"}
    for each in plan.grounds:
        if each.consent != "policy" and (each.consent != "sink" or each.address in delivered):
            yield each


def change_essence(change: Change) -> dict[str, Any]:
    """A change without origin, profile and reasons; of what withholds it only the guard."""
    essence = change_document(change)
    del essence["origin"], essence["reason"], essence["profile"]
    essence["withheld"] = change.withheld.guard if change.withheld else None
    return essence


def operation_essence(operation: Operation) -> dict[str, Any]:
    """An operation without reasons."""
    essence = operation_document(operation)
    del essence["reason"]
    essence["after"] = sorted(f"{edge.id}?" if edge.whatever else edge.id for edge in operation.after)
    return essence
