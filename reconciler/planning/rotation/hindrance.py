"""What keeps a secret from being rotated now, as far as manifests and markers can tell."""

from __future__ import annotations

from reconciler.model.address import NEXT, Address
from reconciler.model.plan import Withheld
from reconciler.model.rotation import Move
from reconciler.model.state import Live, Resource
from reconciler.model.value import resolved
from reconciler.planning.binding import Scope
from reconciler.planning.succession import successor_of

GUARD = "rotate"

_APPLY = "apply first: `reconciler plan` shows what is pending"
_RECOVER = "deliver it first: `reconciler secrets recover`"
_ROTATE = "look again: `reconciler secrets rotate`; or end it: `reconciler secrets rotate --retire`"
_NO_HEIR = ("it has no successor", "rotate it first: `reconciler secrets rotate`")


def hindrance(resource: Resource, move: Move, found: Scope) -> Withheld | None:
    """Why `move` may not be made; None where nothing is in the way."""
    said = _of_entry(resource, found) or _of_objects(resource, move, found)
    return Withheld(GUARD, *said) if said else None


def _of_entry(resource: Resource, found: Scope) -> tuple[str, str] | None:
    if resource.upkeep is not None and resource.upkeep.external:
        return "its secret is external: somebody else keeps it", "name a sink of the Org document"
    if resource.destination is None:
        return "it has no secret of ours: no sink is named", "name a sink of the Org document"
    if resource.address in found.withheld:
        return found.withheld[resource.address].reason, found.withheld[resource.address].release
    if resource.address not in found.bound:
        return "it is not applied yet", _APPLY
    return ("it is not taken over yet", _APPLY) if resource.address in found.adopting else None


def _of_objects(resource: Resource, move: Move, found: Scope) -> tuple[str, str] | None:
    address = resource.address
    if (held := found.withheld.get(address.beside(NEXT))) is not None:
        return held.reason, held.release
    item, heir = found.bound[address], found.bound.get(address.beside(NEXT))
    said = _of_object(item, address) or (heir and _of_object(heir, address.beside(NEXT)))
    return said or _of_move(resource, move, (item, heir), found)


def _of_object(item: Live, address: Address) -> tuple[str, str] | None:
    if item.marker and item.marker.nonce:
        return f"the secret of {item.name} never arrived", _RECOVER
    if item.marker is None or item.marker.address != address:
        return "its marker names another address until now", _APPLY
    return None


def _of_move(
    resource: Resource, move: Move, objects: tuple[Live, Live | None], found: Scope
) -> tuple[str, str] | None:
    item, heir = objects
    if move == "retire":
        return _of_heir(resource, heir, found)
    if move == "redeliver":
        return _of_token(heir) if heir else _NO_HEIR
    if heir is not None:
        return "its successor stands: the rotation is under way", _ROTATE
    return _of_token(item) or (_of_birth(resource, item, found) if move == "succeed" else None)


def _of_birth(resource: Resource, item: Live, found: Scope) -> tuple[str, str] | None:
    if resource.pin:
        return "its manifest pins its id, and a successor has another", "remove `id`, or say `mode: in-place`"
    if not _as_declared(resource, item, found):
        return "it is not as declared, and its successor would be", _APPLY
    return None


def _of_token(item: Live) -> tuple[str, str] | None:
    if item.fields.get("state", "active") != "active":
        return f"{item.name} is not active: no token could prove a new secret", _APPLY
    return None


def _of_heir(resource: Resource, heir: Live | None, found: Scope) -> tuple[str, str] | None:
    if heir is None:
        return _NO_HEIR
    if not _as_declared(successor_of(resource), heir, found):
        return "its successor is not as declared", _APPLY
    return None


def _as_declared(resource: Resource, item: Live, found: Scope) -> bool:
    ids = found.ids()
    fields = {name: resolved(value, ids) for name, value in resource.fields.items()}
    return item.fields == fields and not item.elsewhere
