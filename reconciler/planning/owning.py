"""Owning: a role of its own for whoever was granted one that is not ours, as far as divisions confine it."""

from __future__ import annotations

from reconciler.model.access import ROLE_FIELD
from reconciler.model.address import ORG, Address
from reconciler.model.patch import Edit
from reconciler.planning.adopting import SPELLED, Made, confined
from reconciler.planning.yard import Yard, top


def own_role(role: str, holder: str, at: Address, yard: Yard) -> Made:
    """A role of its own for a declared holder, and the grants that name it; () where none does."""
    registry = yard.situation.registry
    item, written, kind = yard.live(role), yard.entries[at], registry[yard.role_kind]
    lines = [
        line
        for line in registry[at.kind].grants(written.spec)
        if role in {yard.found.references.get(each) for each in _meant(line.role, at.owner, kind.name)}
    ]
    document = yard.documents.get(at.owner)
    if not lines or item is None or document is None:
        return ()
    if written.origin[:2] != document.origin[:2]:
        return "its grants stand in a profile, for every tenant that has it"
    name = f"{yard.people.name(holder)} {item.name}"
    permissions = sorted({permission for permission, _ in confined(item, yard)})
    if not permissions:
        return f"divisions confine nothing of what {item.name} allows"
    key = yard.key_for(kind.name, name)
    spec = kind.spec.model_validate({"key": key, "name": name, "permissions": permissions})
    note = SPELLED.format(said=item.name)
    added = Edit("add", ("spec", kind.section), spec, note=note, at=(top(document),))
    return (
        added,
        *(Edit("put", (*line.steps, ROLE_FIELD), key, line.role, at=(written.origin,)) for line in lines),
    )


def _meant(reference: str, owner: str, kind: str) -> list[Address]:
    """What a reference to a role may mean."""
    first, slash, key = reference.partition("/")
    return [Address(first, kind, key)] if slash else [Address(owner, kind, first), Address(ORG, kind, first)]
