"""Past runs in text: one line each, or one of them with everything it sent, the unresolved first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.cells import cell_len, set_cell_size

from reconciler.model.history import Fate, Run, Step
from reconciler.model.words import counted
from reconciler.reports.lines import Line, Style, block, flow, visible

_MARKS: Mapping[Fate, tuple[str, Style]] = {
    "unresolved": ("?", "alarm"),
    "failed": ("✗", "remove"),
    "done": ("✓", "add"),
}
_INTERRUPTED = 130
_MOST_ORG, _MOST_COMMAND = 10, 16
_GAP = "  "


def history_text(runs: Sequence[Run], total: int, whose: str, place: str, width: int = 80) -> list[Line]:
    """The newest runs, one line each, and a sum; `whose` is an organisation's name, "" for all."""
    orgs = min(_MOST_ORG, _widest(run.org_name for run in runs))
    commands = min(_MOST_COMMAND, _widest(run.command for run in runs))
    lines = []
    for run in runs:
        heads = [run.id, _cell(run.org_name, orgs), _cell(run.command, commands), how_it_ended(run)]
        lines.append(Line(_cut(_GAP.join(heads), width), _style(run)))
    return [*lines, *_total(len(runs), total, whose, place, width)]


def run_text(run: Run, steps: Sequence[Step], width: int = 80) -> list[Line]:
    """One run: who, what, when, how it ended, and every write."""
    last = Line(visible(f"run {run.id} · {how_it_ended(run)}"), "total")
    return [*_head(run, width), *_writes(steps, width), Line(""), last]


def how_it_ended(run: Run) -> str:
    """The gravest first, for a line that may be cut."""
    counts = [f"{number} {word}" for word, number in _grave_first(run.summary) if number]
    told = ", ".join(counts) or ("" if run.error or not run.ended else "nothing to do")
    unheard = f"{run.unresolved} unresolved" if run.unresolved else ""
    return " · ".join(filter(None, (_state(run), unheard, told)))


def _state(run: Run) -> str:
    if not run.ended:
        return "has not ended"
    if run.code == _INTERRUPTED:
        return "interrupted"
    return f"exit {run.code}" if run.code else ""


def _grave_first(summary: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    grave = ("failed", "unconfirmed", "skipped", "withheld")
    yield from ((word, summary[word]) for word in grave if word in summary)
    yield from ((word, number) for word, number in summary.items() if word not in (*grave, "unchanged"))


def _style(run: Run) -> Style:
    if run.unresolved or not run.ended:
        return "alarm"
    return "change" if run.code else "plain"


def _widest(texts: Iterable[str]) -> int:
    return max((cell_len(visible(text)) for text in texts), default=0)


def _cell(text: str, cells: int) -> str:
    return set_cell_size(_cut(text, cells), cells)


def _cut(text: str, cells: int) -> str:
    shown = visible(text)
    return shown if cell_len(shown) <= cells else f"{set_cell_size(shown, cells - 1).rstrip()}…"


def _total(shown: int, total: int, whose: str, place: str, width: int) -> list[Line]:
    of = f" of {whose}" if whose else ""
    if not total:
        return flow("", f"no run{of} is on record. I looked in {place}", width, "total", hang=2)
    more = f"the newest {shown} of " if shown < total else ""
    return flow("", f"history: {more}{counted(total, 'run')}{of} · {place}", width, "total", hang=2)


def _head(run: Run, width: int) -> Iterator[Line]:
    yield from flow("", f"{run.command} of {run.org_name} ({run.organization_id})", width, "title", hang=2)
    yield from flow("  by     ", f"{run.actor}, with {run.tool}", width)
    until = f"to {run.ended}" if run.ended else "and has not ended: it runs, or it was cut off"
    yield from flow("  from   ", f"{run.started} {until}", width)
    if run.digest:
        yield from flow("  plan   ", f"sha256:{run.digest}", width)
    if run.error:
        yield from flow("  error  ", run.error, width, "alarm")


def _writes(steps: Sequence[Step], width: int) -> Iterator[Line]:
    unheard = [step for step in steps if step.fate == "unresolved"]
    if unheard:
        text = "Unresolved: announced, and nobody saw an answer. The next apply looks before it writes."
        yield Line("")
        yield from flow("", text, width, "title")
        yield from _listed(unheard, width)
    if rest := [step for step in steps if step.fate != "unresolved"]:
        yield Line("")
        yield from _listed(rest, width)


def _listed(steps: Iterable[Step], width: int) -> Iterator[Line]:
    for step in steps:
        mark, style = _MARKS[step.fate]
        intent = step.intent
        head = f"{mark} {step.intended[11:19]}  "
        said = f"{intent.address} {intent.method} {intent.path}"
        yield from flow(head, said, width, style, hang=cell_len(head) + 2)
        yield from block(cell_len(head) + 2, step.error, width, style)
