"""Findings in text: briefly below a plan, and in full, with the line and a caret, for authors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin, Position
from reconciler.model.words import counted
from reconciler.reports.lines import Line, Style, block, flow, visible

Locate = Callable[[Origin], Position | None]
"""Finds the line of an origin, as the `Locator` port does."""

CLEAN = "no mistakes"
"""What is said of manifests that have none."""

MOST_SHORT = 20
MOST_FULL = 50
_SNIPPET = 12
_GRAVE = (Severity.CRITICAL, Severity.ERROR, Severity.HIGH)


def short_lines(findings: Sequence[Finding], width: int, locate: Locate) -> list[Line]:
    """A section of findings beside a plan: what, where, and what to do."""
    if not findings:
        return []
    lines = [Line("Findings", "title")]
    for finding in findings[:MOST_SHORT]:
        place = _place(finding, locate)
        where = f" {place}:" if place and place not in finding.message else ""
        text = f"{finding.severity}:{where} {finding.message} [{finding.rule}]"
        lines += flow("  ", text, width, _style(finding), hang=6)
        lines += block(6, finding.remedy, width, "muted")
    if len(findings) > MOST_SHORT:
        lines.append(Line(f"  and {len(findings) - MOST_SHORT:,} more (-o json lists each)"))
    return lines


def findings_text(
    findings: Sequence[Finding], files: int, locate: Locate, width: int = 80, clean: str = CLEAN
) -> tuple[Line, ...]:
    """Every mistake with its line, a caret, the remedy and what to read; then the count, or `clean`."""
    positions = [locate(finding.location) if finding.location else None for finding in findings]
    secret = {
        (place.file, place.line)
        for place, finding in zip(positions, findings, strict=True)
        if place and _hushed(finding)
    }
    lines: list[Line] = []
    for finding, position in list(zip(findings, positions, strict=True))[:MOST_FULL]:
        hush = position is not None and (position.file, position.line) in secret
        lines += [*_headline(finding, position, width), *_snippet(finding, position, hush, width)]
        lines += [*_help(finding, locate, width), Line("")]
    if len(findings) > MOST_FULL:
        lines += [Line(f"… and {len(findings) - MOST_FULL:,} more (-o json lists each)"), Line("")]
    return (*lines, Line(tally(findings, files, clean), "total"))


def tally(findings: Sequence[Finding], files: int, clean: str) -> str:
    """`1 error in 4 files`, gravest first; what was not looked at is said too."""
    where = f"in {counted(files, 'file')}"
    counts = [
        counted(number, severity.value)
        if severity in (Severity.ERROR, Severity.WARNING)
        else f"{number:,} {severity}"
        for severity in Severity
        if (number := sum(finding.severity is severity for finding in findings))
    ]
    if counts:
        return f"{', '.join(counts)} {where}"
    return f"{clean} {where} · the live organisation was not asked"


def _headline(finding: Finding, position: Position | None, width: int) -> list[Line]:
    """Place, severity and message; the rule at the right margin where there is room."""
    place = str(position or finding.location or finding.address)
    head = f"{place}  {finding.severity}  " if place else f"{finding.severity}  "
    rule = f"[{finding.rule}]"
    lines = flow(head, finding.message, width, _style(finding), hang=4)
    last = lines[-1].text
    gap = width - cell_len(last) - cell_len(rule)
    if gap < 2:
        return [*lines, Line(f"    {rule}", "muted")]
    return [*lines[:-1], Line(f"{last}{' ' * gap}{rule}", _style(finding))]


def _snippet(finding: Finding, position: Position | None, hush: bool, width: int) -> list[Line]:
    if position is None or not position.text:
        return []
    number = f"{position.line:>5}"
    if hush:
        return [Line(f"{number} │ (not repeated here: this line may hold a secret)", "muted")]
    text, before, size = _window(position, width - _SNIPPET)
    gutter = " " * len(number)
    carets = f"{gutter} │ {' ' * cell_len(before)}{'^' * size} "
    first, *more = flow(carets, finding.hint, width, "alarm")
    below = [line._replace(text=f"{gutter} │{line.text[len(gutter) + 2 :]}") for line in more]
    return [Line(f"{number} │ {text}"), first, *below]


def _window(position: Position, width: int) -> tuple[str, str, int]:
    """The part of the line that holds the place, what stands before the place, and the carets it needs."""
    text, start = position.text, position.column - 1
    cut = max(0, start - width // 3) if len(text) > width else 0
    lead, tail = ("…" if cut else ""), ("…" if len(text) > cut + width else "")
    shown = text[cut : cut + width]
    before = lead + visible(shown[: start - cut])
    marked = visible(shown[start - cut : start - cut + position.width])
    return lead + visible(shown) + tail, before, max(1, cell_len(marked))


def _help(finding: Finding, locate: Locate, width: int) -> list[Line]:
    """The chain that shows it, the remedy as written (it may hold YAML), further places."""
    lines: list[Line] = []
    if finding.witness:
        lines += flow("   ", " → ".join(finding.witness), width, hang=7)
    lines += block(3, finding.remedy, width)
    for origin in finding.related:
        lines += flow("   ", f"see also {locate(origin) or origin}", width, "muted")
    return lines


def _hushed(finding: Finding) -> bool:
    """Whether the line itself must not be shown: a mistake about a secret would print it."""
    return "secret" in finding.rule


def _place(finding: Finding, locate: Locate) -> str:
    if finding.location is None:
        return finding.address.strip("{}")
    return str(locate(finding.location) or finding.location)


def _style(finding: Finding) -> Style:
    return "alarm" if finding.severity in _GRAVE else "change"
