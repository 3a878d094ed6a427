"""From any version of the manifests to any other, over what hands had made before: it arrives, and in between
nobody has more than before or after."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.address import Address
from reconciler.model.marker import split
from reconciler.model.plan import Plan
from tests.support.story import Story
from tests.support.versions import STRANGERS, TENANTS, Version, as_manifests, versions

State = dict[str, Any]
Pair = tuple[str, str]
TODAY = "2026-11-20"
KINDS = ("divisions", "roles", "clients")
SOME = settings(max_examples=max(10, settings().max_examples // 3))
"""Each example applies several times."""
LEFT = {"conflict", "waiting", "held", "not-empty", "reference", "renamed", "leak"}
"""Guards whose release is an author's or an administrator's to follow."""


def made_by_hand(story: Story, strangers: list[tuple[str, str]], holds: bool) -> None:
    """A role that is referred to, which our client may hold, and what else somebody made."""
    theirs = make(story, "role", "Theirs")
    if holds:
        grant(story, "operator", theirs, "*")
    home = next(row["id"] for row in story.sim.snapshot()["divisions"] if row["homeDivision"])
    for kind, name in strangers:
        identity = make(story, kind, name)
        if kind == "client":
            grant(story, identity, theirs, home)


def make(story: Story, kind: str, name: str) -> str:
    policy = {"domain": "routing", "entityName": "queue", "actionSet": ["view"]}
    bodies: dict[str, dict[str, Any]] = {
        "division": {},
        "role": {"permissionPolicies": [policy]},
        "client": {"authorizedGrantType": "CLIENT-CREDENTIALS", "roleDivisions": []},
    }
    path = "oauth/clients" if kind == "client" else f"authorization/{kind}s"
    return str(story.edit("POST", path, {"name": name, "description": "by hand"} | bodies[kind])["id"])


def grant(story: Story, subject: str, role: str, division: str) -> None:
    body = {"grants": [{"roleId": role, "divisionId": division}]}
    story.edit("POST", f"authorization/subjects/{subject}/bulkadd?subjectType=PC_OAUTH_CLIENT", body)


def addresses(state: State) -> dict[str, Address]:
    """Whose each object of ours is, by id."""
    marks = {row["id"]: split(row["description"] or "")[1] for kind in KINDS for row in state[kind]}
    return {identity: marker.address for identity, marker in marks.items() if marker}


def strange(state: State) -> list[Any]:
    """Everything that is not ours, with all its grants."""
    ours = {*addresses(state), "operator"}
    sections = [state[name] for name in (*KINDS, "users", "groups", "queues", "settings")]
    rows = [row for section in sections if isinstance(section, list) for row in section]
    kept = [row for row in rows if row["id"] not in ours]
    return [kept, [row for row in state["grants"] if row["subjectId"] not in ours]]


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


def held(state: State) -> dict[str, set[Pair]]:
    """(role, division) by client, all by address; what is not ours by name."""
    names = {row["id"]: row["name"] for kind in KINDS for row in state[kind]}
    names |= {identity: str(address) for identity, address in addresses(state).items()}
    found: dict[str, set[Pair]] = {
        str(item): set() for item in addresses(state).values() if item.kind == "client"
    }
    for row in state["grants"]:
        if names.get(row["subjectId"]) in found:
            found[names[row["subjectId"]]].add((names[row["roleId"]], names[row["divisionId"]]))
    return found


def wanted(version: Version) -> dict[str, set[Pair]]:
    """What each declared client is to hold, read from the manifests by hand."""
    found: dict[str, set[Pair]] = {}
    for tenant in TENANTS:
        if version[tenant]["state"] == "retired":
            continue
        for client in version[tenant]["clients"]:
            pairs = found.setdefault(f"{tenant}/client/{client['key']}", set())
            for item in client["grants"] if version[tenant]["state"] == "active" else ():
                if item.get("share", {"expires": TODAY})["expires"] >= TODAY:
                    where = divisions_of(item, tenant, version)
                    pairs |= {(role_of(item), division) for division in where if stays(division, version)}
    return found


def stays(division: str, version: Version) -> bool:
    """Whether a division's owner is not being off-boarded: shares end with it."""
    owner = division.partition("/")[0]
    return bool(owner not in TENANTS or version[owner]["state"] != "retired")


def role_of(item: dict[str, Any]) -> str:
    owner, _, key = item["role"].partition("/")
    return "Theirs" if key == "theirs" else f"{owner}/role/{key}"


def divisions_of(item: dict[str, Any], tenant: str, version: Version) -> set[str]:
    if item["divisions"] == "own":
        return {f"{tenant}/division/{each['key']}" for each in version[tenant]["divisions"]}
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


class Owned:
    """Whose things are at one end of a run, and what its version lets cross."""

    def __init__(self, state: State, version: Version) -> None:
        self.at, self.shares = addresses(state), shares(version)

    def allows(self, client: str, division: str) -> bool:
        """Whether that client may be in that division, both by id."""
        who, where = self.at.get(client), self.at.get(division)
        if who is None or where is None:
            return False
        return where.owner in (who.owner, "org") or (str(who), str(where)) in self.shares


def confined(state: State, ends: tuple[Owned, Owned]) -> None:
    """No client of a tenant is behind a wall that neither version opens to it."""
    known = addresses(state)
    for row in state["grants"]:
        if row["subjectId"] in known:
            client, division = row["subjectId"], row["divisionId"]
            assert any(end.allows(client, division) for end in ends), (known[client], known.get(division))


