"""Filling a plan's operation with what only the run knows: ids born in it, and the marker.

Pure. A path holds `{ADDRESS}`, a body `{"$ref": ADDRESS}` and, as its description,
`{"$marked": TEXT, "address": ADDRESS, "nonce": …}`, with `"suspended": true` and `"granted": true`
where the marker says so, and `"hash8": …` where it is to go on saying what was last written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reconciler.errors import OrgError
from reconciler.model.address import Address
from reconciler.model.kind import AnyKind
from reconciler.model.marker import Marker, join
from reconciler.model.value import Json, fingerprint

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_REF, _MARKED = "$ref", "$marked"

Ids = Mapping[Address, str]


class Description(NamedTuple):
    """A description that is to carry a marker. `nonce` is `new`, `keep` or None, as in the plan.

    `hash8` is what the marker goes on saying of the fields, "" where it is to say what they are.
    """

    text: str
    address: Address
    nonce: str | None
    suspended: bool = False
    granted: bool = False
    hash8: str = ""


def references(path: str, body: Json) -> frozenset[Address]:
    """The addresses whose ids a request needs."""
    in_path = (Address.parse(text) for text in _PLACEHOLDER.findall(path))
    return frozenset((*in_path, *_in_body(body)))


def _in_body(body: Json) -> Iterator[Address]:
    if isinstance(body, dict):
        if _REF in body:
            yield Address.parse(body[_REF])
        for value in body.values():
            yield from _in_body(value)
    elif isinstance(body, list):
        for item in body:
            yield from _in_body(item)


def fill_path(path: str, ids: Ids) -> str:
    """`path` with ids for addresses."""
    return _PLACEHOLDER.sub(lambda match: _id(Address.parse(match[1]), ids), path)


def fill_body(body: Json, ids: Ids) -> Json:
    """`body` with ids for references; a marked description is left as it is."""
    if isinstance(body, dict):
        if _REF in body:
            return _id(Address.parse(body[_REF]), ids)
        return {name: fill_body(value, ids) for name, value in body.items()}
    if isinstance(body, list):
        return [fill_body(item, ids) for item in body]
    return body


def with_what_is_there(body: Json, ids: Ids) -> Json:
    """`body` without those entries of its lists that refer to what was never made."""
    kept = {
        name: [entry for entry in value if ids.keys() >= set(_in_body(entry))]
        for name, value in body.items()
        if isinstance(value, list)
    }
    return {**body, **kept}


def _id(address: Address, ids: Ids) -> str:
    try:
        return ids[address]
    except KeyError:
        raise OrgError(
            f"{address} is referred to, but has no id yet", remedy="plan again; if it stays so, report it"
        ) from None


def description_of(body: Json) -> Description | None:
    """The marked description of a body, if there is one."""
    marked = body.get("description") if isinstance(body, dict) else None
    if not isinstance(marked, dict) or _MARKED not in marked:
        return None
    flags = marked.get("suspended", False), marked.get("granted", False)
    return Description(
        marked[_MARKED], Address.parse(marked["address"]), marked["nonce"], *flags, marked.get("hash8", "")
    )


def mark(body: dict[str, Json], kind: AnyKind, org: str, description: Description, nonce: str) -> Json:
    """`body`, its references filled in, with a description that ends in the marker for exactly this body."""
    hash8 = description.hash8 or fingerprint(kind.read({**body, "description": description.text}))
    said = {"suspended": description.suspended, "granted": description.granted}
    marker = Marker(org, description.address, hash8, nonce, **said)
    return {**body, "description": join(description.text, marker)}
