"""What consent a plan asks for, in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from reconciler.model.consent import Ground
from reconciler.model.words import population
from reconciler.reports.lines import Line, Style, flow

_ALARMING = frozenset({"org-wide", "cross-tenant", "policy", "sink", "destructive"})


def consent_lines(grounds: Iterable[Ground], width: int) -> list[Line]:
    """A line for each class of consent in `grounds`, which come by gravity; nothing where nobody is asked."""
    return [
        line
        for consent, found in groupby(grounds, key=lambda ground: ground.consent)
        for line in flow(f"Consent to {consent}: ", _told(list(found)), width, _style(consent), hang=4)
    ]


def _told(grounds: list[Ground]) -> str:
    if len(grounds) == 1:
        return f"{grounds[0].address} {grounds[0].message}"
    return population(ground.address for ground in grounds)


def _style(consent: str) -> Style:
    return "alarm" if consent in _ALARMING else "plain"
