"""`drift --propose`: a copy of the manifests that declares what somebody did by hand, as far as it may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from reconciler import wiring
from reconciler.cli.console import say
from reconciler.cli.manifests import Judged
from reconciler.engine.cycle import Drifting
from reconciler.errors import UsageError
from reconciler.loading.files import read_all
from reconciler.model.address import Address
from reconciler.model.finding import Finding, Severity, errors
from reconciler.model.patch import Edit
from reconciler.model.words import counted
from reconciler.planning.accepting import Proposed, Sight, proposals
from reconciler.planning.options import PlanOptions


class _Bench:
    """The copy in the making: edits are tried on it, and judged by reading it anew."""

    def __init__(self, root: Path, place: Path, found: Drifting, options: PlanOptions) -> None:
        self._place, self._found, self._options = place, found, options
        self._texts = {file.name: (root / file.name).read_bytes() for file in read_all(root)}
        self._edited: set[str] = set()
        for name in self._texts:
            self._write(name, self._texts[name])
        self._leaks, _, self._before = self._read()

    def tried(self, edits: tuple[Edit, ...], addresses: frozenset[Address]) -> str:
        """Why these edits do not declare these addresses and nothing else; "" where they do."""
        self._edit(edits)
        leaks, mistake, now = self._read()
        where = edits[-1].at[0].file if edits else ""
        if mistake:
            return f"{where} would no longer be valid: {mistake}"
        if new := leaks - self._leaks:
            return f"the manifests would let somebody cross a tenant's walls: {min(new)}"
        missed = {address for address, _ in now} & addresses
        if missed:
            return "no line of the manifests can be made to say it"
        others = sorted(address for address, _ in now - self._before)
        return f"{others[0]} would be changed by the same line of {where}" if others else ""

    def _edit(self, edits: tuple[Edit, ...]) -> None:
        from reconciler.authoring import edited

        touched = {place.file for edit in edits for place in edit.at}
        for name in touched | self._edited:
            mine = [edit for edit in edits if name in {place.file for place in edit.at}]
            self._write(name, edited(name, mine, self._texts[name].decode()).encode())
        self._edited = touched

    def _write(self, name: str, content: bytes) -> None:
        path = self._place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def _read(self) -> tuple[frozenset[str], str, frozenset[tuple[Address, str]]]:
        """The leaks that manifests show, the first mistake in them, and what differs."""
        judged = Judged(self._place)
        if wrong := errors(judged.findings):
            return frozenset(), wrong[0].message, frozenset()
        sight = Sight.of(judged.manifests(), self._found.live, self._options, wiring.registry())
        return frozenset(_leaks(judged.findings)), "", frozenset(sight.differences.items())


def _leaks(findings: Iterable[Finding]) -> Iterator[str]:
    return (each.message for each in findings if each.severity is Severity.CRITICAL)


@contextmanager
def accepting(root: Path, place: Path | None) -> Iterator[_Accept]:
    """A way to fill `place` with accepted manifests; it is refused at once where it is taken."""
    if place is None:
        yield _Accept(root, None, None)
        return
    from reconciler.authoring.tree import growing

    if place.resolve().is_relative_to(root.resolve()):
        raise UsageError(
            f"{place} lies among the manifests, which would then declare everything twice",
            remedy="nothing was written; name a directory beside them with --propose",
        )
    with growing(place, "--propose") as tree:
        accept = _Accept(root, tree.root, place)
        yield accept
        tree.publish()


class _Accept(NamedTuple):
    """Writes the copy below `within`; nothing where no place was given."""

    root: Path
    within: Path | None
    place: Path | None

    def __call__(self, judged: Judged, found: Drifting, options: PlanOptions) -> None:
        """Declare what may be declared, and say what was not and why."""
        if self.within is None:
            return
        asked = proposals(judged.manifests(), found.live, options, wiring.registry(), found.report)
        bench = _Bench(self.root, self.within, found, options)
        refused = dict(_decided(asked, bench))
        say(f"manifests written to {self.place}: {counted(len(asked) - len(refused), 'object')} accepted")
        for address, reason in refused.items():
            say(f"not accepted: {address}: {reason}")


def _decided(asked: tuple[Proposed, ...], bench: _Bench) -> Iterator[tuple[Address, str]]:
    """Keep what may stand, all at once where that works; what may not, with its reason."""
    open_ = [each for each in asked if each.ways]
    yield from ((each.address, each.reason) for each in asked if not each.ways)
    first = tuple(edit for each in open_ for edit in each.ways[0])
    if not bench.tried(first, frozenset(each.address for each in open_)):
        return
    kept: tuple[Edit, ...] = ()
    addresses: frozenset[Address] = frozenset()
    for each in open_:
        reasons = []
        for way in each.ways:
            reason = bench.tried((*kept, *way), addresses | {each.address})
            if not reason:
                kept, addresses = (*kept, *way), addresses | {each.address}
                break
            reasons.append(reason)
        else:
            yield each.address, reasons[0]
    bench.tried(kept, addresses)
