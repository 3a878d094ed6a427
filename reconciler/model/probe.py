"""A probe as a value: what a token was asked, what came back, and what that means.

Ids of foreign objects stand in questions and in memory alone; what is told are counts and hashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from reconciler.model.secret import Destination


class Verdict(StrEnum):
    """What a token showed, the gravest first."""

    LEAK = "LEAK"
    UNKNOWN = "UNKNOWN"
    MISMATCH = "MISMATCH"
    VACUOUS = "VACUOUS"
    CONFIRMED = "CONFIRMED"


class Form(StrEnum):
    """What sort of question: whose token, which grants, where permitted, a list, one object, how many."""

    TOKEN = "token"
    OWN = "own grants"
    PERMITTED = "permitted"
    LIST = "list"
    ONE = "one"
    COUNT = "count"


class Ask(NamedTuple):
    """One question. `about` is a permission, a type, or "" where there is nothing to tell apart."""

    form: Form
    path: str
    about: str = ""
    paged: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `status` is the vendor's, 0 for no answer; `gap` says why it is of no use.

    `found` are ids with the division they lie in; `everywhere` says that a permission holds in every
    division; `pairs` are (role, division); `total` is how many there are; `identity` is the client and the
    organisation that a token is of.
    """

    status: int = 200
    gap: str = ""
    everywhere: bool = False
    found: Mapping[str, str] = field(default_factory=dict)
    pairs: frozenset[tuple[str, str]] = frozenset()
    total: int = 0
    identity: tuple[str, str] = ("", "")


class Judged(NamedTuple):
    """What one answer means. `predicted` says that the model of the organisation says the same."""

    verdict: Verdict
    said: str = ""
    predicted: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """What one list showed: how many objects, how many of them foreign, and SHA-256 of all their ids.

    `controls` are reads of own objects that were answered; `tried` reads of foreign ones, `answered`
    those of them that were. `said` are reasons.
    """

    type: str
    permission: str
    verdict: Verdict
    listed: int = 0
    foreign: int = 0
    digest: str = ""
    controls: int = 0
    tried: int = 0
    answered: int = 0
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientProbe:
    """What one client's token showed. `permissions` counts those asked for; `open` what needed none."""

    address: str
    tenant: str
    verdict: Verdict
    permissions: int = 0
    sights: tuple[Seen, ...] = ()
    open: Mapping[str, int] = field(default_factory=dict)
    requests: int = 0
    returned: bool = True
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """What every tenant's clients showed. `gaps` is what the model rests on and was not seen."""

    tool: str
    org_name: str
    organization_id: str
    began: str
    ended: str
    clients: tuple[ClientProbe, ...]
    notes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def leaks(self) -> int:
        """How many clients see what they should not."""
        return sum(each.verdict is Verdict.LEAK for each in self.clients)

    @property
    def unknown(self) -> bool:
        """Whether anything stayed open, or the organisation is not as the model says."""
        open_ones = (Verdict.UNKNOWN, Verdict.MISMATCH)
        return bool(self.gaps) or any(each.verdict in open_ones for each in self.clients)


class Candidate(NamedTuple):
    """A tenant's client to probe: where its secret lies, or `excuse`, why it cannot be asked."""

    id: str
    address: str
    tenant: str
    destination: Destination | None = None
    excuse: str = ""
    verdict: Verdict = Verdict.UNKNOWN


@dataclass(slots=True)
class Record:
    """What a client's visits brought: up to two replies to each question, and what went wrong."""

    replies: dict[Ask, list[Reply]] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    requests: int = 0
    returned: bool = True
