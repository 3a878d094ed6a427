"""What a plan comes to, in a title: a leak before anything else, then whose consent it asks for."""

from __future__ import annotations

from reconciler.model.finding import Severity
from reconciler.model.plan import Plan
from reconciler.reports.access_text import crossings
from reconciler.reports.comment import asks


def headline(plan: Plan, *, plain: bool = False) -> str:
    """In a few words, without the organisation's name; `plain` is without markup.

    A leak is named even where a guard withholds it: nothing is harmless that would add one.
    """
    leak = "leak" if plain else "**leak**"
    first = [leak] if any(each.severity is Severity.CRITICAL for each in crossings(plan)) else []
    if plan.running or plan.grounds:
        first.append(asks(plan.grounds, plain=plain))
    else:
        first.append("nothing would be changed" if plan.changes else "nothing to do")
    return ", ".join(first)
