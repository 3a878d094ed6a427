"""Access in rows: what many may do alike for one reason is one row, the gravest rows first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from reconciler.model.access import Access
from reconciler.reports.causes import Causes
from reconciler.reports.names import Names
from reconciler.reports.words import Sentence, sentences

MOST_ALIKE = 5
"""So many of one cause are still told one by one."""

MOST_ROWS = 24
"""Beyond them, what is alike shares a row whatever its cause."""


class Row(NamedTuple):
    """What `subjects` may do: `sentence` with the divisions of all. `cause` is told of several."""

    subjects: tuple[str, ...]
    sentence: Sentence
    cause: str
    gravity: int


def rows(access: Iterable[Access], names: Names, causes: Causes) -> tuple[Row, ...]:
    """Of all that one side of a difference holds."""
    found = sentences(access, names)
    by_cause = [_row(group, causes) for group in _grouped(found, causes, _of_one_cause(causes))]
    if len(by_cause) > MOST_ROWS:
        alone = [row.sentence for row in by_cause if len(row.subjects) == 1]
        alike = (_row(group, causes) for group in _grouped(alone, causes, _alike, most=1))
        by_cause = [*(row for row in by_cause if len(row.subjects) > 1), *alike]
    return tuple(sorted(by_cause, key=_place))


def _place(row: Row) -> tuple[int, bool, tuple[str, ...]]:
    return -row.gravity, not row.sentence.wide, row.subjects


def _of_one_cause(causes: Causes) -> Callable[[Sentence], Hashable]:
    return lambda each: (cause, _alike(each)) if (cause := causes.of(each.subject)) else each


def _alike(each: Sentence) -> Hashable:
    """What reaches everywhere is alike only with what reaches everywhere."""
    return each.permissions, each.divisions if each.wide else ()


def _grouped(
    found: Iterable[Sentence], causes: Causes, key: Callable[[Sentence], Hashable], most: int = MOST_ALIKE
) -> Iterable[list[Sentence]]:
    """Those of one key that ask the same of the same; up to `most` of them stay alone."""
    groups: dict[Hashable, list[Sentence]] = {}
    for each in found:
        groups.setdefault((key(each), causes.asks(each.subject)), []).append(each)
    for group in groups.values():
        yield from [group] if len({each.subject for each in group}) > most else ([each] for each in group)


def _row(group: list[Sentence], causes: Causes) -> Row:
    first = group[0]
    subjects = tuple(dict.fromkeys(each.subject for each in group))
    divisions = tuple(dict.fromkeys(division for each in group for division in each.divisions))
    shared = {causes.of(subject) for subject in subjects}
    cause = shared.pop() if len(subjects) > 1 and len(shared) == 1 else ""
    return Row(subjects, first._replace(divisions=divisions), cause, causes.gravity(first.subject))
