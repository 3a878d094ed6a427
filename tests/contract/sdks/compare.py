"""What is wrong with one telling of the story, and what is different between two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def mistakes(lines: list[Row], steps: list[Row], older: bool = False) -> Iterator[str]:
    """Of one telling: a canary that was not missed, a step not told, a field lost or missing, a surprise.

    An `older` SDK loses what a step calls `newer`, neither more nor less.
    """
    canary, *told = lines or [{"lost": []}]
    if not any(place.startswith("unheardOf") for place in canary["lost"]):
        yield "did not miss a field that no model has: it would miss none"
    if [line["step"] for line in told] != [step["step"] for step in steps]:
        yield f"told {len(told)} of {len(steps)} steps, or others"
    for line, step in zip(told, steps, strict=False):
        newer = set(step.get("newer", ())) if older else set()
        for place in sorted(set(line["lost"]) - newer):
            yield f"{line['step']}: {line['type']} lost {place}"
        for place in sorted(newer - set(line["lost"])):
            yield f"{line['step']}: {place} is not newer than this SDK"
        for place in line.get("missing", ()):
            yield f"{line['step']}: {line['type']} requires {place}, which the answer lacks"
        for mistake in line["mistakes"]:
            yield f"{line['step']}: {mistake}"


def differences(one: list[Row], other: list[Row]) -> Iterator[str]:
    """Of two whole tellings, step by step: status and model."""
    for left, right in zip(one[1:], other[1:], strict=True):
        for key in ("step", "status", "type"):
            if left[key] != right[key]:
                yield f"{left['step']}: {key} {left[key]!r} against {right[key]!r}"


def timeless(value: Any, since: str) -> Any:
    """A state without the moments of this run; what was there before `since` stays."""
    if isinstance(value, dict):
        return {name: timeless(each, since) for name, each in value.items()}
    if isinstance(value, list):
        return [timeless(each, since) for each in value]
    late = isinstance(value, str) and _MOMENT.fullmatch(value) and value >= since
    return "during the story" if late else value
