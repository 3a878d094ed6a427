"""Of what a group or a user holds, each pair belongs to one address; what is not ours belongs to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import REGISTRY
from reconciler.model.manifest import Limits
from reconciler.model.state import Live, LiveState, Reading
from reconciler.planning.questions import Lookup, Questions, questions
from reconciler.planning.resolve import resolve
from reconciler.planning.scope import scope
from reconciler.planning.subjects import bind_subjects
from tests.support.build import (
    HOME,
    TODAY,
    actions,
    change,
    division,
    guards,
    live,
    manifests,
    marked,
    operation_ids,
    options,
    plan,
    role,
    uid,
)

VIEW = "routing:queue:view"
ACME, GLOBEX, READER, THEIRS = uid(1), uid(2), uid(11), uid(12)
WALLS = [
    marked(division(1, "ACME"), "acme/division/main"),
    marked(division(2, "GLOBEX"), "globex/division/main"),
    division(3, "UNMANAGED"),
]
ROLES = [marked(role(11, "Reader", VIEW), "org/role/reader"), role(12, "Boss", VIEW)]
MAIN = {"key": "main"}
OWN = {"role": "reader", "divisions": "own"}


def people(*subjects: Live, granted: bool = True) -> LiveState:
    """The organisation of these tests; `granted` is what the marker of the role says."""
    roles = [marked(role(11, "Reader", VIEW), "org/role/reader", granted=granted), ROLES[1]]
    state = live(divisions=WALLS, roles=roles)
    return replace(state, readings={**state.readings, "grant": Reading(subjects)})


def group(number: int, name: str, *pairs: tuple[str, str], met: bool = True, sort: str = "group") -> Live:
    """A subject; `met` by a look-up, else seen in a role's view only."""
    fields = {"name": name, "subject": sort, "pairs": frozenset(pairs)}
    raw: Mapping[str, Any] = {"id": uid(number), "name": name} if met else {}
    return Live("grant", uid(number), name, fields, raw)


def entry(key: str, *pairs: Mapping[str, Any], name: str = "Planners", **more: Any) -> dict[str, Any]:
    return {"key": key, "subject": {"group": name}, "pairs": list(pairs or (OWN,)), **more}


def wanted(acme: Any = (), globex: Any = (), shared: Any = ()) -> Any:
    roles = [
        {"key": "reader", "name": "Reader", "permissions": [VIEW]},
        {"key": "boss", "existing": {"name": "Boss"}},
    ]
    org = {"roles": roles, "grants": list(shared)} if shared else {"roles": roles}
    tenants: dict[str, Any] = {
        name: {"divisions": [{**MAIN, "name": name.upper()}], "grants": list(grants)}
        for name, grants in (("acme", acme), ("globex", globex))
    }
    return manifests(org, **tenants)


def slices(made: Any, state: LiveState) -> dict[str, set[tuple[str, str]]]:
    """What each address answers for; "" is what nobody does."""
    desired, _ = resolve(made, REGISTRY, TODAY)
    found = scope(desired, state, REGISTRY)
    _, cut = bind_subjects(desired, state, found, REGISTRY)
    parts: dict[str, set[tuple[str, str]]] = {}
    for item in cut.of("grant"):
        name = str(item.marker.address) if item.marker else ""
        parts.setdefault(name, set()).update(item.fields["pairs"])
    return parts


def test_a_declared_pair_belongs_to_its_entry_and_hand_made_ones_to_the_tenant_of_their_wall() -> None:
    held = group(21, "Planners", (READER, ACME), (READER, GLOBEX), (THEIRS, ACME), (THEIRS, HOME))
    assert slices(wanted([entry("team")]), people(held)) == {
        "acme/grant/team": {(READER, ACME), (THEIRS, ACME)},
        f"globex/grant/{uid(21)}": {(READER, GLOBEX)},
        "": {(THEIRS, HOME)},
    }


@pytest.mark.parametrize("wall", ["*", HOME, uid(3)])
def test_a_role_of_ours_is_ours_wherever_and_the_role_of_another_only_in_our_walls(wall: str) -> None:
    held = group(21, "Planners", (READER, wall), (THEIRS, wall))
    assert slices(wanted(), people(held)) == {f"org/grant/{uid(21)}": {(READER, wall)}, "": {(THEIRS, wall)}}


