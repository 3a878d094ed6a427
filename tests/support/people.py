"""The groups and users of the organisation of the tests, and how manifests name them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from reconciler.simulator import Seed, default_seed
from tests.support.build import uid

PLANNERS, AGENTS, TWIN, OTHER_TWIN, PAT, KIM = (uid(number) for number in range(0x21, 0x27))
PEOPLE = {
    PLANNERS: ("group", "Planners"),
    AGENTS: ("group", "Agents"),
    TWIN: ("group", "Twins"),
    OTHER_TWIN: ("group", "Twins"),
    PAT: ("user", "pat@northwind.example"),
    KIM: ("user", "kim@northwind.example"),
}
"""(sort, what manifests call them) by id."""

SUBJECTS: tuple[dict[str, Any], ...] = (
    *({"subject": {sort: name}} for sort, name in PEOPLE.values()),
    {"subject": {"group": "Planners"}},
    {"subject": {"group": "Nobody"}},
    {"subject": {"user": "nobody@northwind.example"}, "id": PAT},
    {"subject": {"group": "Twins"}, "id": OTHER_TWIN},
    {"subject": {"user": "kim@northwind.example"}, "id": uid(0x99)},
)
"""How entries name them: exactly, pinned under another name, two of a name, some who are not there."""


def meant(entry: dict[str, Any], may_search: bool, pins: Collection[str]) -> str:
    """The id of the one whom an entry means; "" where nobody can tell.

    Users whom our client `may_search` are found by e-mail address, and those whom any entry pins.
    """
    ((sort, name),) = entry["subject"].items()
    if pin := entry.get("id"):
        return pin if pin in PEOPLE and PEOPLE[pin][0] == sort else ""
    called = [identity for identity, each in PEOPLE.items() if each == (sort, name)]
    seen = [identity for identity in called if sort == "group" or may_search or identity in pins]
    return seen[0] if len(seen) == 1 else ""


KNOWN = tuple(entry for entry in SUBJECTS if meant(entry, True, ()))
"""Those entries that mean somebody."""


def _seed() -> Seed:
    seed = default_seed()
    for identity, (sort, name) in PEOPLE.items():
        if sort == "group":
            seed.groups.append({"name": name, "id": identity, "members": [], "grants": []})
        else:
            seed.users.append({"name": name.partition("@")[0], "email": name, "id": identity})
    return seed


SEED = _seed()
"""The organisation as it is before anybody's hand."""
