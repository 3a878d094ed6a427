"""What a token showed is judged against the walls first, and then against the model."""

from __future__ import annotations

import pytest

from reconciler.isolation.answers import judge, settled
from reconciler.isolation.asking import OWN, TOKEN, following, listing, one, opening, permitted
from reconciler.isolation.boundaries import Boundaries
from reconciler.isolation.concluding import conclude
from reconciler.isolation.expecting import Expected
from reconciler.isolation.matrix import AccessState
from reconciler.isolation.population import Population, Subject
from reconciler.isolation.reach import Reach
from reconciler.model.access import Access, Allows, Fact, Holds, Nature, Share
from reconciler.model.probe import Ask, Candidate, Form, Record, Reply, Verdict
from reconciler.model.sight import SIGHTS

ME, QUEUE, WIDE = "acme-x", "routing:queue:view", "telephony:plugin:all"
OWNERS = {"a1": "acme", "a2": "acme", "g1": "globex", "home": ""}
QUEUES = SIGHTS[0]
KNOWN = {"queues": {"mine": "a1", "other": "a2", "theirs": "g1", "stray": "home", "starred": "*"}}
SHARED = Share("planning", "sec@x.example", "2027-06-30")


def expected(*places: str, permission: str = QUEUE, shared: str = "", confine: str = "") -> Expected:
    """A client of acme that holds one permission in these divisions, and may not leave `confine`."""
    facts: list[Fact] = [Allows("r", permission), *(Holds(ME, "r", place) for place in places)]
    people = Population(
        access=AccessState.of(facts),
        subjects={ME: Subject(ME, ME, "client", Nature.PROGRAM, "acme")},
        groups={},
        unread=frozenset(),
        walls=OWNERS,
        counts={},
        declared={},
        names={},
        catalogue={QUEUE: True, WIDE: False},
        operator="operator",
    )

    def share_of(item: Access) -> Share | None:
        return SHARED if item.division == shared else None

    ceilings = {ME: frozenset({confine})} if confine else {}
    bounds = Boundaries(lambda each: OWNERS.get(each, "acme"), str, "home", share_of, {}, ceilings=ceilings)
    return Expected(ME, "acme", Reach(people), bounds)


def shows(**walls: str) -> Reply:
    return Reply(found=walls)


LIST, PERMITTED = listing(QUEUES), permitted(QUEUE)
MINE, THEIRS = one(QUEUES, "mine"), one(QUEUES, "theirs")


@pytest.mark.parametrize(
    ("places", "ask", "reply", "verdict", "predicted"),
    [
        (["a1"], PERMITTED, shows(a1="a1"), "CONFIRMED", True),
        (["a1"], PERMITTED, shows(a1="a1", g1="g1"), "LEAK", False),
        (["a1", "g1"], PERMITTED, shows(a1="a1", g1="g1"), "LEAK", True),
        (["*"], PERMITTED, Reply(everywhere=True), "LEAK", True),
        (["a1"], PERMITTED, Reply(everywhere=True), "LEAK", False),
        (["a1"], PERMITTED, shows(a1="a1", a2="a2"), "MISMATCH", False),
        (["a1"], PERMITTED, shows(), "MISMATCH", False),
        (["a1", "gone"], PERMITTED, shows(a1="a1"), "CONFIRMED", True),
        (["a1"], LIST, shows(mine="a1"), "CONFIRMED", True),
        (["a1"], LIST, shows(mine="a1", starred="*"), "CONFIRMED", True),
        (["a1"], LIST, shows(mine="a1", theirs="g1"), "LEAK", False),
        (["a1"], LIST, shows(mine="a1", stray="home"), "LEAK", False),
        (["*"], LIST, shows(mine="a1", theirs="g1"), "LEAK", True),
        (["a1"], LIST, shows(mine="a1", other="a2"), "MISMATCH", False),
        (["a1"], LIST, shows(), "MISMATCH", False),
        (["a1"], LIST, Reply(403), "MISMATCH", False),
        (["a1"], MINE, Reply(), "CONFIRMED", True),
        (["a1"], MINE, Reply(404), "MISMATCH", False),
        (["a1"], THEIRS, Reply(403), "CONFIRMED", True),
        (["a1"], THEIRS, Reply(404), "CONFIRMED", True),
        (["a1"], THEIRS, Reply(), "LEAK", False),
        (["*"], THEIRS, Reply(), "LEAK", True),
        (["*"], THEIRS, Reply(404), "MISMATCH", False),
        (["a1"], OWN, Reply(pairs=frozenset({("r", "a1")})), "CONFIRMED", True),
        (["a1"], OWN, Reply(pairs=frozenset({("r", "a2")})), "MISMATCH", False),
        (["a1"], OWN, Reply(), "VACUOUS", True),
        (["a1"], TOKEN, Reply(identity=(ME, "org")), "CONFIRMED", True),
        (["a1"], TOKEN, Reply(identity=("somebody", "org")), "MISMATCH", False),
    ],
)
def test_an_answer_is_held_against_the_walls_and_the_model(
    places: list[str], ask: Ask, reply: Reply, verdict: str, predicted: bool
) -> None:
    found = judge(expected(*places), ask, reply, KNOWN)
    assert (found.verdict, found.predicted) == (verdict, predicted), found


