"""Explanations in text: one rule in full, or all of them as a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from reconciler.isolation.explanations import Explanation
from reconciler.reports.lines import Line, block, column, flow


def explain_text(told: Sequence[Explanation], example: str, width: int = 80) -> tuple[Line, ...]:
    """Each in full; `example` is the block of grants that remedies announce, shown once."""
    lines: list[Line] = []
    announced = next((each for each in told if each.remedy.endswith(":")), None)
    for each in told:
        lines += [Line("")] if lines else []
        lines += _one(each, width)
        if each is announced:
            lines += block(6, example, width)
    return tuple(lines)


def _one(each: Explanation, width: int) -> list[Line]:
    graded = " · ".join(filter(None, (each.severity, each.confidence)))
    lines = [Line(f"{each.rule}{f'  ({graded})' if graded else ''}", "title")]
    lines += flow("  ", f"{each.says[:1].upper()}{each.says[1:]}.", width) if each.says else []
    lines += [Line(""), *flow("  ", each.why, width)]
    if each.signs:
        lines += [Line(""), Line("  Recognised")]
        start = column((f"    {sign.where}" for sign in each.signs), width)
        for sign in each.signs:
            lines += flow(f"    {sign.where}", ", ".join(sign.names), width, start=start)
            lines += flow(" " * start, f"instead: {sign.instead}", width, "muted") if sign.instead else []
    if each.remedy:
        lines += [Line(""), *flow("  ", each.remedy, width)]
    return lines


def list_text(every: Iterable[Explanation], width: int = 80) -> tuple[Line, ...]:
    """All rules by family, each with its reason; then how to read on."""
    lines: list[Line] = []
    for family, members in groupby(every, lambda each: each.rule.partition("/")[0]):
        lines += [Line(family, "title")]
        for each in members:
            lines += flow(f"  {each.rule}", each.says or each.why, width, start=6, hang=6)
        lines += [Line("")]
    return (*lines, Line("reconciler explain RULE|NAME tells more"))
