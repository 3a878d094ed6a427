"""A proof in text: a verdict per tenant with its witness, who else reaches it, and what is left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from reconciler.model.finding import Finding, Severity
from reconciler.model.proof import Proof, Reacher, Standing, TenantProof, Verdict
from reconciler.model.words import counted
from reconciler.reports.lines import Line, Style, dotted, flow, folded, visible
from reconciler.reports.proof_words import answer, app_of, ceiling, exception, reach_of, size_of

MOST_LEAKS = 6
MOST_FINDINGS = 2
_GRAVITY: Mapping[Severity, Style] = defaultdict(
    lambda: "plain", {Severity.CRITICAL: "alarm", Severity.HIGH: "alarm", Severity.MEDIUM: "change"}
)
_STYLES: dict[Verdict, Style] = {
    Verdict.LEAK: "alarm",
    Verdict.UNKNOWN: "withheld",
    Verdict.VACUOUS: "muted",
    Verdict.EXCEPTED: "change",
    Verdict.PROVED: "add",
}
_QUIET = {Standing.OWN_PEOPLE: "its own people", Standing.STAFF: "the staff"}
"""Told by their number: whoever works there is no news."""
_TOLD_OTHERWISE = (*_QUIET, Standing.FOREIGN, Standing.UNOWNED)
"""Told by their number, or by a finding."""


def proof_text(proof: Proof, code: int, width: int = 80) -> tuple[Line, ...]:
    """The whole report, `width` cells wide where words allow it; `code` is the exit code."""
    lines = dotted([proof.org_name, proof.organization_id, _read(proof)], width, "title")
    lines.append(Line(""))
    start = max((len(each.tenant) for each in proof.tenants), default=0) + 2
    for each in proof.tenants:
        lines += _tenant(each, proof, min(start, 24), width)
    lines += [
        Line(""),
        *_everywhere(proof, width),
        *_findings(proof, width),
        *_objects(proof, width),
        *_gaps(proof, width),
        *_idle(proof, width),
        *_outside(proof, width),
    ]
    return (*lines, Line(last_line(proof, code), "total"))


def last_line(proof: Proof, code: int) -> str:
    """The line that scripts look for."""
    size = ", ".join(
        (
            counted(proof.grants, "grant"),
            counted(proof.roles, "role"),
            counted(proof.walls, "division"),
            f"catalogue {proof.catalogue[:8]}",
        )
    )
    count = counted(proof.leaks, "leak")
    return f"proved from {size}, read {proof.began[11:19]}–{proof.ended[11:19]} · {count} · exit {code}"


def _read(proof: Proof) -> str:
    return f"read {proof.began[:10]} {proof.began[11:19]}–{proof.ended[11:19]} UTC"


def _tenant(each: TenantProof, proof: Proof, start: int, width: int) -> Iterator[Line]:
    head = f"{each.tenant:<{start}}{each.verdict:<10}"
    hang = start + 10
    first, *more = _said(each, proof)
    yield from flow(head, first[0], width, first[1], hang=hang, start=hang)
    for text, style in more:
        yield from flow(" " * hang, text, width, style, hang=hang + 2)


def _said(each: TenantProof, proof: Proof) -> Iterator[tuple[str, Style]]:
    yield f"{size_of(each)} · {reach_of(each, proof)}", _STYLES[each.verdict]
    for finding in each.leaks[:MOST_LEAKS]:
        yield from _leak(finding)
    if len(each.leaks) > MOST_LEAKS:
        yield f"and {len(each.leaks) - MOST_LEAKS:,} more (-o json lists each)", "alarm"
    yield from ((f"confined: {ceiling(item, proof)}", "plain") for item in each.confined)
    for app in each.apps:
        style: Style = "plain" if app.verdict is Verdict.PROVED else _STYLES[app.verdict]
        yield f"app: {app_of(app, proof)}", style
        if app.witness:
            yield " → ".join(map(visible, app.witness)), "plain"
    yield from ((f"excepted: {exception(item, proof)}", "plain") for item in each.excepted)
    if people := _people(each.reachers, proof):
        yield f"reached by: {'; '.join(people)}", "plain"
    for finding in each.intruders[:MOST_LEAKS]:
        yield from _leak(finding)
    if each.reached_by is Verdict.LEAK and not each.intruders:
        yield "reached by somebody who reaches every tenant, see below", "alarm"
    yield from ((reason, "muted") for reason in each.reasons if reason not in proof.gaps)


def _leak(finding: Finding) -> Iterator[tuple[str, Style]]:
    yield f"{finding.message} [{finding.rule}]", "alarm"
    yield " → ".join(map(visible, finding.witness)), "plain"
    yield finding.remedy, "muted"


def _people(reachers: Sequence[Reacher], proof: Proof) -> list[str]:
    """Who reaches something and may, by name; whoever works there by number."""
    standings = Counter(item.standing for item in reachers)
    told = [_reacher(item, proof) for item in reachers if item.standing not in _TOLD_OTHERWISE]
    return told + [f"{standings[each]:,} of {words}" for each, words in _QUIET.items() if standings[each]]


def _reacher(item: Reacher, proof: Proof) -> str:
    name = proof.subjects[item.subject]
    if item.standing is Standing.OPERATOR:
        return f"operator {name}"
    shares = folded(list(map(answer, item.shares)), 1)
    return f"{name} ({shares or item.standing})"


def _everywhere(proof: Proof, width: int) -> Iterator[Line]:
    if not proof.everywhere:
        return
    yield Line("Reach every tenant", "title")
    for finding in proof.intruders:
        for text, style in _leak(finding):
            yield from flow("  ", text, width, style, hang=4)
    yield from flow("  ", "; ".join(_people(proof.everywhere, proof)), width, hang=4)
    yield Line("")


def _findings(proof: Proof, width: int) -> Iterator[Line]:
    """Each rule once, however many things break it."""
    if not proof.findings:
        return
    yield Line("Findings", "title")
    for (severity, rule), several in groupby(proof.findings, lambda each: (each.severity, each.rule)):
        findings = list(several)
        told = folded([each.message for each in findings], MOST_FINDINGS, between="; ")
        yield from flow(f"  {severity}", f"{told} [{rule}]", width, _GRAVITY[severity], hang=12, start=12)
    yield Line("  why, and what to do: reconciler explain RULE; each with its witness: -o json", "muted")
    if any(each.edits for each in proof.findings):
        yield Line("  what manifests can say to mend them: reconciler prove --patch FILE", "muted")
    yield Line("")


def _objects(proof: Proof, width: int) -> Iterator[Line]:
    if proof.stock.looked:
        sorts = [counted(number, sort) for sort, number in proof.stock.numbers().items()]
        yield from flow("Looked at: ", ", ".join(sorts) or "no objects", width, hang=2)


def _gaps(proof: Proof, width: int) -> Iterator[Line]:
    for gap in proof.gaps:
        yield from flow("Not seen: ", gap, width, "withheld", hang=2)


def _idle(proof: Proof, width: int) -> Iterator[Line]:
    for finding in proof.warnings:
        text = f"{finding.message}: {finding.remedy} [{finding.rule}]"
        yield from flow("Exception: ", text, width, "withheld", hang=2)


def _outside(proof: Proof, width: int) -> Iterator[Line]:
    text = "; ".join(proof.outside)
    yield from flow("Outside the proof: ", text, width, "muted", hang=2)