@pytest.mark.parametrize("form", [LIST, PERMITTED, MINE, THEIRS, OWN, TOKEN])
@pytest.mark.parametrize(
    "reply", [Reply(503), Reply(429), Reply(0, "no usable answer"), Reply(gap="shows 1 of 2"), Reply(401)]
)
def test_what_is_neither_answered_nor_refused_says_nothing(form: Ask, reply: Reply) -> None:
    assert judge(expected("a1"), form, reply, KNOWN).verdict is Verdict.UNKNOWN


def test_a_declared_share_is_no_leak() -> None:
    mine = expected("a1", "g1", shared="g1")
    assert judge(mine, LIST, shows(mine="a1", theirs="g1"), KNOWN).verdict is Verdict.CONFIRMED
    assert judge(mine, PERMITTED, shows(a1="a1", g1="g1"), KNOWN).verdict is Verdict.CONFIRMED


@pytest.mark.parametrize(
    ("ask", "reply"),
    [
        (LIST, shows(mine="a1", other="a2")),
        (PERMITTED, shows(a1="a1", a2="a2")),
        (one(QUEUES, "other"), Reply()),
    ],
)
def test_what_a_confined_client_is_shown_beyond_its_ceiling_is_a_leak(ask: Ask, reply: Reply) -> None:
    """Its tenant owns both divisions."""
    assert judge(expected("a1", "a2"), ask, reply, KNOWN).verdict is Verdict.CONFIRMED
    for places, predicted in ((("a1", "a2"), True), (("a1",), False)):
        found = judge(expected(*places, confine="a1"), ask, reply, KNOWN)
        assert (found.verdict, found.predicted) == (Verdict.LEAK, predicted)
    assert one(QUEUES, "other") in following(expected("a1", confine="a1"), Record(), KNOWN)


def test_a_permission_that_no_division_confines_leaks_wherever_it_was_granted() -> None:
    found = judge(expected("a1", permission=WIDE), permitted(WIDE), shows(a1="a1"), KNOWN)
    assert (found.verdict, found.predicted) == (Verdict.LEAK, True)


def test_two_readings_that_differ_are_no_knowledge() -> None:
    more, right = shows(mine="a1", theirs="g1"), shows(mine="a1")
    assert settled(expected("a1"), LIST, [more, right], KNOWN).verdict is Verdict.UNKNOWN
    assert settled(expected("a1"), LIST, [more, more], KNOWN).verdict is Verdict.LEAK


def test_what_differs_is_asked_once_more_and_never_a_third_time() -> None:
    mine, record = expected("a1"), Record()
    record.replies = {LIST: [shows(mine="a1", theirs="g1")], PERMITTED: [shows(a1="a1")]}
    asked = following(mine, record, KNOWN)
    assert LIST in asked and PERMITTED not in asked
    record.replies[LIST].append(shows(mine="a1", theirs="g1"))
    assert LIST not in following(mine, record, KNOWN)


