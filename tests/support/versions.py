"""Two versions of the manifests of two tenants, and what somebody else had made before.

A version is plain data: `{"org": {section: [entry]}, "acme": {…, "state": …}, "globex": …, "prune": …}`, so
that a test can say for itself what it comes to. The second version is drawn anew; what it declares under
another address it may say to have been something of the first.

A further kind (say of groups' and users' grants) is one more entry of `SECTIONS`, after those it refers to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from reconciler.model.manifest import Limits, Manifests, Sink
from reconciler.model.origin import Origin
from tests.support.build import CONFINED, manifests

TENANTS = ("acme", "globex")
TIGHT = Limits(removals=2, removal_percent=10, change_percent=100_000, gains=3)
SINK = Sink("vault", "file", {"path": "{tenant}/{key}.json"}, Origin("org.yaml"))
KEYS = ("a", "b", "c")
Version = dict[str, Any]
Entry = dict[str, Any]
_PERMISSIONS = st.sets(st.sampled_from(CONFINED), min_size=1, max_size=3).map(sorted)
_EXPIRES = st.sampled_from(["2027-06-30", "2026-11-20", "2026-11-19"])
"""Of two shares one holds on the day of the tests, of the third nothing is left."""


def _keys(draw: DrawFn, least: int = 0) -> list[str]:
    return draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=least, max_size=3).map(sorted))


def _named(draw: DrawFn, owner: str, kind: str, key: str) -> Entry:
    """Names differ between entries, so that only strangers and moved objects are in the way."""
    return {"key": key, "name": f"{owner}-{kind}-{key}{draw(st.sampled_from(['', '', ' new']))}"}


def _divisions(draw: DrawFn, owner: str, version: Version) -> list[Entry]:
    keys = _keys(draw, least=int(owner == "acme"))
    return [
        {**_named(draw, owner, "division", key), "description": draw(st.sampled_from(["", "text"]))}
        for key in keys
    ]


def _roles(draw: DrawFn, owner: str, version: Version) -> list[Entry]:
    roles = [{**_named(draw, owner, "role", key), "permissions": draw(_PERMISSIONS)} for key in _keys(draw)]
    if owner == "globex" and not version[owner]["divisions"]:
        return []
    theirs = {"key": "theirs", "existing": {"name": "Theirs"}}
    return [*roles, theirs] if owner == "org" else roles


def _clients(draw: DrawFn, owner: str, version: Version) -> list[Entry]:
    if owner == "org" or not version[owner]["divisions"]:
        return []
    return [
        {
            **_named(draw, owner, "client", key),
            "grants": draw(st.lists(_grants(owner, version), max_size=3)),
            "secret": {"sink": "vault"},
        }
        for key in _keys(draw)
    ]


def _grants(owner: str, version: Version) -> st.SearchStrategy[Entry]:
    """A role of one's own or of all, in divisions of one's own, of all, or by a share of the other tenant."""
    roles = [f"{whose}/{item['key']}" for whose in (owner, "org") for item in version[whose]["roles"]]
    within = [f"{whose}/{item['key']}" for whose in (owner, "org") for item in version[whose]["divisions"]]
    other = next(tenant for tenant in TENANTS if tenant != owner)
    without = [f"{other}/{item['key']}" for item in version[other]["divisions"]]
    own = st.one_of(st.just("own"), st.lists(st.sampled_from(within), unique=True, min_size=1, max_size=3))
    role = st.sampled_from(roles)
    share = st.fixed_dictionaries(
        {"reason": st.just("planning"), "owner": st.just("wfm@northwind.example"), "expires": _EXPIRES}
    )
    shared = st.fixed_dictionaries(
        {"role": role, "divisions": st.sampled_from(without).map(lambda item: [item]), "share": share}
    )
    within_walls = st.fixed_dictionaries({"role": role, "divisions": own})
    return st.one_of(within_walls, shared) if without else within_walls


SECTIONS: dict[str, Callable[[DrawFn, str, Version], list[Entry]]] = {
    "divisions": _divisions,
    "roles": _roles,
    "clients": _clients,
}
"""How the entries of a section are drawn for an owner, given what was drawn so far."""


@st.composite
def versions(draw: DrawFn) -> tuple[Version, Version]:
    """Any two versions, the second with entries that say what they were in the first."""
    first, second = _version(draw), _version(draw)
    for section in SECTIONS:
        _move(draw, section, first, second)
    return first, second


def _version(draw: DrawFn) -> Version:
    version: Version = {"org": {}, **{tenant: {} for tenant in TENANTS}}
    for section, entries in SECTIONS.items():
        for owner in version:
            version[owner][section] = entries(draw, owner, version)
    for tenant in TENANTS:
        version[tenant]["state"] = draw(st.sampled_from(["active"] * 4 + ["suspended", "retired"]))
    return version | {"prune": draw(st.booleans())}


def _move(draw: DrawFn, section: str, first: Version, second: Version) -> None:
    """What is new may have been something that is no longer declared, under its old name or a new one."""
    kind = section.removesuffix("s")
    old, new = dict(_entries(section, first)), dict(_entries(section, second))
    left = [address for address in old if address not in new]
    for address, entry in new.items():
        if left and address not in old and draw(st.booleans()):
            earlier = left.pop(draw(st.integers(0, len(left) - 1)))
            entry["previously"] = f"{earlier[0]}/{kind}/{earlier[1]}"
            names = {item["name"] for item in new.values()}
            if old[earlier]["name"] not in names and draw(st.booleans()):
                entry["name"] = old[earlier]["name"]


def _entries(section: str, version: Version) -> Iterator[tuple[tuple[str, str], Entry]]:
    for owner in ("org", *TENANTS):
        for entry in version[owner][section]:
            if "existing" not in entry:
                yield (owner, entry["key"]), entry


def as_manifests(version: Version) -> Manifests:
    """The version as loading would hand it on; limits are tight, so that plans ask for allowances.

    A tenant that declares nothing has left the manifests.
    """
    policy = {"prune": version["prune"], "limits": TIGHT, "hand_on": "borrow", "sinks": {"vault": SINK}}
    made = manifests(version["org"], policy=policy, **{tenant: version[tenant] for tenant in TENANTS})
    return replace(made, tenants=tuple(owner for owner in made.tenants if any(owner.sections.values())))


STRANGERS = st.lists(
    st.sampled_from(
        [
            ("division", "acme-division-a"), ("division", "Elsewhere"), ("role", "org-role-a"),
            ("role", "Night shift"), ("client", "globex-client-b"), ("client", "somebody"),
        ]
    ),
    unique=True,
    max_size=3,
)  # fmt: skip
"""What hands have made before, by kind and name; half of it is in the way of the manifests."""
