"""Sources of access: which cells of the matrix a single fact gives, in one state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from reconciler.isolation.matrix import AccessState, Catalogue
from reconciler.model.access import ORG_WIDE, Access, Allows, Fact, Holds


class Sources:
    """Answers, for facts that are true in `state`, what they let somebody do.

    A pair gives its subject whatever its role allows; a permission gives everybody who holds its role
    that permission. Several facts may give one cell, and each of them is told.
    """

    def __init__(self, state: AccessState, catalogue: Catalogue) -> None:
        self._allows = state.allows
        self._catalogue = catalogue
        self._holders = _holders(state)

    def access(self, facts: Iterable[Fact]) -> Iterator[Access]:
        """The cells that these facts give, in no particular order."""
        for fact in facts:
            if isinstance(fact, Holds):
                for permission in self._allows.get(fact.role, ()):
                    yield self._cell(fact.subject, permission, fact.division, fact.role)
            elif isinstance(fact, Allows):
                for subject, division in self._holders.get(fact.role, ()):
                    yield self._cell(subject, fact.permission, division, fact.role)

    def _cell(self, subject: str, permission: str, division: str, role: str) -> Access:
        confined = self._catalogue.get(permission, False)
        return Access(subject, permission, division if confined else ORG_WIDE, role)


def _holders(state: AccessState) -> Mapping[str, list[tuple[str, str]]]:
    """Who holds each role where, as (subject, division)."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for subject, pairs in state.holds.items():
        for role, division in pairs:
            found[role].append((subject, division))
    return found