def test_own_and_foreign_objects_are_asked_for_by_id_each_once() -> None:
    mine, record = expected("a1"), Record()
    record.replies = {LIST: [shows(mine="a1")]}
    assert set(following(mine, record, KNOWN)) == {MINE, THEIRS, one(QUEUES, "stray")}
    record.replies |= {ask: [Reply()] for ask in following(mine, record, KNOWN)}
    assert all(len(record.replies[ask]) == 1 for ask in record.replies)
    asked = following(mine, record, KNOWN)
    assert set(asked) == {THEIRS, one(QUEUES, "stray")}  # answered, which no model foresaw


def test_at_most_three_foreign_objects_of_a_type_are_asked_for() -> None:
    many = {"queues": {f"q{number:03}": "g1" for number in range(500)}}
    assert len(following(expected("a1"), Record(), many)) == 3


def test_only_what_is_held_is_asked_for() -> None:
    asked = opening(expected("a1"))
    assert [ask.about for ask in asked if ask.form is Form.PERMITTED] == [QUEUE]
    assert [ask.path for ask in asked if ask.form is Form.LIST] == [QUEUES.path]
    assert not any(ask.form in (Form.PERMITTED, Form.LIST) for ask in opening(expected()))


ALL_WELL = {
    LIST: [shows(mine="a1")],
    PERMITTED: [shows(a1="a1")],
    MINE: [Reply()],
    THEIRS: [Reply(403)],
    one(QUEUES, "stray"): [Reply(404)],
}


def concluded(
    replies: dict[Ask, list[Reply]], known: dict[str, dict[str, str]] = KNOWN
) -> tuple[Verdict, Verdict]:
    record = Record(replies=replies)
    found = conclude(Candidate(ME, "acme/client/x", "acme"), expected("a1"), record, known)
    return found.verdict, found.sights[0].verdict


def test_own_objects_shown_and_foreign_ones_refused_is_confirmed() -> None:
    assert concluded(ALL_WELL) == (Verdict.CONFIRMED, Verdict.CONFIRMED)


def test_without_an_object_of_its_own_nothing_is_confirmed() -> None:
    known = {"queues": {"theirs": "g1"}}
    replies = {LIST: [shows()], PERMITTED: [shows(a1="a1")], THEIRS: [Reply(403)]}
    assert concluded(replies, known) == (Verdict.VACUOUS, Verdict.VACUOUS)


def test_without_a_foreign_object_nothing_is_confirmed() -> None:
    known = {"queues": {"mine": "a1"}}
    replies = {LIST: [shows(mine="a1")], PERMITTED: [shows(a1="a1")], MINE: [Reply()]}
    assert concluded(replies, known) == (Verdict.VACUOUS, Verdict.VACUOUS)


@pytest.mark.parametrize(
    ("ask", "replies", "verdict"),
    [
        (THEIRS, [Reply(), Reply()], Verdict.LEAK),
        (THEIRS, [Reply(503)], Verdict.UNKNOWN),
        (MINE, [Reply(403), Reply(403)], Verdict.MISMATCH),
        (LIST, [Reply(gap="cut")], Verdict.UNKNOWN),
    ],
)
def test_one_answer_is_enough_to_spoil_it(ask: Ask, replies: list[Reply], verdict: Verdict) -> None:
    assert concluded({**ALL_WELL, ask: replies})[0] is verdict


def test_a_leak_stays_one_whatever_else_is_unknown() -> None:
    assert concluded({**ALL_WELL, THEIRS: [Reply(), Reply()], MINE: [Reply(503)]})[0] is Verdict.LEAK


@pytest.mark.parametrize("replies", [{}, ALL_WELL], ids=["nothing asked", "all well before"])
def test_who_could_not_be_asked_to_the_end_is_unknown(replies: dict[Ask, list[Reply]]) -> None:
    record = Record(replies=dict(replies), trouble=["it got no token"])
    for mine in (expected("a1"), expected()):
        found = conclude(Candidate(ME, "acme/client/x", "acme"), mine, record, KNOWN)
        assert found.verdict is Verdict.UNKNOWN and found.reasons[0] == "it got no token"
