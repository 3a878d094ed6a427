"""A plan in text: access first, then objects, then what it costs, then one line to grep.

Symbols: `+` create, `~` update, `-` delete or revoke, `→` adopt, `⊘` withheld, `▲` access gained,
`▼` access lost. Numbers are those of the plan document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from reconciler.model.access import Delta
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan
from reconciler.model.words import counted, inhabitants
from reconciler.planning.pairs import SHARE_ENDS
from reconciler.reports.access_text import access_lines, crossings
from reconciler.reports.causes import of_plan
from reconciler.reports.change_text import View, secrets_of, waits_of
from reconciler.reports.consent_text import consent_lines
from reconciler.reports.findings_text import Locate, short_lines
from reconciler.reports.fold_text import MOST_CHANGES, changes_lines
from reconciler.reports.frame_text import expiry_lines, looked, unseen_lines
from reconciler.reports.lines import Line, column, dotted, flow, folded, visible
from reconciler.reports.names import names_of
from reconciler.reports.policy_text import policy_lines

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MOST_ORPHANS = 8
ACTIONS = ("create", "update", "adopt", "revoke", "delete")
"""As they are counted, in this order."""


def plan_text(plan: Plan, width: int = 80, locate: Locate = lambda origin: None) -> tuple[Line, ...]:
    """The whole plan, `width` cells wide where words allow it; its last line is never wrapped."""
    total = Line(last_line(plan), "total")
    if is_quiet(plan):
        found = short_lines(noticed(plan), width, locate)
        ending = expiry_lines(plan.frame, width, locate)
        return (_quiet_line(plan), *_orphan_lines(plan, width), *ending, *found, total)
    parts = sections(plan, width, locate)
    return tuple(_separated([*parts[:-2], [*parts.consent, *parts.costs, total]]))


def is_quiet(plan: Plan) -> bool:
    """Whether there is nothing to do and nothing to agree to."""
    return not plan.changes and plan.access == Delta() and not plan.grounds


class Sections(NamedTuple):
    """The parts of a plan that changes something, as lines."""

    header: list[Line]
    access: list[Line]
    ending: list[Line]
    changes: list[Line]
    around: list[Line]
    findings: list[Line]
    policy: list[Line]
    consent: list[Line]
    costs: list[Line]


def sections(plan: Plan, width: int, locate: Locate) -> Sections:
    """The consent that is asked for and the costs stand last: they are read right before somebody agrees."""
    return Sections(
        header=_header_lines(plan, width),
        access=access_lines(plan, names_of(plan), width),
        ending=expiry_lines(plan.frame, width, locate),
        changes=_change_section(plan, width, locate),
        around=_around_lines(plan, width),
        findings=short_lines(noticed(plan), width, locate),
        policy=policy_lines(plan.policy, width),
        consent=consent_lines(plan.grounds, width),
        costs=_cost_lines(plan, width),
    )


def noticed(plan: Plan) -> tuple[Finding, ...]:
    """The findings that no other section tells: not who crosses a wall, nor which share ends."""
    told = {SHARE_ENDS} if plan.frame.expiries else set[str]()
    return tuple(each for each in plan.findings if each not in crossings(plan) and each.rule not in told)


def _separated(sections: Iterable[list[Line]]) -> Iterable[Line]:
    for number, section in enumerate(section for section in sections if section):
        if number:
            yield Line("")
        yield from section


def last_line(plan: Plan) -> str:
    """The line that scripts look for: counts, access and the digest that people approve."""
    summary = plan.summary
    counts = ", ".join(f"{getattr(summary, action)} to {action}" for action in ACTIONS)
    access = f"access +{len(plan.access.gains)} -{len(plan.access.losses)}"
    return f"plan: {counts}, {summary.withheld} withheld · {access} · sha256:{plan.digest}"


def counts(plan: Plan) -> str:
    """What there is to do, without what there is not."""
    said = plan.summary._asdict()
    told = [f"{said[name]:,} to {name}" for name in ACTIONS if said[name]]
    told += [f"{said['withheld']:,} withheld"] if said["withheld"] else []
    return " · ".join([*told, f"access +{len(plan.access.gains):,} −{len(plan.access.losses):,}"])


def _header_lines(plan: Plan, width: int) -> list[Line]:
    read = f"read {plan.created_at[:10]} {plan.created_at[11:19]} UTC"
    parts = [plan.org_name, plan.organization_id, read, f"manifests {plan.manifest_digest[:7]}"]
    parts += looked(plan.frame)
    if plan.only:
        parts.append(f"only {', '.join(plan.only)}")
    if plan.allow:
        parts.append("allow " + ", ".join(f"{name}={number}" for name, number in sorted(plan.allow.items())))
    return dotted(parts, width, "title")


def _quiet_line(plan: Plan) -> Line:
    """One line, never wrapped: what was looked at, when, and what is not ours to judge."""
    parts = [f"{counted(plan.summary.unchanged, 'object')} as declared"]
    if plan.orphans:
        parts.append(f"{counted(len(plan.orphans), 'orphan')} kept")
    if unmanaged := sum(map(len, plan.unmanaged.values())):
        parts.append(f"{unmanaged:,} unmanaged")
    only = f"only {', '.join(plan.only)} · " if plan.only else ""
    looked = f"{only}{', '.join(parts)} · read {plan.created_at[11:19]}"
    return Line(visible(f"nothing to do · {plan.org_name} · {looked}"))


def _change_section(plan: Plan, width: int, locate: Locate) -> list[Line]:
    if not plan.changes:
        return []
    heads = (f"  + {change.address}" for change in plan.changes)
    names, start = names_of(plan), column(heads, width)
    view = View(names, waits_of(plan), secrets_of(plan), locate, width, start, of_plan(plan, names))
    title = "Changes"
    if len(plan.changes) > MOST_CHANGES:
        title = f"Changes ({len(plan.changes):,}, alike ones together; -o json lists each)"
    return [Line(title, "title"), *changes_lines(plan.changes, view)]


def _around_lines(plan: Plan, width: int) -> list[Line]:
    """What the plan saw and leaves alone."""
    lines = _orphan_lines(plan, width)
    groups = [
        counted(len(names), section.removesuffix("s")) for section, names in plan.unmanaged.items() if names
    ]
    if groups:
        lines += flow("", f"Unmanaged, untouched: {', '.join(groups)}", width)
    return lines + unseen_lines(plan.frame, width)


def _orphan_lines(plan: Plan, width: int) -> list[Line]:
    """Each by its address, and what lives there where that was counted."""
    leaving = {str(change.address) for change in plan.changes if change.action == "delete"}
    kept = [_orphan(orphan, plan) for orphan in plan.orphans if orphan not in leaving]
    if not kept:
        return []
    return flow("Orphans kept, ours but not declared: ", folded(kept, _MOST_ORPHANS), width, hang=4)


def _orphan(address: str, plan: Plan) -> str:
    there = plan.living.get(address)
    return address if there is None else f"{address} ({inhabitants(there) or 'empty'})"


def _cost_lines(plan: Plan, width: int) -> list[Line]:
    if not plan.operations:
        return []
    return [*_delivery_lines(plan, width), _needs(plan)]


def _delivery_lines(plan: Plan, width: int) -> list[Line]:
    """How many secrets go where, and what stands behind the names of the sinks: a class of its own."""
    places = Counter(
        (each.body["sink"], each.body["store"]) for each in plan.operations if each.does == "deliver"
    )
    if not places:
        return []
    each = ", ".join(f"{number:,} to {sink} ({store})" for (sink, store), number in sorted(places.items()))
    return flow("", f"Secrets to deliver: {each}", width, hang=4)


def _needs(plan: Plan) -> Line:
    requests = [each for each in plan.operations if each.does == "request" and each.method != "GET"]
    waits = sum(each.does == "wait" for each in plan.operations)
    pauses = f" and {_word(waits)} wait{'' if waits == 1 else 's'}" if waits else ""
    return Line(f"Needs {counted(len(requests), 'write')}{pauses}, about {_duration(plan.estimate.seconds)}.")


def _word(number: int) -> str:
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"


def _duration(seconds: int) -> str:
    if seconds < 1:
        return "a second"
    if seconds < 120:
        return f"{seconds} s"
    return f"{round(seconds / 60)} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
