"""What stands around a plan, in words: which manifests, what was not seen, what ends soon."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.frame import Expiry, Frame, Revision
from reconciler.model.words import counted
from reconciler.reports.findings_text import Locate
from reconciler.reports.lines import Line, flow

ENDING = "Ends within 30 days"
UNCOMMITTED = " and what is not committed"
_MOST = 20
_SHORT = 12


def revision_said(revision: Revision | None) -> str:
    """`commit 3f2a91c07b12`, and whether the manifests differ from it; "" outside a repository."""
    if revision is None:
        return ""
    return f"commit {revision.commit[:_SHORT]}{UNCOMMITTED if revision.dirty else ''}"


def looked(frame: Frame) -> tuple[str, ...]:
    """With what eyes, in a few words each."""
    catalogue = f"catalogue {frame.catalogue[:8]}" if frame.catalogue else ""
    return tuple(part for part in (revision_said(frame.revision), catalogue) if part)


def unseen_lines(frame: Frame, width: int) -> list[Line]:
    """What the reader did not see."""
    return [line for text in frame.unseen for line in flow("Not seen: ", text, width, "muted", hang=4)]


def expiry_lines(frame: Frame, width: int, locate: Locate) -> list[Line]:
    """A section of what ends soon; nothing where nothing does."""
    if not frame.expiries:
        return []
    lines = [Line(ENDING, "title")]
    for each in frame.expiries[:_MOST]:
        lines += flow(f"  {each.expires}  ", "; ".join(told(each, locate)), width, "change", hang=6)
    left = len(frame.expiries) - _MOST
    return [*lines, Line(f"  and {left:,} more (-o json lists each)")] if left > 0 else lines


def told(each: Expiry, locate: Locate) -> Iterator[str]:
    """What ends, in how many days, who answers for it, and where that is written."""
    yield f"{each.address} {each.what}"
    yield left(each)
    yield f"{each.owner} answers for it"
    place = locate(each.origin) if each.origin else None
    if place:
        yield str(place)


def left(each: Expiry) -> str:
    """How long it still holds."""
    return f"in {counted(each.days, 'day')}" if each.days else "today is its last day"
