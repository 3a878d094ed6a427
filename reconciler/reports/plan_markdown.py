"""A plan as a comment on a proposed change, and how exactly it is applied."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.plan import Plan
from reconciler.reports.comment import MOST, WIDTH, Part, consent_table, joined, linked, marker, parts
from reconciler.reports.findings_text import Locate
from reconciler.reports.frame_text import looked
from reconciler.reports.headline import headline
from reconciler.reports.markdown import escaped, fenced
from reconciler.reports.plan_text import Sections, counts, is_quiet, plan_text, sections

_RESERVED = 2_000
"""Characters for what is never cut: what was looked at, and what to type."""


def plan_markdown(
    plan: Plan, locate: Locate = lambda origin: None, most: int = MOST, details: str = ""
) -> str:
    """The whole comment, at most `most` characters; `details` is where all of it is to be seen."""
    head = [marker("plan", plan.org_name), f"## {escaped(plan.org_name)}: {headline(plan)}", ""]
    if is_quiet(plan):
        return joined([*head, *fenced(plan_text(plan, WIDTH, locate))])
    head += [counts(plan), "", *consent_table(plan.grounds)]
    room = most - _RESERVED - len(joined(head))
    found = _parts(sections(plan, WIDTH, locate))
    return joined([*head, *parts(found, room, "reconciler plan"), *linked(details), *_foot(plan)])


def _parts(found: Sections) -> Iterator[Part]:
    yield "", [*found.access, *found.policy]
    if found.changes:
        title, *rest = found.changes
        yield title.text, rest
    yield "", found.ending
    yield "Findings", found.findings
    yield "What stays, and what it costs", [*found.around, *found.costs]


def _foot(plan: Plan) -> Iterator[str]:
    """What was looked at and when, and how exactly this is applied."""
    seen = (
        f"read {plan.created_at}",
        f"manifests {plan.manifest_digest[:7]}",
        *looked(plan.frame),
        plan.tool,
    )
    read = ", ".join(seen)
    yield from (f"<sub>{escaped(read)}</sub>", "")
    if plan.running:
        yield from ("```console", f"$ reconciler apply --approved sha256:{plan.digest}", "```")
