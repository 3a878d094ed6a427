"""What decides whether access is foreign, and what a rule about it looks like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reconciler.model.access import Access, OrgWideException, Share
from reconciler.model.rule import GradedRule


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Whose each id is, and what may cross.

    `owner_of` gives the owner of a subject or division id ("" where it is nobody's); `home` is the
    Home division's id; `share_of` the share that declares an access, if one does, and `sharing` the
    subjects for whom there are any; `excepted` the permissions that may act org-wide; `accepted` who
    answers for the people that sign in to an app; `ceilings` the divisions that a subject may not leave
    whatever it holds and its tenant owns; `name` is what people call an id.
    """

    owner_of: Callable[[str], str]
    name: Callable[[str], str]
    home: str
    share_of: Callable[[Access], Share | None]
    excepted: Mapping[str, OrgWideException]
    sharing: frozenset[str] = frozenset()
    accepted: Mapping[str, Share] = field(default_factory=dict)
    ceilings: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def beneath(self, subject: str, division: str) -> bool:
        """Whether a division lies beneath the ceiling of a subject; without a ceiling each does."""
        ceiling = self.ceilings.get(subject)
        return ceiling is None or division in ceiling


class Crossing(NamedTuple):
    """One way in which access of a tenant's subject leaves its tenant.

    `broken` answers why an access of a tenant's subject breaks the rule, "" where it does not;
    `of_role` says that the role is what is wrong, wherever it is granted.
    """

    rule: GradedRule
    broken: Callable[[Access, str, Boundaries], str]
    of_role: bool = False
