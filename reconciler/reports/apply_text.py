"""An apply in text: a line per outcome, how to go on, and one line to grep."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.outcome import ApplyReport, Outcome
from reconciler.model.plan import is_loan
from reconciler.model.words import counted
from reconciler.reports.lines import Line, Style, block, column, flow

_MARKS: dict[str, tuple[str, Style]] = {
    "done": ("✓", "add"),
    "failed": ("✗", "alarm"),
    "skipped": ("-", "change"),
    "unconfirmed": ("?", "change"),
}
_PAST = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "adopt": "adopted",
    "revoke": "revoked",
}
_BORROWED = "borrowed"
"""What our own client did with grants that it took for this run and returned."""

_NOT_DONE = {"failed": "not {}", "skipped": "skipped, not {}", "unconfirmed": "{}, not confirmed"}


def apply_text(report: ApplyReport, org: str, width: int = 80) -> tuple[Line, ...]:
    """The whole of an apply of organisation `org`; its last line is never wrapped."""
    start = outcome_column(report.outcomes, width)
    lines = [line for item in report.outcomes for line in outcome_lines(item, start, width)]
    return (*lines, *closing(report, org, width))


def closing(report: ApplyReport, org: str, width: int = 80) -> tuple[Line, ...]:
    """What stands below the outcomes, where they were told one by one: how to go on, and the last line."""
    return (*_go_on(report, width), Line(last_line(report, org), "total"))


def outcome_column(outcomes: Iterable[Outcome], width: int) -> int:
    """Where the words of outcome lines start, in cells."""
    return column((f"✓ {item.address}" for item in outcomes), width)


def outcome_lines(outcome: Outcome, start: int, width: int) -> list[Line]:
    """One outcome; an error stands below it, line by line as it was raised."""
    mark, style = _MARKS[outcome.result]
    head = f"{mark} {outcome.address}"
    lines = [] if len(head) + 2 <= start else [Line(head, style)]
    head = " " * start if lines else head.ljust(start)
    did = _BORROWED if is_loan(outcome.address, outcome.action) else _PAST[outcome.action]
    word = _NOT_DONE.get(outcome.result, "{}").format(did)
    seconds = f"{outcome.seconds:.1f} s" if outcome.seconds else ""
    lines += flow(f"{head}{word:<12} {seconds:>7}  ", outcome.note, width, style, hang=start)
    return lines + block(4, outcome.error, width, style)


def _go_on(report: ApplyReport, width: int) -> list[Line]:
    """What to do next; nothing where all went well."""
    texts = []
    if report.interrupted:
        texts.append("Stopped by you. Tenants stay apart at every step; the next run goes on from here.")
    elif len(report.outcomes) > sum(item.result == "done" for item in report.outcomes):
        texts.append(
            "What is done stays done. Mend the cause and run the same command again: it does what is left."
        )
    if report.results("unconfirmed"):
        texts.append("Not confirmed: the write may have arrived. The next run looks before it writes.")
    if report.withheld:
        texts.append(f"Withheld by guards: {report.withheld}. reconciler plan says how to release each.")
    return [line for text in texts for line in flow("", text, width, hang=2)]


def last_line(report: ApplyReport, org: str) -> str:
    """The line that scripts look for."""
    asked, writes = report.requests.read + report.requests.write, report.requests.write
    verified = f"verified {report.verified_at[11:19]}" if report.verified_at else "not verified"
    if not report.outcomes and not report.withheld and not report.interrupted:
        return f"nothing to do · {org} · {counted(asked, 'request')}, {counted(writes, 'write')} · {verified}"
    return f"applied: {', '.join(_counts(report))} · {verified} · run {report.run_id}"


def _counts(report: ApplyReport) -> list[str]:
    """Created, updated, failed and withheld always; the others where there are any."""
    numbers = {
        "created": report.count("create"),
        "updated": report.count("update"),
        "adopted": report.count("adopt"),
        "revoked": report.count("revoke"),
        "deleted": report.count("delete"),
        "failed": len(report.results("failed")),
        "skipped": len(report.results("skipped")),
        "unconfirmed": len(report.results("unconfirmed")),
        "withheld": report.withheld,
    }
    always = ("created", "updated", "failed", "withheld")
    return [f"{number} {word}" for word, number in numbers.items() if number or word in always]
