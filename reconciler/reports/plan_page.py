"""A plan, or a proposal, as a page: whose consent is asked for and the access come first, folded by cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.plan import Change, Plan
from reconciler.model.proposal import Proposal
from reconciler.model.words import population
from reconciler.reports.access_text import crossings
from reconciler.reports.causes import of_plan, of_proposal
from reconciler.reports.change_text import SYMBOLS, View, secrets_of, waits_of, what, why, withheld_words
from reconciler.reports.comment import asks
from reconciler.reports.findings_text import Locate
from reconciler.reports.fold_text import cause_of, folds, groups, in_common, reasons
from reconciler.reports.headline import headline
from reconciler.reports.lines import named
from reconciler.reports.names import Names, names_of
from reconciler.reports.page import moment, render
from reconciler.reports.plan_sheet import (
    WIDE,
    Deed,
    Sheet,
    asked_for,
    ending,
    reached,
    seen,
    sentences_of,
    told,
)
from reconciler.reports.plan_text import counts, last_line, noticed, sections
from reconciler.reports.proposal_text import entries
from reconciler.reports.proposal_text import last_line as proposal_line


def plan_page(plan: Plan, locate: Locate) -> str:
    """The page; one file, to be opened, printed or mailed."""
    return render("plan.html", sheet=_of_plan(plan, locate))


def proposal_page(found: Proposal, locate: Locate) -> str:
    """The same page of what a change of the manifests would mean."""
    return render("plan.html", sheet=_of_proposal(found, locate))


def _of_plan(plan: Plan, locate: Locate) -> Sheet:
    names, lines = names_of(plan), sections(plan, WIDE, locate)
    causes = of_plan(plan, names)
    view = View(names, waits_of(plan), secrets_of(plan), locate, WIDE, 0, causes)
    return Sheet(
        title=f"{plan.org_name}: {headline(plan, plain=True)}",
        org=plan.org_name,
        when=moment(plan.created_at),
        lead=counts(plan),
        total=last_line(plan),
        facts=tuple(_facts(plan)),
        asked=tuple(asked_for(plan.grounds)),
        leaks=tuple(told(crossings(plan), locate)),
        access=tuple(reached(plan.access, names, causes)),
        policy=tuple(line.text.strip() for line in lines.policy),
        held=tuple(_deeds(plan.withheld, view)),
        ending=tuple(ending(plan.frame, locate)),
        heading="Changes",
        deeds=tuple(_deeds(plan.running, view)),
        findings=tuple(told(noticed(plan), locate)),
        stays=sentences_of(lines.around[: len(lines.around) - len(plan.frame.unseen)]),
        unseen=plan.frame.unseen,
        costs=sentences_of(lines.costs),
        command=f"reconciler apply --approved sha256:{plan.digest}" if plan.running else "",
    )


def _facts(plan: Plan) -> Iterator[tuple[str, str]]:
    yield "Organisation", f"{plan.org_name} {plan.organization_id}"
    yield "Read", plan.created_at
    yield "Manifests", plan.manifest_digest
    yield from seen(plan.frame)
    if plan.only:
        yield "Only", ", ".join(plan.only)
    if plan.allow:
        yield "Allowed", ", ".join(f"{name}={number}" for name, number in sorted(plan.allow.items()))
    yield "Made by", plan.tool


def _of_proposal(found: Proposal, locate: Locate) -> Sheet:
    names = Names({}, {})
    leak = "leak, " if found.leaks else ""
    return Sheet(
        title=f"{found.org_name}: {leak}{asks(found.grounds, plain=True)}",
        org=found.org_name,
        when=f"against {found.against[:12]}",
        lead=proposal_line(found),
        total=proposal_line(found),
        facts=tuple(_compared(found)),
        asked=tuple(asked_for(found.grounds)),
        leaks=tuple(told(found.leaks, locate)),
        access=tuple(reached(found.access, names, of_proposal(found, names))),
        policy=(),
        held=(),
        ending=tuple(ending(found.frame, locate)),
        heading="Entries",
        deeds=tuple(
            Deed(sign, False, f"{len(several):,} {word}", (), (), tuple(map(str, several)))
            for sign, word, several in entries(found)
        ),
        findings=(),
        stays=(),
        unseen=found.frame.unseen,
        costs=(),
        command="",
    )


def _compared(found: Proposal) -> Iterator[tuple[str, str]]:
    yield "Organisation", f"{found.org_name} {found.organization_id}"
    yield "Compared with", found.against
    yield "Manifests there", found.base or "none"
    yield "Manifests", found.head
    yield from seen(found.frame)
    yield "Made by", found.tool


def _deeds(changes: Sequence[Change], view: View) -> Iterator[Deed]:
    for group in groups(changes, view):
        if folds(group):
            yield _several(group, view)
        else:
            yield from (_deed(change, view) for change in group)


def _several(group: Sequence[Change], view: View) -> Deed:
    whom = tuple(str(change.address) for change in group)
    symbol, grave = _symbol(group[0], view)
    lines = tuple(text for text in (in_common(group, view),) if text)
    notes = tuple(text for text in (cause_of(group), *reasons(group)) if text)
    return Deed(symbol, grave, population(whom), lines, notes, whom)


def _deed(change: Change, view: View) -> Deed:
    symbol, grave = _symbol(change, view)
    if change.withheld:
        return Deed(symbol, grave, str(change.address), withheld_words(change, view.locate), (), ())
    lines = tuple(what(change, view) or [named(change.name)])
    notes = tuple(text for text in (why(change), *view.waits.get(change.address, ())) if text)
    return Deed(symbol, grave, str(change.address), lines, notes, ())


def _symbol(change: Change, view: View) -> tuple[str, bool]:
    grave = bool(view.causes.gravity(str(change.address)))
    return "⊘" if change.withheld else SYMBOLS[change.action][0], grave
