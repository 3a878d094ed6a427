"""The population in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.model.access import EVERYWHERE
from reconciler.reports.lines import Line, dotted, flow, folded, named, visible
from reconciler.reports.population_json import grant_words

_MOST_GRANTS = 6


def population_text(found: Iterable[dict[str, Any]], width: int) -> Iterator[Line]:
    """Everybody with what they hold, and whose they reach and why."""
    for each in found:
        yield Line(f"{visible(each['subject'])}", "title")
        facts = [
            each["owner"] or "nobody's",
            each["state"],
            each["division"] and f"lies in {each['division']}",
        ]
        dates = [f"{what} {each[what][:10]}" for what in ("created", "modified") if each[what]]
        yield from (
            line._replace(text=f"  {line.text}") for line in dotted(filter(None, facts + dates), width - 2)
        )
        if each["grants"]:
            yield from flow(
                "  ",
                folded(list(map(grant_words, each["grants"])), _MOST_GRANTS, between="; "),
                width,
                hang=4,
            )
        if each["standing"]:
            reached = (f"{_whose(whose)} as {why}" for whose, why in each["standing"].items())
            yield from flow("  reaches ", ", ".join(reached), width, hang=4)


def _whose(tenant: str) -> str:
    return "every tenant" if tenant == EVERYWHERE else named(tenant)
