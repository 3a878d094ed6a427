"""Entries: what a manifest would have to say to mean an object, and whether it can say that.

Found by trying: the entry is written, read as loading reads it, and must come to the very same fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import timedelta
from typing import Any, NamedTuple

from pydantic import ValidationError

from reconciler.model.access import EVERYWHERE, ROLE_FIELD
from reconciler.model.address import ORG, Address
from reconciler.model.kind import AnyKind, Said
from reconciler.model.rule import Rule
from reconciler.model.state import Live
from reconciler.model.value import plain
from reconciler.planning.export.values import SHARE_DAYS, SHARE_OWNER, Brief, Obstacle, shown
from reconciler.planning.handing import Pair
from reconciler.planning.index import ours

CANNOT_SAY = Rule(
    "export/cannot-say",
    "The grammar cannot say what this object is; an entry that said less would change it with the "
    "first apply.",
    "Leave it unmanaged, or change it in the organisation and try again.",
)
BEYOND = Rule(
    "export/everywhere",
    "A tenant's own client reaches every division; a manifest that said so would call it right.",
    "Grant what it needs in a tenant's divisions, then try again.",
)
UNNAMED_DIVISION = Rule(
    "export/unnamed-division",
    "It holds a role where no manifest may grant one: in Home, or in a division that is left out itself.",
    "Grant what it needs in a tenant's divisions, then try again.",
)
UNKNOWN_ROLE = Rule(
    "export/unknown-role",
    "It holds a role that is not there any more; what that pair allows, nobody can tell.",
    "Remove the pair, then try again.",
)

UNSAID = "change it in the organisation and try again, or leave it unmanaged"

_PLACEHOLDER = "key"
_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Known(NamedTuple):
    """What pairs may refer to: declared divisions and roles by id, and what all are called.

    `clash` are the keys of roles that a tenant and the Shared document both have.
    """

    walls: Mapping[str, Address]
    roles: Mapping[str, Address]
    names: Mapping[str, str]
    clash: Set[str] = frozenset()

    def name(self, identity: str) -> str:
        """What people call it, fit for a message."""
        return "every division" if identity == EVERYWHERE else shown(self.names.get(identity) or identity)


def beyond_words(pairs: Set[Pair], owner: str, known: Known) -> Obstacle | None:
    """Why these pairs of an object of `owner` cannot all be said; None where they can."""
    for role, wall in sorted(pairs):
        if wall == EVERYWHERE and owner != ORG:
            return _held(known, role, wall, "which only what is shared may", BEYOND)
        if wall != EVERYWHERE and wall not in known.walls:
            return _held(known, role, wall, "which no manifest can name", UNNAMED_DIVISION)
        if role not in known.roles:
            return _held(known, role, wall, "and that role is not there any more", UNKNOWN_ROLE)
    return None


def _held(known: Known, role: str, wall: str, why: str, rule: Rule) -> Obstacle:
    reason = f"it holds {known.name(role)} in {known.name(wall)}, {why}; left out whole, it loses nothing"
    return Obstacle(rule, reason, "grant what it needs in a tenant's divisions instead, then try again")


def worded(pairs: Set[Pair], owner: str, known: Known, brief: Brief) -> list[Said]:
    """Pairs as grants: a line for each role, and one more where it leaves its owner's divisions."""
    lines: list[Said] = []
    for role in sorted({role for role, _ in pairs}, key=lambda role: known.roles[role]):
        walls = {wall for held, wall in pairs if held == role}
        places = sorted(known.walls[wall] for wall in walls - {EVERYWHERE})
        near = [place for place in places if place.owner in (owner, ORG)]
        far = [place for place in places if place.owner not in (owner, ORG)]
        said = {ROLE_FIELD: _role(known.roles[role], owner, known)}
        if near:
            lines.append(said | {"divisions": [_wall(place, owner) for place in near]})
        if far:
            lines.append(said | {"divisions": [_wall(place, owner) for place in far], "share": share(brief)})
        if EVERYWHERE in walls:
            lines.append(said | {"divisions": EVERYWHERE, "share": share(brief)})
    return lines


def share(brief: Brief) -> Said:
    """A share that says no more than is known."""
    expires = brief.today + timedelta(days=SHARE_DAYS)
    reason = f"was so on {brief.today.isoformat()}"
    return {"reason": reason, "owner": SHARE_OWNER, "expires": expires.isoformat()}


def _role(address: Address, owner: str, known: Known) -> str:
    plain_key = address.owner in (owner, ORG) and (owner == ORG or address.key not in known.clash)
    return address.key if plain_key else f"{address.owner}/{address.key}"


def _wall(address: Address, owner: str) -> str:
    return address.key if address.owner == owner else f"{address.owner}/{address.key}"


def entry(kind: AnyKind, item: Live, owner: str, grants: list[Said], org: str) -> Any | Obstacle:
    """The specification that means `item` as it is, still without its key, or why there is none."""
    said = kind.say(item, grants)
    if not ours(item, org) and kind.collection.subjects is None:
        said["adopt"] = item.id if _UUID.fullmatch(item.id) else True
    try:
        spec = kind.spec.model_validate({**said, "key": _PLACEHOLDER})
    except ValidationError as error:
        return _refused(error)
    second = kind.collection.second
    pairs = item.fields[second.field] if second and kind.grants(spec) else frozenset()
    declared = kind.declare(spec, owner, pairs)
    if declared.problems:
        return Obstacle(CANNOT_SAY, declared.problems[0].message, UNSAID)
    for name, value in item.fields.items():
        if declared.fields.get(name) != value:
            return _different(name, value, declared.fields.get(name))
    return spec


def reference(kind: AnyKind, item: Live, *, unique: bool) -> Any | None:
    """The specification that refers to an object which is not ours: by name, else by id; None for neither."""
    plainly_named = unique and item.name == item.name.strip()
    for existing in ({"name": item.name},) * plainly_named + ({"id": item.id},):
        try:
            return kind.spec.model_validate({"key": _PLACEHOLDER, "existing": existing})
        except ValidationError:
            continue
    return None


def _refused(error: ValidationError) -> Obstacle:
    first = error.errors(include_url=False)[0]
    field, given, most = first["loc"][0], first["input"], first.get("ctx", {}).get("max_length")
    if most is not None:
        reason = f"its `{field}` has {len(given)} characters, and a manifest takes {most}"
    elif isinstance(given, str) and "*" in given:
        reason = f"its `{field}` hold the wildcard {shown(given)}, and manifests have none"
    else:
        reason = f"its `{field}` {_cut(given)} is more than a manifest can say"
    return Obstacle(CANNOT_SAY, reason, UNSAID)


def _different(name: str, live: Any, declared: Any) -> Obstacle:
    if isinstance(live, frozenset) and isinstance(declared, frozenset):
        live, declared = live - declared, declared - live
    reason = f"its `{name}` is {_cut(plain(live))}, and a manifest would make it {_cut(plain(declared))}"
    return Obstacle(CANNOT_SAY, reason, UNSAID)


def _cut(value: Any) -> str:
    return shown(value if isinstance(value, str) else str(value))