def arrived(story: Story, version: Version, plan: Plan) -> None:
    """Each client holds what the version says, but for what a guard holds back; no other holds anything."""
    state = story.sim.snapshot()
    back = {str(change.address): change.withheld for change in plan.withheld}
    for address, withheld in back.items():
        assert withheld and withheld.guard in LEFT and withheld.release, (address, withheld)
    want, have = wanted(version), held(state)
    waits = {old: new for old, new in moves(version).items() if new in back and old not in want}
    for old, pairs in have.items():
        address = waits.get(old, old)
        due = want.get(address, set())
        assert pairs == due or (address in back and pairs < due), (
            address,
            pairs,
            due,
            back,
        )
    assert set(want) <= {*have, *back}
    kept = [item for item in addresses(state).values() if not declared(item, version)]
    assert not version["prune"] or {str(item) for item in kept} <= {*back, *waits}, (kept, back)
    delivered(story, state)


def moves(version: Version) -> dict[str, str]:
    """Addresses before and after: who may not have its new name yet is still called by its old address."""
    return {
        entry["previously"]: f"{owner}/{section.removesuffix('s')}/{entry['key']}"
        for owner in ("org", *TENANTS)
        for section in KINDS
        for entry in version[owner][section]
        if "previously" in entry
    }


def declared(address: Address, version: Version) -> bool:
    if address.owner in TENANTS and version[address.owner]["state"] == "retired":
        return False
    return address.key in {item["key"] for item in version[address.owner][f"{address.kind}s"]}


def delivered(story: Story, state: State) -> None:
    """The secret of every client that may be used has arrived."""
    for row in state["clients"]:
        marker = split(row["description"] or "")[1]
        if marker and row["state"] == "active":
            assert not marker.nonce and story.secrets[row["id"]] == story.sim.org.secrets[row["id"]]


def runs(version: Version) -> int:
    """How many runs it may take: what leaves is deactivated in one, deleted in the next, walls after that."""
    return 3 if version["prune"] else 1


@SOME
@pytest.mark.timeout(1200)
@given(pair=versions(), strangers=STRANGERS, holds=st.booleans())
def test_one_version_after_another(
    pair: tuple[Version, Version], strangers: list[tuple[str, str]], holds: bool
) -> None:
    with Story() as story:
        made_by_hand(story, strangers, holds)
        base = story.sim.snapshot()
        for number, version in enumerate(pair):
            states = [story.sim.snapshot()]
            story.watch = states.append
            plan = story.settle(as_manifests(version), runs=runs(version))
            arrived(story, version, plan)
            in_between(states, (pair[max(number - 1, 0)], version))
            assert all(strange(state) == strange(base) for state in states)
            assert own(states[-1]) == own(base)


def own(state: State) -> list[Any]:
    """What our own client holds."""
    return [row for row in state["grants"] if row["subjectId"] == "operator"]


def in_between(states: list[State], pair: tuple[Version, Version]) -> None:
    """After every write nobody reaches more than before or after, or behind a wall of neither version."""
    before, after = reach(states[0]), reach(states[-1])
    ends = Owned(states[0], pair[0]), Owned(states[-1], pair[1])
    for state in states:
        for subject, cells in reach(state).items():
            assert cells <= before[subject] | after[subject]
        confined(state, ends)


def essence(state: State) -> dict[str, Any]:
    """What is ours without what differs from run to run: ids, dates, hashes."""
    known = addresses(state)
    pairs = held(state)
    return {
        str(known[row["id"]]): [
            row["name"],
            split(row["description"])[0],
            row.get("state"),
            policies(row),
            pairs.get(str(known[row["id"]])),
        ]
        for kind in KINDS
        for row in state[kind]
        if row["id"] in known
    }


def policies(row: dict[str, Any]) -> list[Any]:
    return sorted(
        (item["domain"], item["entityName"], sorted(item["actionSet"]))
        for item in row.get("permissionPolicies") or ()
    )


@SOME
@pytest.mark.timeout(1200)
@given(pair=versions(), strangers=STRANGERS, cut=st.integers(1, 40))
def test_a_run_that_died_is_finished_by_the_next(
    pair: tuple[Version, Version], strangers: list[tuple[str, str]], cut: int
) -> None:
    """After any write, unheard: the next runs end where an undisturbed run ends, and no secret is lost."""
    ends = []
    for dies_after in (None, cut):
        with Story() as story:
            made_by_hand(story, strangers, holds=True)
            base = story.sim.snapshot()
            story.settle(as_manifests(pair[0]), runs=runs(pair[0]))
            second, states = as_manifests(pair[1]), [story.sim.snapshot()]
            story.watch = states.append
            if dies_after:
                plan = story.plan(second)
                writes = sum(item.does == "request" for item in plan.operations)
                story.apply(plan, second, dies_after=1 + dies_after % max(writes, 1))
            arrived(story, pair[1], story.settle(second, runs=runs(pair[1]) + 2 * bool(dies_after)))
            in_between(states, pair)
            assert all(strange(state) == strange(base) for state in states)
            assert own(states[-1]) == own(base)
            ends.append(essence(states[-1]))
    assert ends[0] == ends[1]
