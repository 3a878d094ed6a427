"""The changes of a rotation. Each leaves a client with a secret that its sink holds, whenever it is cut.

`renew` replaces the secret of a client and changes nothing else, not even what its marker says was last
written. `succeed` lets a second client be born beside it, as every client is; `redeliver` renews that one's
secret, where the sink does not hold the last. `retire` takes all access from the first and deactivates it;
then the second has its address. What a crash leaves is finished by the next run, from the markers alone: a
nonce that stands, or a successor without a predecessor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.model.address import NEXT, OLD, Address
from reconciler.model.kind import Action, Registry, Work, kept_nonce
from reconciler.model.plan import Change
from reconciler.model.rotation import Move
from reconciler.model.state import Live, Resource
from reconciler.model.value import Fields, resolved
from reconciler.planning.binding import Scope
from reconciler.planning.diff import field_changes, first_fields
from reconciler.planning.draft import Draft, stays_suspended
from reconciler.planning.guard import Situation
from reconciler.planning.rotation.hindrance import hindrance
from reconciler.planning.succession import called, successor_of
from reconciler.planning.twins import is_switched_off

RENEWED = "its secret is made anew"
RESUMED = "its new secret never arrived"
BORN = "declared, not in the organisation: the successor of {address}"
RETIRED = "its successor has taken over: it loses its grants and is deactivated"
PROMOTED = "it takes the place of its predecessor: moved from {address}"


def born_by(asked: Mapping[Address, Move] | None) -> tuple[Address, ...]:
    """The entries that are to have a successor."""
    return tuple(address for address, move in (asked or {}).items() if move == "succeed")


def moves(situation: Situation, found: Scope) -> list[Draft]:
    """The changes that `options.rotate` asks for, by address; what may not be done now is withheld."""
    asked = situation.options.rotate or {}
    resources = situation.desired.resources
    chosen = (resources[address] for address in sorted(asked) if address in resources)
    return [
        draft for resource in chosen for draft in _made(resource, asked[resource.address], situation, found)
    ]


def _made(resource: Resource, move: Move, situation: Situation, found: Scope) -> Iterator[Draft]:
    obstacle = hindrance(resource, move, found) or situation.options.held.get(resource.address)
    item = found.bound.get(resource.address)
    if item is None:
        return  # nothing is there that could be shown as held back
    if obstacle is not None:
        yield _renewal(resource, item, situation).withhold(*obstacle)
    elif move == "renew":
        yield _renewal(resource, item, situation)
    elif move == "redeliver":
        heir = successor_of(resource)
        yield _renewal(heir, found.bound[heir.address], situation)
    elif move == "succeed":
        yield _birth(resource, situation, found)
    else:
        yield from _succession(resource, item, situation, found)


def _renewal(resource: Resource, item: Live, situation: Situation) -> Draft:
    change = Change(
        *(resource.address, "update", item.name, item.id, "manifest", RENEWED), origin=resource.origin
    )
    said = item.marker is not None and item.marker.suspended
    work = _work(resource, item, item.fields, situation)._replace(renew=True, suspended=said)
    return Draft(change, item, item.fields, work)


def _birth(resource: Resource, situation: Situation, found: Scope) -> Draft:
    heir = successor_of(resource)
    fields = _fields(heir, found)
    reason = BORN.format(address=resource.address)
    change = Change(
        *(heir.address, "create", heir.name, "", "manifest", reason, first_fields(fields)),
        origin=resource.origin,
    )
    return Draft(change, None, fields, _work(resource, None, fields, situation))


def _succession(resource: Resource, item: Live, situation: Situation, found: Scope) -> Iterator[Draft]:
    second = situation.registry[item.kind].collection.second
    assert second is not None  # what has a secret holds pairs
    gone = {
        **item.fields,
        "name": called(resource.name, OLD),
        "state": "inactive",
        second.field: frozenset[object](),
    }
    yield _written(resource, item, gone, OLD, RETIRED, situation)
    heir = found.bound[resource.address.beside(NEXT)]
    reason = PROMOTED.format(address=resource.address.beside(NEXT))
    yield _written(resource, heir, {**heir.fields, "name": resource.name}, "", reason, situation)


def _written(
    resource: Resource, item: Live, after: Fields, part: str, reason: str, situation: Situation
) -> Draft:
    change = Change(
        address=resource.address.beside(part),
        action="revoke" if part == OLD else "update",
        name=item.name,
        id=item.id,
        cause="manifest",
        reason=reason,
        fields=field_changes(item.fields, after),
        origin=None if part == OLD else resource.origin,  # from now on nothing declares it
    )
    return Draft(change, item, after, _work(resource, item, after, situation)._replace(action=change.action))


def _work(resource: Resource, item: Live | None, after: Fields, situation: Situation) -> Work:
    desired = situation.desired
    stays = stays_suspended(item, resource.address.owner, desired)
    action: Action = "update" if item else "create"
    return Work(action, item, after, resource.destination, desired.org.new_clients, stays)


def _fields(resource: Resource, found: Scope) -> Fields:
    ids = found.ids()
    return {name: resolved(value, ids) for name, value in resource.fields.items()}


def recoveries(drafts: Iterable[Draft], registry: Registry) -> list[Draft]:
    """Of `drafts` those that deliver what never arrived, and nothing else."""
    owed = (draft for draft in drafts if draft.live and kept_nonce(draft.live) and draft.change.origin)
    return [resumed for draft in owed if (resumed := _resumed(draft, registry)).recovers]


def _resumed(draft: Draft, registry: Registry) -> Draft:
    """Without what else the manifests want of a client that works already."""
    live = draft.live
    if live is None or _is_being_born(live, draft.after or {}, registry):
        return draft  # nobody uses it yet: its birth is finished as declared
    change = replace(draft.change, action="update", fields=(), cause="manifest", reason=RESUMED)
    work = draft.work._replace(action="update", after=live.fields, renew=True)
    return replace(draft, change=change, after=live.fields, work=work)


def _is_being_born(live: Live, declared: Fields, registry: Registry) -> bool:
    """Whether it is switched off, or active without any of the pairs it is to have (`newClients`)."""
    collection = registry[live.kind].collection
    holds, should_hold = (collection.retired(each, False) != each for each in (live.fields, declared))
    return is_switched_off(collection, live.fields) or (should_hold and not holds)
