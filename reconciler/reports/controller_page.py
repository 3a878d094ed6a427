"""The controller's page: how each organisation stands, since when, and when it is looked at next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from reconciler import __version__
from reconciler.model.drift import DriftReport
from reconciler.model.watched import ANSWERED, Ending, Glance, Watched
from reconciler.model.words import counted
from reconciler.planning.schedule import overdue
from reconciler.reports.page import render

REFRESH = 15
"""Seconds after which a browser asks again."""

SHOWN = 4
"""Earlier looks that are shown of each organisation."""

_GRAVEST = ("leak", "unknown", "excepted", "vacuous", "proved")

_WORDS: Mapping[Ending, tuple[str, str]] = {
    "as declared": ("proved", "as declared"),
    "pending": ("vacuous", "not all applied yet"),
    "drifted": ("excepted", "drifted"),
    "leak": ("leak", "LEAK"),
    "corrected": ("excepted", "corrected just now"),
    "withheld": ("excepted", "correction withheld"),
    "held": ("unknown", "not known: another run writes"),
    "invalid": ("unknown", "not known: manifests invalid"),
    "limited": ("unknown", "not known: rate limit used up"),
    "unreachable": ("unknown", "not known: unreachable"),
    "refused": ("unknown", "not known: refused"),
    "failed": ("unknown", "not known: not completed"),
    "bug": ("unknown", "not known: bug"),
}


class Row(NamedTuple):
    """A tenant: its name, how it stands as a style and in words, and since when it has drifted."""

    name: str
    style: str
    verdict: str
    since: str


class Card(NamedTuple):
    """An organisation as it is shown."""

    watched: Watched
    style: str
    word: str
    lines: Sequence[tuple[str, str]]
    tenants: Sequence[Row]
    calm: int


Since = Mapping[tuple[str, str], float]
"""Since when something of an (organisation, tenant) has drifted, in seconds of the epoch."""


def controller_page(watched: Sequence[Watched], since: Since, now: datetime) -> str:
    """The page, the gravest first; it asks for itself again every `REFRESH` seconds, without a script."""
    cards = sorted((_card(each, since, now) for each in watched), key=lambda card: _GRAVEST.index(card.style))
    words = Counter(card.word for card in cards)
    return render(
        "controller.html",
        cards=cards,
        totals=", ".join(f"{number} {word}" for word, number in words.most_common()),
        now=_moment(now),
        refresh=REFRESH,
        version=__version__,
    )


def _card(each: Watched, since: Since, now: datetime) -> Card:
    style, word = _WORDS[each.last.ending] if each.last else ("vacuous", "not looked at yet")
    report = each.known.ran.looked.drift if each.known else None
    if style == "proved" and report and report.acknowledged:
        style, word = "excepted", "as declared, but for what is acknowledged"
    if _is_old(each, now):
        style, word = "unknown", "not known: looks are overdue"
    if each.paused:
        style, word = "vacuous", "paused"
    rows = _tenants(each, report, since, now)
    shown = [row for row in rows if row.style != "proved"]
    return Card(each, style, word, _lines(each, now), shown, len(rows) - len(shown))


def _is_old(each: Watched, now: datetime) -> bool:
    """Whether nobody has looked for so long that what was found then says nothing of now."""
    return not each.paused and overdue(each, now)


def _lines(each: Watched, now: datetime) -> list[tuple[str, str]]:
    lines = []
    if each.paused:
        lines.append(("Paused", each.paused))
    if each.last:
        lines.append(("Last look", f"{_moment(each.last.ran.ended)}, run {each.last.ran.id}"))
        if each.last.ran.error:
            lines.append(("Trouble", each.last.ran.error))
    if each.known and (each.paused or _is_old(each, now) or each.known is not each.last):
        lines.append(("Last known", f"{_WORDS[each.known.ending][1]}, {_moment(each.known.ran.ended)}"))
    if each.fails > 1:
        lines.append(("Without an answer", f"{each.fails} looks in a row"))
    if before := each.past[1 : 1 + SHOWN]:
        lines.append(("Looks before", " · ".join(map(_glance, before))))
    lines.append(("Next look", _next(each, now)))
    lines.append(("Manifests", each.root))
    return lines


def _glance(look: Glance) -> str:
    asked = counted(look.requests, "request")
    return f"{look.ended:%H:%M:%S} {_WORDS[look.ending][1]} ({span(look.seconds)}, {asked})"


def _next(each: Watched, now: datetime) -> str:
    if each.doing == "looking":
        return "now, it is being looked at"
    if each.doing == "stopped":
        return "none, the controller is stopping"
    left = (each.due - now).total_seconds()
    when = f"in {span(left)}" if left > 0 else "as soon as its turn comes"
    return f"{'once it is no longer paused' if each.paused else when}; every {span(each.every)}"


def _tenants(each: Watched, report: DriftReport | None, since: Since, now: datetime) -> list[Row]:
    if report is None or each.known is None:
        return []
    stands = _Standing.of(report)
    rows = []
    for owner in sorted({*each.known.ran.tenants, *stands.objects, *stands.pending}, key=stands.gravity):
        began = since.get((each.name, owner))
        drifted = began is not None and stands.objects[owner]
        age = f"for {span(now.timestamp() - (began or 0))}" if drifted else ""
        rows.append(Row(owner, *_told(each, now, *stands.verdict(owner)), age))
    return rows


def _told(each: Watched, now: datetime, style: str, word: str) -> tuple[str, str]:
    """A verdict with its time, where that is not the last look's."""
    old = each.paused or _is_old(each, now)
    if old or each.last is None or each.last.ending not in ANSWERED:
        return "unknown", f"{word} when last known"
    if each.last.ending == "corrected" and style != "proved":
        return "excepted", f"{word} before the correction"
    return style, word


class _Standing(NamedTuple):
    """By owner: drifted objects that count, that leak, that somebody answers for; what is not applied yet."""

    objects: Counter[str]
    leaks: Counter[str]
    acknowledged: Counter[str]
    pending: Counter[str]

    @classmethod
    def of(cls, report: DriftReport) -> _Standing:
        return cls(
            Counter(item.address.owner for item in report.objects),
            Counter(item.address.owner for item in report.objects if item.leaks),
            Counter(item.address.owner for item in report.acknowledged),
            Counter(item.address.owner for item in report.pending),
        )

    def gravity(self, owner: str) -> tuple[int, int, int, str]:
        return -self.leaks[owner], -self.objects[owner], -self.pending[owner], owner

    def verdict(self, owner: str) -> tuple[str, str]:
        if leaks := self.leaks[owner]:
            return "leak", f"LEAK, {leaks} of {counted(self.objects[owner], 'drifted object')}"
        known = self.acknowledged[owner]
        answered = f"{counted(known, 'drifted object')} that somebody answers for" if known else ""
        if objects := self.objects[owner]:
            return "excepted", ", ".join(filter(None, (counted(objects, "drifted object"), answered)))
        if known:
            return "excepted", answered
        pending = self.pending[owner]
        return (
            ("vacuous", f"{counted(pending, 'change')} not applied yet")
            if pending
            else ("proved", "as declared")
        )


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S} UTC"


def span(seconds: float) -> str:
    """A length of time in its two largest units."""
    whole = max(0, round(seconds))
    for size, unit, less, lesser in ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // less
            return f"{whole // size} {unit} {rest} {lesser}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"
