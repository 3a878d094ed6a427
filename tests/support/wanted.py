"""What a version of the manifests comes to, read by hand: who is to hold what, and who cannot be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from reconciler.model.address import Address
from tests.support.people import PEOPLE, meant
from tests.support.states import KINDS, Pair
from tests.support.versions import TENANTS, THEIRS, Entry, Version

TODAY = "2026-11-20"


def wanted(version: Version) -> dict[str, set[Pair]]:
    """What each declared client is to hold."""
    return {
        f"{owner}/client/{client['key']}": pairs_of(client["grants"], owner, version)
        for owner, client in _entries("clients", version)
    }


def _entries(section: str, version: Version) -> Iterator[tuple[str, Entry]]:
    """What is declared by owners who are not being off-boarded."""
    for owner in ("org", *TENANTS):
        if version[owner].get("state") != "retired":
            yield from ((owner, entry) for entry in version[owner][section])


def pairs_of(grants: list[Entry], owner: str, version: Version) -> set[Pair]:
    """The (role, division) that grants come to."""
    return {
        (_role_of(item), division)
        for item in (grants if version[owner].get("state") != "suspended" else ())
        if item.get("share", {"expires": TODAY})["expires"] >= TODAY
        for division in divisions_of(item, owner, version)
        if _stays(item["role"], version) and _stays(division, version)
    }


def _stays(reference: str, version: Version) -> bool:
    """Whether the owner of a role or a division is not being off-boarded: what is shared ends with it."""
    owner = reference.partition("/")[0]
    return bool(owner not in TENANTS or version[owner]["state"] != "retired")


def _role_of(item: Entry) -> str:
    return "Theirs" if item["role"] == THEIRS else item["role"].replace("/", "/role/")


def divisions_of(item: Entry, owner: str, version: Version) -> set[str]:
    """The divisions that one grant names."""
    if item["divisions"] == "own":
        return {f"{owner}/division/{each['key']}" for each in version[owner]["divisions"]}
    return {each.replace("/", "/division/") for each in item["divisions"]}


def shares(version: Version) -> set[Pair]:
    """(client, division) that a share opens."""
    return {
        (f"{tenant}/client/{client['key']}", division)
        for tenant in TENANTS
        for client in version[tenant]["clients"]
        for item in client["grants"]
        if "share" in item
        for division in divisions_of(item, tenant, version)
    }


class People:
    """What groups and users are to hold.

    `entries` are the addresses and pairs by the subject they mean, `doubted` the pairs by sort of entries
    that mean nobody who can be told: whoever held one of these, and is named nowhere, may be meant.
    """

    def __init__(self, version: Version, may_search: bool) -> None:
        self.entries: dict[str, dict[str, set[Pair]]] = {identity: {} for identity in PEOPLE}
        self.doubted: dict[str, set[Pair]] = defaultdict(set)
        self.unmet: set[str] = set()
        pins = {entry["id"] for _, entry in _entries("grants", version) if "id" in entry}
        for owner, entry in _entries("grants", version):
            address, pairs = f"{owner}/grant/{entry['key']}", pairs_of(entry["pairs"], owner, version)
            if who := meant(entry, may_search, pins):
                self.entries[who][address] = pairs
            else:
                self.doubted[next(iter(entry["subject"]))] |= pairs
                self.unmet.add(address)

    def due(self, subject: str, before: set[Pair]) -> set[Pair]:
        """What a subject is to hold of ours, who held `before`."""
        if self.entries[subject]:
            return set().union(*self.entries[subject].values())
        return before & self.doubted[PEOPLE[subject][0]]

    @property
    def roles(self) -> set[str]:
        """The roles that any entry names."""
        named = [pairs for mine in self.entries.values() for pairs in mine.values()]
        return {role for pairs in (*named, *self.doubted.values()) for role, _ in pairs}

    def looked_for(self, subject: str, role: str) -> bool:
        """Whether any run sees this pair, who ever gave it: by its holder, or by its role.

        Roles whose marks say that somebody was given them are seen besides.
        """
        return bool(self.entries[subject]) or role in {*self.roles, "Theirs"}


def waiting(version: Version, back: Collection[str]) -> dict[str, str]:
    """What moves, from where to where, and is held `back`: it is still called by its old address."""
    return {
        entry["previously"]: address
        for owner in ("org", *TENANTS)
        for section in KINDS
        for entry in version[owner][section]
        if (address := f"{owner}/{section.removesuffix('s')}/{entry['key']}") in back
        if "previously" in entry and not declared(Address.parse(entry["previously"]), version)
    }


def declared(address: Address, version: Version) -> bool:
    """Whether a version has it."""
    if address.owner in TENANTS and version[address.owner]["state"] == "retired":
        return False
    return address.key in {item["key"] for item in version[address.owner][f"{address.kind}s"]}


def runs(version: Version) -> int:
    """How many runs it may take: taking over changes the marker first; what leaves is deactivated in one,
    deleted in the next, walls after that."""
    adopts = any("adopt" in role for role in version["org"]["roles"])
    return (3 if version["prune"] else 1) + adopts
