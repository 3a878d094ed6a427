"""Which lines of an entry's grants to change so that it is granted what its object holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from reconciler.model.access import OWN, ROLE_FIELD, DeclaredGrant
from reconciler.model.address import ORG, Address
from reconciler.model.origin import Origin
from reconciler.model.patch import Edit
from reconciler.model.value import Ref, Value
from reconciler.planning.handing import Pair
from reconciler.planning.pairs import Context, resolve_pairs

_DIVISIONS = "divisions"


class Beyond(Exception):
    """No line can say it; the argument says why."""


class Entries(NamedTuple):
    """Whose entry it is, the field of its pairs, and the live ids of what is declared."""

    context: Context
    field: str
    ids: Mapping[Address, str]
    names: Mapping[str, str]

    def address(self, identity: str, kind: str) -> Address | None:
        """The declared address of a live id."""
        return next((at for at, known in self.ids.items() if known == identity and at.kind == kind), None)

    def called(self, identity: str) -> str:
        """A name for people."""
        return self.names.get(identity, identity)


class _Line(NamedTuple):
    """One line as written, the live pairs it means, and what it calls each division."""

    grant: DeclaredGrant
    pairs: frozenset[Pair]
    walls: Mapping[str, str]


def pair_edits(
    grants: tuple[DeclaredGrant, ...], is_so: Set[Pair], should_be: Set[Pair], entries: Entries
) -> list[Edit]:
    """Edits of the entry, in the order they have to be made. Raises `Beyond` for a pair no line can say.

    Lines change before lines go, the last first, and new lines come at the end: steps count the lines as
    they were written.
    """
    found = [_line(grant, entries) for grant in grants]
    gone, come = should_be - is_so, is_so - should_be
    dropped = [line for line in found if line.pairs and line.pairs <= gone]
    kept = [line for line in found if line not in dropped]
    inside = [edit for line in kept for edit in _less(line, gone, entries)]
    drops = [Edit("drop", line.grant.steps) for line in reversed(dropped)]
    more = [*_more(come, kept, entries)]
    return [*inside, *(each for each in more if len(each.steps) > 1), *drops,
            *(each for each in more if len(each.steps) == 1)]  # fmt: skip


def _line(grant: DeclaredGrant, entries: Entries) -> _Line:
    found = resolve_pairs((grant,), entries.context, Origin("")).pairs
    walls = {_id(wall, entries): _word(wall, entries) for _, wall in found}
    return _Line(grant, frozenset((_id(role, entries), _id(wall, entries)) for role, wall in found), walls)


def _id(value: Value, entries: Entries) -> str:
    return entries.ids.get(value.address, "") if isinstance(value, Ref) else str(value)


def _word(value: Value, entries: Entries) -> str:
    """A division as its owner's entries call it."""
    if not isinstance(value, Ref):
        return str(value)
    address = value.address
    return address.key if address.owner == entries.context.owner else f"{address.owner}/{address.key}"


def _less(line: _Line, gone: Set[Pair], entries: Entries) -> Iterator[Edit]:
    """A line without some of its divisions; `own` becomes the list of the others."""
    walls = {wall for role, wall in line.pairs & gone}
    place = (*line.grant.steps, _DIVISIONS)
    if walls and line.grant.divisions == OWN:
        rest = [own.address.key for own in entries.context.own if _id(own, entries) not in walls]
        yield Edit("say", place, rest)
    elif walls:
        yield from (Edit("swap", place, None, text) for text in line.grant.divisions
                    if text in {line.walls[wall] for wall in walls})  # fmt: skip


def _more(come: Set[Pair], kept: list[_Line], entries: Entries) -> Iterator[Edit]:
    """Divisions more in a line of that role, or a line more."""
    new: dict[str, list[str]] = defaultdict(list)
    for role, wall in sorted(come):
        word = _division(role, wall, entries)
        line = next((each for each in kept if _takes(each, role)), None)
        if line:
            yield Edit("append", (*line.grant.steps, _DIVISIONS), word)
        else:
            new[_role(role, entries)].append(word)
    for name, words in new.items():
        yield Edit("append", (entries.field,), {ROLE_FIELD: name, _DIVISIONS: words})


def _takes(line: _Line, role: str) -> bool:
    """Whether divisions of that role may be listed in it."""
    listed = not isinstance(line.grant.divisions, str) and line.grant.share is None
    return listed and any(held == role for held, _ in line.pairs)


def _division(role: str, wall: str, entries: Entries) -> str:
    context = entries.context
    address = entries.address(wall, context.registry.pair[1])
    said = f"it holds {entries.called(role)} in {entries.called(wall)}"
    if address is None:
        raise Beyond(f"{said}, which no manifest names")
    if address.owner not in (context.owner, ORG):
        raise Beyond(f"{said}, which is {address.owner}'s: a `share` needs somebody who answers for it")
    return _word(Ref(address), entries)


def _role(identity: str, entries: Entries) -> str:
    context = entries.context
    address = entries.address(identity, context.registry.pair[0])
    if address is None:
        raise Beyond(f"it holds {entries.called(identity)}, a role that no manifest names")
    rivals = [at for at in entries.ids if at[1:] == address[1:] and at.owner in (context.owner, ORG)]
    return address.key if len(rivals) == 1 else f"{address.owner}/{address.key}"
