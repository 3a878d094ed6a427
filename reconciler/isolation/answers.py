"""Answers: what one answer of the organisation means, held against the model. One function for each form.

403 and 404 both pass for a foreign object: the vendor does not say which it is. What is answered with
anything but those or a success says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

from reconciler.isolation.expecting import Expected
from reconciler.model.access import EVERYWHERE
from reconciler.model.probe import Ask, Form, Judged, Reply, Verdict
from reconciler.model.sight import SIGHTS, Sight
from reconciler.model.words import counted

REFUSED = (403, 404)
_FINE = Judged(Verdict.CONFIRMED)

Known = Mapping[str, Mapping[str, str]]
"""Objects that somebody could list: by type, ids in their order with the division they lie in."""


def judge(expected: Expected, ask: Ask, reply: Reply, known: Known) -> Judged:
    """What it means; CONFIRMED where the model says the same and nothing crosses a wall."""
    if reply.gap or (reply.status != 200 and reply.status not in REFUSED):
        return Judged(Verdict.UNKNOWN, f"{_what(ask)}: {reply.gap or f'answered {reply.status}'}")
    return _JUDGES[ask.form](expected, ask, reply, known)


def settled(expected: Expected, ask: Ask, replies: Iterable[Reply], known: Known) -> Judged:
    """What two answers to one question mean: if they mean different things, nothing is known."""
    first, *more = (judge(expected, ask, reply, known) for reply in replies)
    if any(each.verdict is not first.verdict for each in more):
        return Judged(Verdict.UNKNOWN, f"{_what(ask)}: not settled, two readings differ")
    return more[-1] if more else first


def shown_foreign(expected: Expected, sight: Sight, reply: Reply) -> list[str]:
    """The divisions of what a list showed and the client may not see, one for each object."""
    walls = (wall for wall in reply.found.values() if wall not in ("", EVERYWHERE))
    return [wall for wall in walls if not expected.may_see(sight, wall)]


def _what(ask: Ask) -> str:
    return ask.about or str(ask.form)


def _token(expected: Expected, ask: Ask, reply: Reply, known: Known) -> Judged:
    if reply.status == 200 and reply.identity[0] == expected.subject:
        return _FINE
    return Judged(Verdict.MISMATCH, "the token is not this client's", predicted=False)


def _own(expected: Expected, ask: Ask, reply: Reply, known: Known) -> Judged:
    if reply.status in REFUSED or (expected.pairs and not reply.pairs):
        return Judged(Verdict.VACUOUS, "the organisation shows this client none of its own grants")
    more, less = len(reply.pairs - expected.pairs), len(expected.pairs - reply.pairs)
    if more or less:
        said = f"its own view shows {more} grants more and {less} fewer than the model"
        return Judged(Verdict.MISMATCH, said, predicted=False)
    return _FINE


def _permitted(expected: Expected, ask: Ask, reply: Reply, known: Known) -> Judged:
    permission = ask.about
    said = expected.walls if reply.everywhere else frozenset(reply.found)
    model = expected.granted(permission)
    foreign = sum(not expected.lawful(permission, wall) for wall in said)
    if foreign:
        beyond = bool(said - expected.reaches((permission,)))
        text = f"{permission} is permitted in {_walls(foreign)} that it may not reach"
        return Judged(Verdict.LEAK, text, predicted=not beyond)
    if said == model or (reply.everywhere and not expected.confined(permission)):
        return _FINE
    text = f"{permission} is permitted in {_walls(len(said))}, the model says {len(model)}"
    return Judged(Verdict.MISMATCH, text, predicted=False)


def _list(expected: Expected, ask: Ask, reply: Reply, known: Known) -> Judged:
    sight = _sight(ask)
    if reply.status in REFUSED:
        return Judged(Verdict.MISMATCH, f"{ask.about}: refused, though it holds the permission", False)
    reach = expected.reaches(expected.opening(sight))
    if foreign := shown_foreign(expected, sight, reply):
        text = f"{ask.about}: the list holds {counted(len(foreign), 'foreign object')}"
        return Judged(Verdict.LEAK, text, predicted=set(foreign) <= reach)
    beyond = sum(wall not in reach for wall in reply.found.values() if wall not in ("", EVERYWHERE))
    certain = expected.reaches((sight.permission,))
    hidden = sum(
        wall in certain and each not in reply.found for each, wall in known.get(sight.type, {}).items()
    )
    if beyond or hidden:
        text = f"{ask.about}: {counted(beyond, 'object')} shown and {hidden} not, other than the model says"
        return Judged(Verdict.MISMATCH, text, predicted=False)
    return _FINE


def _one(expected: Expected, ask: Ask, reply: Reply, known: Known) -> Judged:
    """Only objects are asked for of which it is known where they lie."""
    sight, identity = _sight(ask), unquote(ask.path.rpartition("/")[2])
    wall, answered = known.get(ask.about, {}).get(identity, ""), reply.status == 200
    is_foreign = not expected.may_see(sight, wall)
    if answered and is_foreign:
        foreseen = wall in expected.reaches(expected.opening(sight))
        return Judged(Verdict.LEAK, f"{ask.about}: a foreign object was answered", predicted=foreseen)
    if not answered and wall in expected.reaches((sight.permission,)):
        whose = "a foreign" if is_foreign else "an own"
        text = f"{ask.about}: {whose} object was refused, which the model says it reaches"
        return Judged(Verdict.MISMATCH, text, predicted=False)
    return _FINE


def _count(expected: Expected, ask: Ask, reply: Reply, known: Known) -> Judged:
    return _FINE


def _walls(number: int) -> str:
    return f"{number:,} division{'' if number == 1 else 's'}"


def _sight(ask: Ask) -> Sight:
    """The list that a question is about; one object stands below its list."""
    path = ask.path if ask.form is Form.LIST else ask.path.rpartition("/")[0]
    return next(each for each in SIGHTS if each.path == path)


_JUDGES: Mapping[Form, Callable[[Expected, Ask, Reply, Known], Judged]] = {
    Form.TOKEN: _token,
    Form.OWN: _own,
    Form.PERMITTED: _permitted,
    Form.LIST: _list,
    Form.ONE: _one,
    Form.COUNT: _count,
}
