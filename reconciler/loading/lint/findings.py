"""From files to findings: each with its place, why it does nothing, and the grants that do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reconciler.isolation.myths import GRANTS, Sign, Where
from reconciler.loading.lint import recipe
from reconciler.loading.lint.clients import is_of_interest, is_vendors
from reconciler.loading.lint.comments import Silenced, blanked
from reconciler.loading.lint.files import STDIN_NAME, Source
from reconciler.loading.lint.hit import Hit, of_fields
from reconciler.loading.lint.hits import hits
from reconciler.loading.lint.regions import regions
from reconciler.loading.lint.yaml_regions import yaml_regions
from reconciler.loading.mistakes import TEXT
from reconciler.loading.secrecy import redacted
from reconciler.model.finding import Finding
from reconciler.model.origin import Origin, Position

LONGEST_LINE = 400
"""Characters; a longer line is not shown."""


@dataclass
class Linted:
    """What was found, in how many files, which were left out and why; and where each finding stands."""

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    skipped: list[Source] = field(default_factory=list)
    positions: dict[Origin, Position] = field(default_factory=dict)

    def locate(self, origin: Origin) -> Position | None:
        """The position of a finding, with its line; what looks like a secret in it is dotted out."""
        return self.positions.get(origin)


def lint(sources: Iterable[Source], linted: Linted) -> None:
    """Add what is in these files. What was piped in is about this vendor's API, whatever it says."""
    for source in sources:
        if source.skipped:
            linted.skipped.append(source)
            continue
        linted.files += 1
        for finding, position in _of_file(source):
            linted.findings.append(finding)
            if finding.location:
                linted.positions[finding.location] = position


def _of_file(source: Source) -> Iterator[tuple[Finding, Position]]:
    vendors = source.name == STDIN_NAME or is_vendors(source.text)
    if not vendors and not is_of_interest(source.text):
        return
    text = blanked(source.text)
    starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]
    silenced = Silenced(source.text)
    shown = redacted(source.text).split("\n")
    told = _Told()
    for hit in _hits(source.name, text, vendors):
        line = bisect_right(starts, hit.start)
        if (line, hit.myth.id) not in silenced:
            position = _position(source.name, hit, line, hit.start - starts[line - 1] + 1, shown[line - 1])
            yield _finding(hit, position, told.remedy(hit, line)), position


def _hits(name: str, text: str, vendors: bool) -> list[Hit]:
    pasted = name == STDIN_NAME
    found = hits(text, regions(text), vendors, pasted)
    if not name.endswith((".yaml", ".yml")) and not pasted:
        return found
    placed = yaml_regions(text)
    ours = [each.region for each in placed if each.ours and each.path == ("spec", "clients")]
    more = [hit for region in ours for hit in of_fields(region, Where.MANIFEST)]
    more += hits(text, [each.region for each in placed if not each.ours], vendors, pasted)
    seen = {hit.start for hit in more}
    return sorted(more + [hit for hit in found if hit.start not in seen], key=lambda hit: hit.start)


def _position(file: str, hit: Hit, line: int, column: int, text: str) -> Position:
    fits = len(text) <= LONGEST_LINE
    clean = "".join(each if each.isprintable() else "·" for each in text.rstrip("\r")) if fits else ""
    return Position(file, line, column, clean, len(hit.name))


def _finding(hit: Hit, position: Position, remedy: str) -> Finding:
    return Finding(
        hit.myth.id,
        hit.myth.severity,
        f"`{hit.name}`: {hit.myth.says}",
        remedy,
        address=position.file,
        location=Origin(position.file, TEXT, (position.line, position.column, position.width)),
        hint=hit.myth.hint,
    )


class _Told:
    """What a file's findings have told already: nothing is told twice about one object."""

    def __init__(self) -> None:
        self._signs: dict[tuple[Sign, int], int] = {}
        self._blocks: dict[int, int] = {}

    def remedy(self, hit: Hit, line: int) -> str:
        """Why it does nothing and what does, or where that stands."""
        place = hit.region.start if hit.region else -1
        if earlier := self._signs.get((hit.sign, place)):
            return f"the same as on line {earlier}"
        self._signs[hit.sign, place] = line
        lines = [hit.myth.why]
        if hit.sign.instead:
            lines.append(f"Instead: {hit.sign.instead}.")
        if hit.myth.remedy == GRANTS:
            lines += self._block(hit, place, line)
        elif hit.myth.remedy:
            lines.append(hit.myth.remedy)
        return "\n".join([*lines, f"more: reconciler explain {hit.myth.id}"])

    def _block(self, hit: Hit, place: int, line: int) -> list[str]:
        if earlier := self._blocks.get(place):
            return [f"The grants shown for line {earlier} do what was meant."]
        self._blocks[place] = line
        block = recipe.manifest(recipe.recipe(hit.region))
        return ["In a manifest that is:", *(f"    {line}" for line in block.split("\n"))]