def test_a_role_that_nobody_refers_to_is_left_alone_even_in_our_walls() -> None:
    org = {"roles": [{"key": "reader", "name": "Reader", "permissions": [VIEW]}]}
    made = manifests(org, acme={"divisions": [{**MAIN, "name": "ACME"}]})
    assert slices(made, people(group(21, "Planners", (THEIRS, ACME)))) == {"": {(THEIRS, ACME)}}


def test_what_two_entries_declare_is_granted_once_and_both_are_as_declared() -> None:
    made = wanted([entry("a"), entry("b")])
    state = people(group(21, "Planners"))
    assert operation_ids(plan(made, state)).count("acme/grant/a:grant") == 1
    assert actions(plan(made, state)) == {"acme/grant/a": "create"}
    assert actions(plan(made, people(group(21, "Planners", (READER, ACME))))) == {}


def test_who_is_called_by_two_entries_is_not_two_objects_of_one_name() -> None:
    _, findings = resolve(wanted([entry("a")], [entry("a")]), REGISTRY, TODAY)
    assert findings == ()


@pytest.mark.parametrize("met", [True, False])
def test_a_subject_that_nobody_names_loses_what_is_ours(met: bool) -> None:
    made = plan(wanted(), people(group(21, "Planners", (READER, ACME), (THEIRS, HOME), met=met)))
    assert actions(made) == {f"acme/grant/{uid(21)}": "revoke", "org/role/reader": "update"}
    path = f"/api/v2/authorization/subjects/{uid(21)}/divisions/{ACME}/roles/{READER}"
    assert [(item.method, item.path) for item in made.operations if "grant" in item.id] == [("DELETE", path)]


def test_who_was_only_seen_as_a_holder_is_not_taken_for_whom_an_entry_names() -> None:
    """Of him we know one role's pairs, not all he holds."""
    made = plan(wanted([entry("team")]), people(group(21, "Planners", (READER, ACME), met=False)))
    assert guards(made) == {"acme/grant/team": "subject"} and actions(made) == {}


def test_in_doubt_only_what_is_declared_stays() -> None:
    twins = group(21, "Planners", (READER, ACME), (READER, GLOBEX)), group(22, "Planners", (READER, ACME))
    made = plan(wanted([entry("team")]), people(*twins))
    assert actions(made) == {f"globex/grant/{uid(21)}": "revoke"}
    assert guards(made) == {"acme/grant/team": "subject"}


def test_the_mark_is_set_before_the_first_is_given_the_role_and_goes_after_the_last() -> None:
    giving = plan(wanted([entry("team")]), people(group(21, "Planners"), granted=False))
    assert operation_ids(giving).index("org/role/reader:update") < operation_ids(giving).index(
        "acme/grant/team:grant"
    )
    (marking,) = [item for item in giving.operations if item.id == "org/role/reader:update"]
    assert marking.body["description"]["granted"] is True
    taking = plan(wanted(), people(group(21, "Planners", (READER, ACME))))
    ids = operation_ids(taking)
    assert ids.index(f"acme/grant/{uid(21)}:revoke-0") < ids.index("org/role/reader:update")


def test_the_mark_stays_while_a_limit_holds_a_revocation_back() -> None:
    gone = [group(number, f"G{number}", (READER, ACME)) for number in range(21, 30)]
    made = plan(wanted(), people(*gone))
    assert actions(made) == {} and set(guards(made).values()) == {"removals"}


def test_a_subject_that_gains_and_loses_loses_first_and_gains_only_then() -> None:
    held = group(21, "Planners", (READER, GLOBEX))
    made = plan(wanted([entry("team")]), people(held))
    ids = operation_ids(made)
    later = next(item for item in made.operations if item.id == ids[-1])
    assert len(ids) == 2 and [edge.id for edge in later.after] == [ids[0]]
    assert not later.after[0].whatever, "or it would reach two tenants"


