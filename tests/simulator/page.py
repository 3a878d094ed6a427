"""The parts of docs/simulator.md that the code knows better.

They stand between `<!-- NAME -->` and `<!-- end -->`; `python -m tests.simulator.page` writes them anew, and
a test tells when that is due. All else on the page is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent

from reconciler.simulator import SWITCHES, Simulator, bundled, faults, limits_text, seed
from reconciler.simulator.bundled import bundled_source
from reconciler.simulator.contract import Operation, document, operations
from reconciler.simulator.exchange import MODULES
from tests.architecture.source import ROOT
from tests.docs.blocks import filled, table

PAGE = ROOT / "docs" / "simulator.md"
HANDLERS = Simulator().exchange.handlers


def groups() -> dict[str, list[str]]:
    """Ids of the imitated operations by the module that answers them."""
    found = {module.__name__.rpartition(".")[2]: list(module.OPERATIONS) for module in MODULES}
    others = HANDLERS.keys() - {operation for group in found.values() for operation in group}
    return found | {"tokens": [operation for operation in HANDLERS if operation in others]}


def _operations(group: str) -> str:
    known = operations()
    rows = (_row(known[operation]) for operation in groups()[group])
    return table(("operation", "needs"), rows)


def _row(operation: Operation) -> tuple[str, ...]:
    spec = document()["paths"][operation.path][operation.method.lower()]
    unsure = spec.get("x-success-status", {}).get("confidence", "").startswith("low")
    joined = (" or " if operation.mode == "ANY" else " and ").join(
        f"`{each}`" for each in operation.permissions
    )
    path = operation.path.removeprefix("/api/v2")
    return f"`{operation.method} {path}`{' ✱' if unsure else ''}", joined or "nothing"


def _switches() -> str:
    rows = (
        (
            f"`{name}`",
            ", ".join(f"`{value}`" for value in _default_first(name)),
            _cell(SWITCHES[name].question),
        )
        for name in sorted(SWITCHES)
    )
    return table(("switch", "values", "what is open"), rows)


def _default_first(name: str) -> list[str]:
    switch = SWITCHES[name]
    return [switch.default, *(value for value in switch.values if value != switch.default)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _seeds() -> str:
    rows = ((f"`{name}`", _told(bundled_source(name))) for name in bundled())
    return table(("name", "what it is"), rows)


def _told(text: str) -> str:
    """The comment a seed begins with, but its pointer to the format."""
    comment = text[: text.index("\n", text.index("seed.py"))]
    words = " ".join(line.removeprefix("#").strip() for line in comment.splitlines())
    return words.partition(" The format is explained")[0]


def _limits() -> str:
    listed = re.search(r"It does not imitate: (.*?)\. No operation", limits_text(), re.DOTALL)
    assert listed, "the simulator no longer says what it does not imitate"
    return "\n".join(f"- {' '.join(each.split())}" for each in listed[1].split(";"))


def _faults() -> str:
    told = (faults.__doc__ or "").partition("\n\n")[2]
    rules, _, kinds = told.partition("\n\n")
    return f"{' '.join(rules.split())}\n\n```text\n{dedent(kinds).rstrip()}\n```"


def _format() -> str:
    _, shape, notes = (seed.__doc__ or "").split("\n\n")
    return f"```yaml\n{dedent(shape)}\n```\n\n{notes.strip()}"


PARTS: dict[str, Callable[[], str]] = {
    "seeds": _seeds,
    "limits": _limits,
    "switches": _switches,
    "faults": _faults,
    "format": _format,
}


def part(name: str) -> str:
    """What belongs into the block of that name. Raises KeyError for a name nobody knows."""
    kind, _, group = name.partition(" ")
    return _operations(group) if kind == "operations" else PARTS[name]()


def renewed(text: str) -> str:
    """The page with its blocks as they are today."""
    return filled(text, part)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
