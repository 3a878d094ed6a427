"""Asking: which questions put a model of the organisation to the test, with one client's own token.

First round: whose token it is, its grants, where each permission holds, every list that it opens, and what
needs no permission. Then single objects, own and foreign; and once more whatever differs from the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from reconciler.isolation.answers import Known, judge
from reconciler.isolation.expecting import Expected
from reconciler.model.access import EVERYWHERE
from reconciler.model.probe import Ask, Form, Record, Verdict
from reconciler.model.sight import OPEN, Sight

TOKEN = Ask(Form.TOKEN, "/api/v2/tokens/me")
OWN = Ask(Form.OWN, "/api/v2/authorization/subjects/me?includeDuplicates=true")
MOST_FOREIGN = 3
"""Foreign objects asked for by id, of each type; each of another division, as far as there are so many."""


def opening(expected: Expected) -> tuple[Ask, ...]:
    """The questions of the first round."""
    return (
        OWN,
        *(permitted(each) for each in expected.permissions),
        *(listing(each) for each in expected.sights),
        *(Ask(Form.COUNT, path, name) for name, path in OPEN.items()),
    )


def permitted(permission: str) -> Ask:
    """Where a permission holds."""
    return Ask(Form.PERMITTED, "/api/v2/authorization/divisionspermitted/paged/me", permission)


def listing(sight: Sight) -> Ask:
    """Everything that a list shows."""
    return Ask(Form.LIST, sight.path, sight.type, sight.paged)


def singles(expected: Expected, sight: Sight, record: Record, known: Known) -> tuple[Ask, ...]:
    """One object of its own and some foreign ones, by id."""
    if not sight.single:
        return ()
    mine, theirs = owned(expected, sight, record, known), foreign(expected, sight, known)
    return tuple(one(sight, each) for each in (*mine[:1], *theirs))


def one(sight: Sight, identity: str) -> Ask:
    """One object."""
    return Ask(Form.ONE, sight.single.format(id=quote(identity, safe="")), sight.type)


def owned(expected: Expected, sight: Sight, record: Record, known: Known) -> tuple[str, ...]:
    """Objects that it should be shown, listed to itself or to somebody else."""
    reach = expected.reaches((sight.permission,))
    listed = record.replies.get(listing(sight), ())
    walls = dict(known.get(sight.type, {})) | (dict(listed[0].found) if listed else {})
    return tuple(
        sorted(each for each, wall in walls.items() if wall in reach and expected.may_see(sight, wall))
    )


def foreign(expected: Expected, sight: Sight, known: Known) -> tuple[str, ...]:
    """Objects that it may not see, at most so many as are tried: one of each division first."""
    apart: dict[str, str] = {}
    rest: list[str] = []
    for identity, wall in known.get(sight.type, {}).items():
        if len(apart) == MOST_FOREIGN:
            break
        if wall in apart:
            rest.append(identity)
        elif wall not in ("", EVERYWHERE) and not expected.may_see(sight, wall):
            apart[wall] = identity
    return (*apart.values(), *rest)[:MOST_FOREIGN]


def following(expected: Expected, record: Record, known: Known) -> tuple[Ask, ...]:
    """What to ask next: single objects that were not asked for yet, and what differs, a second time."""
    new = (ask for sight in expected.sights for ask in singles(expected, sight, record, known))
    return tuple(dict.fromkeys((*_unasked(new, record), *doubtful(expected, record, known))))


def doubtful(expected: Expected, record: Record, known: Known) -> Iterator[Ask]:
    """What was answered once, and otherwise than the model says."""
    for ask, replies in record.replies.items():
        if len(replies) == 1:
            said = judge(expected, ask, replies[0], known)
            if not said.predicted and said.verdict in (Verdict.LEAK, Verdict.MISMATCH):
                yield ask


def _unasked(asks: Iterable[Ask], record: Record) -> Iterator[Ask]:
    return (ask for ask in asks if ask not in record.replies)