def test_who_changes_a_role_that_grows_for_another_loses_it_before_it_grows() -> None:
    wider = [
        {"key": "reader", "name": "Reader", "permissions": [VIEW, "routing:queue:edit"]},
        {"key": "boss", "existing": {"name": "Boss"}},
    ]
    acme = {"divisions": [{**MAIN, "name": "ACME"}], "grants": [entry("team", {**OWN, "role": "boss"})]}
    limits = {"limits": Limits(3, 10, change_percent=100, gains=200)}
    grown = manifests({"roles": wider}, policy=limits, acme=acme)
    ids = operation_ids(plan(grown, people(group(21, "Planners", (READER, ACME)))))
    assert ids.index("acme/grant/team:revoke-0") < ids.index("org/role/reader:update")
    assert [item for item in ids if item.startswith("acme/")] == [
        "acme/grant/team:revoke-0",
        "acme/grant/team:grant",
    ]


def test_a_group_counts_as_one_removal_whatever_parts_of_it_go() -> None:
    held = group(21, "Planners", (READER, ACME), (READER, GLOBEX))
    made = plan(wanted(), people(held))
    assert guards(made) == {} and len(made.running) == 3


def test_access_of_a_group_is_told_by_its_name() -> None:
    made = plan(wanted([entry("team")]), people(group(21, "Planners")))
    assert {(item.subject, item.division) for item in made.access.gains} == {("group:Planners", ACME)}


def test_hand_made_access_that_stays_is_no_loss_and_what_one_has_already_is_no_gain() -> None:
    made = plan(wanted([entry("team")]), people(group(21, "Planners", (THEIRS, "*"))))
    assert made.access.gains == () and change(made, "acme/grant/team").action == "create"


def test_nothing_is_asked_where_nobody_is_granted_anything() -> None:
    org = {"roles": [{"key": "reader", "name": "Reader", "permissions": [VIEW]}]}
    state = live(divisions=WALLS, roles=ROLES[:1])
    assert questions(manifests(org), state, options(), REGISTRY) == {}


def test_asked_is_who_is_named_and_the_roles_that_somebody_may_hold() -> None:
    state = people(granted=True)
    team, user = (
        entry("team"),
        {"key": "pat", "subject": {"user": "Pat@example.com"}, "pairs": [OWN], "id": uid(7)},
    )
    asked = questions(wanted([team, user]), state, options(), REGISTRY)
    lookups = (Lookup("group", "Planners", ""), Lookup("user", "pat@example.com", uid(7)))
    assert asked == {"grant": Questions(lookups, (READER, THEIRS))}


PAIRS = st.frozensets(
    st.tuples(st.sampled_from([READER, THEIRS]), st.sampled_from([ACME, GLOBEX, HOME, uid(3), "*"])),
    max_size=6,
)
ENTRIES = st.lists(
    st.sampled_from(
        [entry("a"), entry("b", {"role": "boss", "divisions": "own"}), entry("c", name="Others")]
    ),
    max_size=3,
    unique_by=lambda item: item["key"],
)


@given(PAIRS, PAIRS, ENTRIES, ENTRIES)
def test_no_pair_has_two_owners_and_none_is_lost(one: Any, two: Any, acme: Any, globex: Any) -> None:
    """Whatever is held and declared: the parts are disjoint and come to the whole."""
    state = people(group(21, "Planners", *one), group(22, "Others", *two))
    desired, _ = resolve(wanted(acme, globex), REGISTRY, TODAY)
    found = scope(desired, state, REGISTRY)
    once, cut = bind_subjects(desired, state, found, REGISTRY)
    for number, held in ((21, one), (22, two)):
        parts = [item for item in cut.of("grant") if item.id == uid(number)]
        assert sum(len(item.fields["pairs"]) for item in parts) == len(held)
        assert frozenset().union(*(item.fields["pairs"] for item in parts)) == held
        rest = [pair for item in parts if item.protected for pair in item.fields["pairs"]]
        assert all(pair[0] == THEIRS and pair[1] not in (ACME, GLOBEX) for pair in rest)
    declared = [
        (found.bound[item.address].id, pair)
        for item in once.resources.values()
        if item.address.kind == "grant"
        for pair in item.fields["pairs"]
    ]
    assert len(declared) == len(set(declared))
