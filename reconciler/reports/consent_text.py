"""What consent a plan asks for, in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from reconciler.model.address import ORG
from reconciler.model.consent import Consent, Ground, asked
from reconciler.model.words import population
from reconciler.reports.lines import Line, Style, flow, folded

_MOST = 3
_ALARMING = frozenset({"org-wide", "cross-tenant", "policy", "sink", "destructive"})


def consent_lines(grounds: Iterable[Ground], width: int) -> list[Line]:
    """A line for each class of consent in `grounds`, which come by gravity; nothing where nobody is asked."""
    return [
        line
        for consent, found in groupby(grounds, key=lambda ground: ground.consent)
        for line in _class_lines(consent, list(found), width)
    ]


def _class_lines(consent: Consent, grounds: list[Ground], width: int) -> list[Line]:
    """The class, who is asked and what for."""
    who = f" ({folded(asked(grounds), _MOST)})" if asked(grounds) else ""
    head, *words = f"Consent to {consent}{who}:".split(" ")
    return flow(f"{head} ", " ".join([*words, _told(grounds)]), width, _style(consent), hang=4)


def _told(grounds: list[Ground]) -> str:
    """A few in full; of many how many whom, but for the organisation's own, which are nobody's."""
    if len(grounds) > _MOST and grounds[0].address != ORG:
        return population(ground.address for ground in grounds)
    return folded([f"{ground.address} {ground.message}" for ground in grounds], _MOST, between="; ")


def _style(consent: str) -> Style:
    return "alarm" if consent in _ALARMING else "plain"
