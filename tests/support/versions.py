"""Two versions of the manifests of two tenants: what authors write.

A version is plain data: `{"org": {section: [entry]}, "acme": {…, "state": …}, "globex": …, "prune": …}`, so
that a test can say for itself what it comes to (`tests.support.wanted`). The second version is drawn anew;
what it declares under another address it may say to have been something of the first. A `quiet` one needs
nobody else: its tenants stay, it takes nothing over, and whom it names can be told.

A further kind is one more entry of `SECTIONS`, after those it refers to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from reconciler.model.manifest import Limits, Manifests, Sink
from reconciler.model.origin import Origin
from tests.support.build import CONFINED, manifests
from tests.support.people import KNOWN, SUBJECTS

TENANTS = ("acme", "globex")
TIGHT = Limits(removals=2, removal_percent=10, change_percent=100_000, gains=3)
SINK = Sink("vault", "file", {"path": "{tenant}/{key}.json"}, Origin("org.yaml"))
KEYS = ("a", "b", "c")
THEIRS = "org/theirs"
"""The role that is only referred to."""
Version = dict[str, Any]
Entry = dict[str, Any]
_PERMISSIONS = st.sets(st.sampled_from(CONFINED), min_size=1, max_size=3).map(sorted)
_SHARE = st.fixed_dictionaries(
    {
        "reason": st.just("planning"),
        "owner": st.just("wfm@northwind.example"),
        "expires": st.sampled_from(["2027-06-30", "2026-11-20", "2026-11-19"]),
    }
)
"""Of two shares one holds on the day of the tests, of the third nothing is left."""


def _keys(draw: DrawFn, least: int = 0) -> list[str]:
    return draw(st.lists(st.sampled_from(KEYS), unique=True, min_size=least, max_size=3).map(sorted))


def _named(draw: DrawFn, owner: str, kind: str, key: str) -> Entry:
    """Names differ between entries, so that only strangers and moved objects are in the way."""
    return {"key": key, "name": f"{owner}-{kind}-{key}{draw(st.sampled_from(['', '', ' new']))}"}


def _divisions(draw: DrawFn, owner: str, version: Version) -> list[Entry]:
    keys = _keys(draw, least=int(owner == "acme" or (owner in TENANTS and version["quiet"])))
    return [
        {**_named(draw, owner, "division", key), "description": draw(st.sampled_from(["", "text"]))}
        for key in keys
    ]


def _roles(draw: DrawFn, owner: str, version: Version) -> list[Entry]:
    roles = [{**_named(draw, owner, "role", key), "permissions": draw(_PERMISSIONS)} for key in _keys(draw)]
    if owner == "globex" and not version[owner]["divisions"]:
        return []
    for role in roles:
        if role["name"] == "org-role-a" and not version["quiet"] and draw(st.booleans()):
            role["adopt"] = True
    theirs = {"key": "theirs", "existing": {"name": "Theirs"}}
    return [*roles, theirs] if owner == "org" else roles


def _clients(draw: DrawFn, owner: str, version: Version) -> list[Entry]:
    if owner == "org" or not version[owner]["divisions"]:
        return []
    return [
        {
            **_named(draw, owner, "client", key),
            "grants": draw(st.lists(_pairs(owner, version), max_size=3)),
            "secret": {"sink": "vault"},
        }
        for key in _keys(draw)
    ]


def _grants(draw: DrawFn, owner: str, version: Version) -> list[Entry]:
    """What people hold: of two entries of one owner both may name the same."""
    if owner == "globex" and not version[owner]["divisions"]:
        return []
    pairs = st.lists(_pairs(owner, version), min_size=1, max_size=2)
    subjects = st.sampled_from(KNOWN if version["quiet"] else SUBJECTS)
    return [{"key": key, **draw(subjects), "pairs": draw(pairs)} for key in _keys(draw)]


def _pairs(owner: str, version: Version) -> st.SearchStrategy[Entry]:
    """A role of one's own or of all, in divisions of one's own, of all, or by a share of another tenant.

    The Shared document has every role, and shares what it likes, everything too.
    """
    roles = [
        f"{whose}/{item['key']}"
        for whose in ((owner, "org") if owner in TENANTS else ("org", *TENANTS))
        for item in version[whose]["roles"]
    ]
    role = st.sampled_from(roles)
    within = [
        f"{whose}/{item['key']}"
        for whose in dict.fromkeys((owner, "org"))
        for item in version[whose]["divisions"]
    ]
    without = [
        f"{other}/{item['key']}"
        for other in TENANTS
        if other != owner
        for item in version[other]["divisions"]
    ]
    found = []
    if within:
        some = st.lists(st.sampled_from(within), unique=True, min_size=1, max_size=3)
        own = st.one_of(st.just("own"), some) if version[owner]["divisions"] else some
        found.append(_pair(role=role, divisions=own))
    if without:
        one = st.sampled_from(without).map(lambda item: [item])
        found.append(_pair(role=role, divisions=one, share=_SHARE))
    if owner == "org" and roles != [THEIRS]:
        ours = st.sampled_from([item for item in roles if item != THEIRS])
        found.append(_pair(role=ours, divisions=st.just("*"), share=_SHARE))
    return st.one_of(found)


def _pair(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Entry]:
    return st.fixed_dictionaries(fields)


SECTIONS: dict[str, Callable[[DrawFn, str, Version], list[Entry]]] = {
    "divisions": _divisions,
    "roles": _roles,
    "clients": _clients,
    "grants": _grants,
}
"""How the entries of a section are drawn for an owner, given what was drawn so far."""


@st.composite
def versions(draw: DrawFn) -> tuple[Version, Version]:
    """Any two versions, the second with entries that say what they were in the first.

    As often as not its divisions stay, or its roles too, or its clients too.
    """
    first = _version(draw)
    stay = list(SECTIONS)[: draw(st.sampled_from([0, 0, 0, 1, 2, 3]))]
    second = _version(draw, old={section: first for section in stay})
    for section in SECTIONS:
        _move(draw, section, first, second)
    return first, second


@st.composite
def single(draw: DrawFn) -> Version:
    """One version that nothing is in the way of, and of which nobody has to release anything."""
    return _version(draw, quiet=True)


def _version(draw: DrawFn, quiet: bool = False, old: Mapping[str, Version] | None = None) -> Version:
    """A version; sections that are in `old` are as they were there."""
    version: Version = {"org": {}, **{tenant: {} for tenant in TENANTS}, "quiet": quiet}
    for section, entries in SECTIONS.items():
        for owner in ("org", *TENANTS):
            was = (old or {}).get(section)
            kept = was and deepcopy(was[owner][section])
            version[owner][section] = entries(draw, owner, version) if kept is None else kept
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
            names = {item.get("name") for item in new.values()}
            if "name" in entry and old[earlier]["name"] not in names and draw(st.booleans()):
                entry["name"] = old[earlier]["name"]


def _entries(section: str, version: Version) -> Iterator[tuple[tuple[str, str], Entry]]:
    for owner in ("org", *TENANTS):
        for entry in version[owner][section]:
            if "existing" not in entry:
                yield (owner, entry["key"]), entry


def as_manifests(version: Version, **policy: Any) -> Manifests:
    """The version as loading would hand it on; limits are tight, so that plans ask for allowances.

    A tenant that declares nothing has left the manifests.
    """
    given = {"limits": TIGHT, "hand_on": "borrow", "sinks": {"vault": SINK}, "prune": version["prune"]}
    made = manifests(version["org"], policy=given | policy, **{tenant: version[tenant] for tenant in TENANTS})
    return replace(made, tenants=tuple(owner for owner in made.tenants if any(owner.sections.values())))
