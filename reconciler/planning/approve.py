"""Approval: which changes of a fresh plan are contained in what people reviewed.

Plans may be reviewed apart and applied together: a change runs when any reviewed plan holds it,
to the letter but for reasons and origins. Everything else is withheld as not reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from reconciler.errors import StalePlan
from reconciler.model.address import Address
from reconciler.model.plan import Change, FieldChange, Operation, Plan
from reconciler.model.secret import Destination
from reconciler.model.value import Json, canonical
from reconciler.planning.diff import first_fields
from reconciler.planning.digest import change_essence, digest_of
from reconciler.planning.draft import Draft

NOT_REVIEWED = "not-reviewed"
"""The guard that holds back what no reviewed plan contains."""


class Reviewed(NamedTuple):
    """What people approved: `changes` in canonical form, and by address what was to be `born`.

    `deliveries` are the places that secrets were to go to, by address: never to another one.
    """

    changes: frozenset[str]
    born: Mapping[Address, tuple[FieldChange, ...]]
    deliveries: frozenset[tuple[Address, Destination]]


def reviewed_in(plans: Iterable[Plan], organization_id: str) -> Reviewed:
    """The union of what runs in these plans.

    Raises:
        StalePlan: a plan does not match its own digest, or is another organisation's.
    """
    changes: set[str] = set()
    born: dict[Address, tuple[FieldChange, ...]] = {}
    deliveries: set[tuple[Address, Destination]] = set()
    for plan in plans:
        if digest_of(plan) != plan.digest:
            raise StalePlan(
                f"the plan of {plan.created_at} does not match its own digest",
                remedy="it was edited or cut; make it again with `reconciler plan --out FILE`",
            )
        if plan.organization_id != organization_id:
            raise StalePlan(
                f"the plan of {plan.created_at} is of organisation {plan.organization_id}, not of ours",
                remedy="apply it with that organisation's manifests and credentials",
            )
        changes.update(essence(change) for change in plan.running)
        born |= {change.address: change.fields for change in plan.running if change.action == "create"}
        deliveries.update(_deliveries(plan.operations))
    return Reviewed(frozenset(changes), born, frozenset(deliveries))


def _deliveries(operations: Iterable[Operation]) -> Iterator[tuple[Address, Destination]]:
    """As they stand in a file: one that lacks a word, as in plans of earlier versions, equals no other."""
    for item in operations:
        if item.does == "deliver":
            said = item.body if isinstance(item.body, dict) else {}
            words = (str(said.get(name, "")) for name in ("sink", "path", "store"))
            yield item.address, Destination(*words)


def essence(change: Change) -> str:
    """A change in the form in which it is compared."""
    return canonical(change_essence(change))


def require_digest(plan: Plan, approved: str) -> None:
    """Refuse a plan of another digest than the approved one.

    Raises:
        StalePlan: with both digests.
    """
    if plan.digest != approved.removeprefix("sha256:"):
        raise StalePlan(
            f"the plan's digest is sha256:{plan.digest}, approved was {approved}",
            remedy="the organisation or the manifests moved since; review the new plan and its digest",
        )


def require_contained(reviewed: Reviewed, fresh: Plan) -> None:
    """Refuse when nothing of what was reviewed would still run, saying what moved.

    Raises:
        StalePlan: the changes that are planned now and were not reviewed.
    """
    if not reviewed.changes or fresh.running:
        return
    new = [item for item in fresh.withheld if item.withheld and item.withheld.guard == NOT_REVIEWED]
    if not new:
        return
    moved = ", ".join(f"{change.address} ({change.action})" for change in new[:8])
    raise StalePlan(
        f"nothing of what was reviewed would still run; planned now: {moved}",
        remedy="plan again and have that plan reviewed",
    )


def not_reviewed(drafts: list[Draft], reviewed: Reviewed | None, ids: Mapping[Address, str]) -> list[Draft]:
    """Withhold each change that no reviewed plan contains; None reviews everything.

    Finishing a birth is contained in the plan that approved it, if it leads to the same. A secret goes to
    no other place than one that was reviewed for it.
    """
    if reviewed is None:
        return drafts
    addresses = {identity: str(address) for address, identity in ids.items()}
    return [_judged(draft, reviewed, addresses) for draft in drafts]


def _judged(draft: Draft, reviewed: Reviewed, addresses: Mapping[str, str]) -> Draft:
    release = "have a plan that contains it reviewed"
    if essence(draft.change) not in reviewed.changes and not _finishes_approved(draft, reviewed, addresses):
        return draft.withhold(NOT_REVIEWED, "no reviewed plan has it", release)
    place = draft.delivery
    if place is not None and (draft.change.address, place) not in reviewed.deliveries:
        where = f"{place.sink} {place.path} ({place.store})"
        return draft.withhold(NOT_REVIEWED, f"no reviewed plan sends its secret to {where}", release)
    return draft


def _finishes_approved(draft: Draft, reviewed: Reviewed, addresses: Mapping[str, str]) -> bool:
    approved = reviewed.born.get(draft.change.address)
    if draft.recovers and draft.change.action in ("delete", "revoke"):
        return True  # a twin of ours that nobody ever had the secret of
    if approved is None or not draft.recovers or draft.after is None:
        return False
    return _by_address(approved, addresses) == _by_address(first_fields(draft.after), addresses)


def _by_address(fields: tuple[FieldChange, ...], addresses: Mapping[str, str]) -> str:
    """Fields with addresses for ids: what was unknown when it was approved has an id by now."""
    return canonical([[change.path, _open(change.desired, addresses)] for change in fields])


def _open(value: Json, addresses: Mapping[str, str]) -> Json:
    if isinstance(value, list):
        return sorted((_open(item, addresses) for item in value), key=canonical)
    if isinstance(value, dict):
        return value.get("$ref", value)
    return addresses.get(value, value) if isinstance(value, str) else value
