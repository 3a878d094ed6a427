"""From any version of the manifests to any other, over what hands had made before: it arrives, and in between
nobody has more than before or after."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.plan import Plan
from tests.support.hands import Hands, given_by_hand, hands, made_by_hand
from tests.support.people import PEOPLE
from tests.support.states import (
    Pair,
    State,
    addresses,
    essence,
    flagged,
    held,
    markers,
    names,
    own,
    peoples,
    reach,
    strange,
    taken_over,
    walls_of,
)
from tests.support.story import Story
from tests.support.versions import Version, as_manifests, versions
from tests.support.wanted import People, declared, runs, shares, waiting, wanted

SOME = settings(max_examples=settings().max_examples // 3)
"""Each example applies several times."""
LEFT = {
    "conflict", "waiting", "held", "not-empty", "reference", "renamed", "leak", "adopt", "subject",
}  # fmt: skip
"""Guards whose release is an author's or an administrator's to follow."""
Grant = dict[str, Any]


class Told:
    """Two versions told of one organisation, and every state it went through."""

    def __init__(self, story: Story, pair: tuple[Version, Version], made: Hands) -> None:
        self.story, self.pair, self.made = story, pair, made
        made_by_hand(story, made)
        self.states = [story.sim.snapshot()]
        story.watch = self.states.append

    def go_to(self, number: int, dies_after: int | None = None, deep: bool = False) -> None:
        """To a version, and look at all that there was on the way.

        A run that `dies_after` so many writes (of those it has) comes first. What people hold of ours by
        hand goes too: some of it with every run, the rest with a `deep` one.
        """
        version, self.states[:] = self.pair[number], [self.story.sim.snapshot()]
        manifests, allowed = as_manifests(version), runs(version)
        if dies_after:
            plan = self.story.plan(manifests)
            writes = sum(item.does == "request" for item in plan.operations)
            self.story.apply(plan, manifests, dies_after=1 + dies_after % max(writes, 1))
            allowed += 2
        plan = self.story.settle(manifests, allowed, deep)
        back = withheld(plan)
        last, waits = self.states[-1], waiting(version, back)
        arrived(last, version, back, waits)
        delivered(self.story, last)
        people, called = People(version, self.made.may_search), names(last, waits)
        missed = [] if deep else unseen(self.states[0], people, called)
        people_have(self.states, self.ours(), people, back, called, missed)
        self.in_between((self.pair[max(number - 1, 0)], version), missed)

    def ours(self) -> set[str]:
        """The ids of what was ours on the way."""
        return {identity for state in self.states for identity in addresses(state)}

    def in_between(self, ends: tuple[Version, Version], unseen: Collection[Grant]) -> None:
        """After every write: nobody reaches more than before or after, or behind a wall of neither version;
        who was given a role is found by its mark; what is not ours, and what our client holds, is as it was.

        Two things are more: what a role taken over allows until the next run, and what a role that changes
        allows to those of whom nothing says that they hold it, `unseen`.
        """
        states, ours, last = self.states, self.ours(), walls_of(self.states[-1])
        before, after = reach(states[0]), reach(states[-1])
        taken, hidden = taken_over(states[0], states[-1]), reach({**states[-1], "grants": unseen})
        bounds = Owned(states[0], ends[0]), Owned(states[-1], ends[1])
        for state in states:
            for subject, cells in reach(state).items():
                assert cells <= before[subject] | after[subject] | taken[subject] | hidden[subject]
            confined(state, bounds)
            findable(state, states[0], ours)
            assert strange(state, ours, last) == strange(states[0], ours, last)
        assert own(states[-1]) == own(states[0])


def withheld(plan: Plan) -> set[str]:
    """What is held back at the end, by address: only what others must release, and how is said."""
    for change in plan.withheld:
        assert change.withheld and change.withheld.guard in LEFT and change.withheld.release, change
    return {str(change.address) for change in plan.withheld}


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


def findable(state: State, start: State, ours: set[str]) -> None:
    """Who is given a role of ours, or held it while its mark said so, is found by the mark in every state."""
    marked, once, earlier = flagged(state), flagged(start), peoples(start, ours)
    for subject, pairs in peoples(state, ours).items():
        for pair in pairs:
            if pair[0] in addresses(state) and (pair not in earlier[subject] or pair[0] in once):
                assert pair[0] in marked, (PEOPLE[subject], addresses(state)[pair[0]])


def arrived(state: State, version: Version, back: set[str], waits: dict[str, str]) -> None:
    """Each client holds what the version says, but for what a guard holds back; no other holds anything."""
    want = wanted(version)
    have = held(state, names(state, waits))
    for address, pairs in have.items():
        due = want.get(address, set())
        assert pairs == due or (address in back and pairs < due), (address, pairs, due, back)
    assert set(want) <= {*have, *back}
    kept = {str(item) for item in addresses(state).values() if not declared(item, version)}
    assert not version["prune"] or kept <= {*back, *waits}, (kept, back)


def delivered(story: Story, state: State) -> None:
    """The secret of every client that may be used has arrived."""
    known = markers(state)
    for row in state["clients"]:
        if row["id"] in known and row["state"] == "active":
            assert not known[row["id"]].nonce
            assert story.secrets[row["id"]] == story.sim.org.secrets[row["id"]]


def people_have(
    states: list[State],
    ours: set[str],
    people: People,
    back: set[str],
    called: dict[str, str],
    missed: list[Grant],
) -> None:
    """Groups and users hold of ours what the version says, and roles' marks say who was given them.

    What hands gave stays only where it was `missed`.
    """
    first, last = states[0], states[-1]
    marked = flagged(first)
    had = {subject: named(pairs, called) for subject, pairs in peoples(first, ours).items()}
    through_us = set()
    for subject, ids in peoples(last, ours).items():
        have, due = named(ids, called), people.due(subject, had[subject])
        entries = people.entries[subject]
        held_back = set().union(*(pairs for address, pairs in entries.items() if address in back))
        assert due - have <= held_back, (PEOPLE[subject], due - have, back)
        hidden = {(row["roleId"], row["divisionId"]) for row in missed if row["subjectId"] == subject}
        assert have - due <= named(hidden, called), (PEOPLE[subject], have - due, hidden)
        through_us |= {role for role, _ in have & due} if entries else set()
    assert people.unmet <= back
    told, knows = {called[identity] for identity in flagged(last)}, {called.get(item) for item in marked}
    assert through_us - {"Theirs"} <= told, (through_us, told)
    assert told <= through_us | (knows & people.roles) | back, (told, through_us, people.roles)
    assert knows & people.roles <= told, (knows, told)


def unseen(state: State, people: People, called: dict[str, str]) -> list[Grant]:
    """What hands gave people and a run that is not deep leaves alone.

    It looks at all that those hold whom entries name, and at the roles that entries name, that are only
    referred to, and that were marked. A pair of anybody else on any other role only a deep one takes.
    """
    return [
        row
        for row in state["grants"]
        if row["subjectId"] in PEOPLE and row["roleId"] in called and row["roleId"] not in flagged(state)
        if not people.looked_for(row["subjectId"], called[row["roleId"]])
    ]


def named(pairs: Iterable[Pair], called: dict[str, str]) -> set[Pair]:
    """Pairs by names; those of what is gone are left out."""
    return {(called[one], called[two]) for one, two in pairs if one in called and two in called}


@SOME
@pytest.mark.timeout(1200)
@given(pair=versions(), made=hands())
def test_one_version_after_another(pair: tuple[Version, Version], made: Hands) -> None:
    with Story() as story:
        told = Told(story, pair, made)
        told.go_to(0)
        given_by_hand(story, made.between)
        told.go_to(1)
        told.go_to(1, deep=True)


@SOME
@pytest.mark.timeout(1200)
@given(pair=versions(), made=hands(), cut=st.integers(1, 40))
def test_a_run_that_died_is_finished_by_the_next(
    pair: tuple[Version, Version], made: Hands, cut: int
) -> None:
    """After any write, unheard: the next runs end where an undisturbed run ends, and no secret is lost."""
    ends = []
    for dies_after in (None, cut):
        with Story() as story:
            told = Told(story, pair, made)
            told.go_to(0)
            given_by_hand(story, made.between)
            told.go_to(1, dies_after)
            ends.append(essence(told.states[-1], told.ours()))
    assert ends[0] == ends[1]
