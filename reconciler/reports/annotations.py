"""Annotations: commands to the runner of GitHub Actions, which shows each at its line.

`::error file=…,line=…,col=…,title=…::message`. Of each level it shows ten for a step, so the gravest ten are
told and a last line says how many more there are. Source: GitHub's documentation of workflow commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from reconciler.model.words import counted
from reconciler.reports.checked import Checked, Level, Remark
from reconciler.reports.lines import visible

MOST = 10
"""Annotations of one level that are shown for one step."""

_SUMMARY: Level = "notice"
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def annotated(found: Checked) -> str:
    """A line for each of the gravest, then one that sums up."""
    left: list[str] = []
    lines: list[str] = []
    for level, several in groupby(found.remarks, lambda each: each.level):
        remarks = list(several)
        most = MOST - 1 if level == _SUMMARY else MOST
        lines += [_command(level, each) for each in remarks[:most]]
        if len(remarks) > most:
            left.append(counted(len(remarks) - most, level))
    more = f" · not annotated: {', '.join(left)} (`reconciler {found.command}` prints all)" if left else ""
    total = f"::{_SUMMARY} title={_property(f'reconciler {found.command}')}::{_data(found.total + more)}"
    return "".join(f"{line}\n" for line in [*lines, total])


def _command(level: Level, remark: Remark) -> str:
    where = ",".join(f"{name}={_property(value)}" for name, value in _properties(remark))
    said = f"{remark.message}\n{remark.remedy}" if remark.remedy else remark.message
    return f"::{level} {where}::{_data(said)}"


def _properties(remark: Remark) -> Iterator[tuple[str, str]]:
    if remark.place:
        yield from (("file", remark.place.file), ("line", str(remark.place.line)))
        yield "col", str(remark.place.column)
    yield "title", remark.rule


def _property(text: str) -> str:
    return visible(text).translate(_PROPERTY)


def _data(text: str) -> str:
    """Lines of a message; whatever else would end a line stands there as an escape."""
    return "\n".join(map(visible, text.split("\n"))).translate(_DATA)
