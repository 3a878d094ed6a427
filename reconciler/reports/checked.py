"""What a command found, as pipelines take it: remarks at places, and one case for each that is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin, Position

Level = Literal["error", "warning", "notice"]
LEVELS: dict[Severity, Level] = {
    Severity.CRITICAL: "error",
    Severity.ERROR: "error",
    Severity.HIGH: "error",
    Severity.WARNING: "warning",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
"""How loudly pipelines tell it: the gravest severity first, as `Severity` has them."""

Where: TypeAlias = Callable[[Origin | None, str], Position | None]
"""The position of a node; without one that of what is declared at an address, or next to it."""


class Remark(NamedTuple):
    """One thing to tell at one place; without a place it is told of the whole."""

    rule: str
    severity: Severity
    message: str
    remedy: str = ""
    address: str = ""
    place: Position | None = None

    @property
    def level(self) -> Level:
        """How loudly it is told."""
        return LEVELS[self.severity]


Result = Literal["passed", "failed", "unknown", "empty"]
"""`unknown`: not everything was seen. `empty`: there was nothing to judge."""


class Case(NamedTuple):
    """What is judged by itself, such as a tenant: the result in a word, and in lines what shows it."""

    name: str
    result: Result
    told: str
    lines: tuple[str, ...] = ()


class Checked(NamedTuple):
    """Everything that one command found. `total` is the line that its text ends with."""

    command: str
    total: str
    remarks: tuple[Remark, ...]
    cases: tuple[Case, ...]


def by_gravity(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The gravest first; alike ones in the order given, each once."""
    rank = list(Severity)
    return tuple(sorted(dict.fromkeys(remarks), key=lambda each: rank.index(each.severity)))


def remarks_of(findings: Iterable[Finding], where: Where) -> list[Remark]:
    """A remark for each finding, where it is or where its subject is declared."""
    return [
        Remark(
            each.rule, each.severity, each.message, each.remedy, each.address,
            where(each.location, each.address),
        )
        for each in findings
    ]  # fmt: skip


def line_of(remark: Remark) -> str:
    """A remark in one line, with its place, and its remedy below."""
    place = f"{remark.place}: " if remark.place else ""
    head = f"{place}{remark.severity}: {remark.message} [{remark.rule}]"
    return f"{head}\n{remark.remedy}" if remark.remedy else head


def cases(
    names: Iterable[str],
    remarks: Sequence[Remark],
    name_of: Callable[[Remark], str],
    fails: Callable[[Remark], bool],
) -> tuple[Case, ...]:
    """A case for each name, and for each that a remark has beside them: failed where a remark fails it."""
    found: dict[str, list[Remark]] = {name: [] for name in names}
    for each in remarks:
        found.setdefault(name_of(each), []).append(each)
    return tuple(_case(name, several, fails) for name, several in found.items())


def _case(name: str, remarks: Sequence[Remark], fails: Callable[[Remark], bool]) -> Case:
    grave = [each for each in remarks if fails(each)]
    lines = tuple(line_of(each) for each in remarks)
    if not grave:
        return Case(name, "passed", "", lines)
    more = f" (and {len(grave) - 1:,} more)" if len(grave) > 1 else ""
    return Case(name, "failed", f"{grave[0].message}{more} [{grave[0].rule}]", lines)
