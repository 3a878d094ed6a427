"""What a state of the simulated organisation shows: what is ours, who reaches what, who holds what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from reconciler.model.access import EVERYWHERE
from reconciler.model.address import Address
from reconciler.model.marker import Marker, split
from tests.support.people import PEOPLE

State = dict[str, Any]
Pair = tuple[str, str]
KINDS = ("divisions", "roles", "clients")


def markers(state: State) -> dict[str, Marker]:
    """The markers of all objects of ours, by id."""
    found = {row["id"]: split(row["description"] or "")[1] for kind in KINDS for row in state[kind]}
    return {identity: marker for identity, marker in found.items() if marker}


def addresses(state: State) -> dict[str, Address]:
    """Whose each object of ours is, by id."""
    return {identity: marker.address for identity, marker in markers(state).items()}


def flagged(state: State) -> set[str]:
    """Ids of the roles whose markers say that groups or users were given them."""
    return {identity for identity, marker in markers(state).items() if marker.granted}


def names(state: State, moved: Mapping[str, str]) -> dict[str, str]:
    """Everything by id: what is ours by address, what is not by name. `moved` are addresses that count as
    others."""
    found = {row["id"]: row["name"] for kind in KINDS for row in state[kind]}
    ours = {key: moved.get(str(item), str(item)) for key, item in addresses(state).items()}
    return found | {EVERYWHERE: EVERYWHERE} | ours


def reach(state: State) -> dict[str, set[Pair]]:
    """(permission, division) by subject, our own client left out."""
    can = {
        row["id"]: {
            f"{policy['domain']}:{policy['entityName']}:{action}"
            for policy in row["permissionPolicies"]
            for action in policy["actionSet"]
        }
        for row in state["roles"]
    }
    found: dict[str, set[Pair]] = defaultdict(set)
    for row in state["grants"]:
        if row["subjectId"] != "operator":
            found[row["subjectId"]] |= {(item, row["divisionId"]) for item in can[row["roleId"]]}
    return found


def taken_over(first: State, last: State) -> dict[str, set[Pair]]:
    """What those who hold a role in the end reach through it if it was not ours at first and stays as it was.

    Taking over changes the marker alone, what the role allows changes with the next run.
    """
    was = {row["id"]: row for row in first["roles"] if row["id"] not in addresses(first)}
    roles = [was[identity] for identity in addresses(last) if identity in was]
    known = {row["id"] for row in roles}
    return reach({"roles": roles, "grants": [row for row in last["grants"] if row["roleId"] in known]})


def held(state: State, called: Mapping[str, str]) -> dict[str, set[Pair]]:
    """(role, division) by client of ours, all as `called`."""
    clients = {identity for identity, item in addresses(state).items() if item.kind == "client"}
    found: dict[str, set[Pair]] = {called[identity]: set() for identity in clients}
    for row in state["grants"]:
        if row["subjectId"] in clients:
            found[called[row["subjectId"]]].add((called[row["roleId"]], called[row["divisionId"]]))
    return found


def peoples(state: State, ours: Collection[str]) -> dict[str, set[Pair]]:
    """By group or user the pairs (ids) that are ours: on roles of ours, and of `Theirs` within our walls.

    `ours` are the ids of what was ours at any time.
    """
    found: dict[str, set[Pair]] = {identity: set() for identity in PEOPLE}
    for row in state["grants"]:
        if row["subjectId"] in found and is_ours(row, state, ours):
            found[row["subjectId"]].add((row["roleId"], row["divisionId"]))
    return found


def is_ours(row: dict[str, Any], state: State, ours: Collection[str]) -> bool:
    """Whether a pair of somebody who is not ours is ours."""
    theirs = {role["id"] for role in state["roles"] if role["name"] == "Theirs"}
    return row["roleId"] in ours or (row["roleId"] in theirs and row["divisionId"] in ours)


def strange(state: State, ours: Collection[str], walls: Collection[str]) -> list[Any]:
    """Everything that never was ours, with all pairs on it; of those in walls that went, nothing is left."""
    sections = [state[name] for name in (*KINDS, "users", "groups", "queues", "settings")]
    rows = [row for section in sections if isinstance(section, list) for row in section]
    kept = [row for row in rows if row["id"] not in ours and row["id"] != "operator"]
    pairs = [
        sorted(row.items())
        for row in state["grants"]
        if row["subjectId"] not in ours and row["subjectId"] != "operator"
        if row["divisionId"] in walls and not is_ours(row, state, ours)
    ]
    return [kept, sorted(pairs)]


def walls_of(state: State) -> set[str]:
    """The ids of all divisions that are there, and `*`."""
    return {EVERYWHERE, *(row["id"] for row in state["divisions"])}


def own(state: State) -> list[Any]:
    """What our own client holds."""
    return [row for row in state["grants"] if row["subjectId"] == "operator"]


def essence(state: State, ours: Collection[str]) -> dict[str, Any]:
    """What is ours without what differs from run to run: ids, dates, hashes."""
    known, called = markers(state), names(state, {})
    pairs = held(state, called)
    objects = {
        str(known[row["id"]].address): [
            row["name"],
            split(row["description"])[0],
            row.get("state"),
            _policies(row),
            pairs.get(str(known[row["id"]].address)),
            known[row["id"]].granted,
        ]
        for kind in KINDS
        for row in state[kind]
        if row["id"] in known
    }
    people = {
        subject: {(called[role], called[division]) for role, division in mine}
        for subject, mine in peoples(state, ours).items()
    }
    return objects | people


def _policies(row: dict[str, Any]) -> list[Any]:
    return sorted(
        (item["domain"], item["entityName"], sorted(item["actionSet"]))
        for item in row.get("permissionPolicies") or ()
    )
