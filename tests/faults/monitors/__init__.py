"""Monitors: at every commit (safety), at the end of a case, and on every byte that was said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.faults.monitors import births, commits, ends, hands
from tests.faults.place import Place
from tests.faults.watch import Moment, Watch

COMMITS: Mapping[str, Callable[[Watch, Moment], Iterator[str]]] = {
    "I5 one usable client": commits.one_usable,
    "I6 unowned untouched": commits.unowned_untouched,
    "I6 people told": commits.people_told,
    "I8 no widening": commits.no_widening,
    "I9 no union of tenants": commits.no_union,
    "I11 no lock-out": commits.no_lockout,
    "I12 secret in its sink": births.secret_kept,
    "I12 born bare": births.born_bare,
    "I15 sink proven first": births.proven_first,
    "I16 write-ahead": births.written_ahead,
    "I20 told before undone": hands.told_first,
    "I20 looked at again": hands.looked_first,
    "I20 no fight": hands.no_fight,
    "I22 partial is not whole": commits.whole_reading,
    "I24 born once": commits.born_once,
}
"""Judged after each commit, an administrator's too."""

ENDS: Mapping[str, Callable[[Place], Iterator[str]]] = {
    "E end state": ends.end_state,
    "E borrowed returned": ends.returned,
    "I5 no twin stays": ends.no_twins,
    "I12 secret in its sink": births.kept_at_rest,
    "I14 secrets unsaid": ends.unsaid,
    "I20 left alone and told": hands.left_alone,
    "S settled": ends.refused,
}
"""Judged once everything is at rest."""
