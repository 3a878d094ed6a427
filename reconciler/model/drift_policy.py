"""What the Org document says about drift: what is corrected unasked, and what is known and left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from reconciler.model.access import Share
from reconciler.model.address import Selector
from reconciler.model.origin import Origin

Correct = Literal["detect", "downwards", "upwards"]
"""`detect`: nothing; `downwards`: access that nobody declared is taken back unasked; `upwards`: besides,
the rest is planned for somebody to approve."""

CORRECTS: tuple[Correct, ...] = get_args(Correct)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Drift below `drift` that is known and stays for a while.

    `fields` narrow it to drift of those fields alone, empty for any; `share` says why and
    until when, and who answers for it.
    """

    drift: Selector
    fields: frozenset[str]
    share: Share
    origin: Origin


@dataclass(frozen=True, slots=True)
class DriftPolicy:
    """What is corrected unasked, and what drift is acknowledged."""

    correct: Correct = "detect"
    acknowledged: tuple[Acknowledged, ...] = ()
