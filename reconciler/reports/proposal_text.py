"""A proposal in text and as a comment: access, what is declared otherwise, and the consent it asks for."""

from __future__ import annotations

from itertools import chain

from reconciler.model.address import Address
from reconciler.model.consent import gravest
from reconciler.model.proposal import Proposal
from reconciler.reports.access_text import delta_lines
from reconciler.reports.causes import of_proposal
from reconciler.reports.comment import MOST, WIDTH, asks, consent_table, joined, linked, marker, parts
from reconciler.reports.consent_text import consent_lines
from reconciler.reports.findings_text import Locate, short_lines
from reconciler.reports.frame_text import expiry_lines, looked, unseen_lines
from reconciler.reports.lines import Line, dotted, flow, folded
from reconciler.reports.markdown import escaped
from reconciler.reports.names import Names

_MOST = 12
_NAMES = Names({}, {})


def proposal_text(found: Proposal, width: int, locate: Locate) -> tuple[Line, ...]:
    """The whole proposal; its last line is never wrapped."""
    against = f"against {found.against[:12]}" if found.base else f"nothing declared at {found.against[:12]}"
    head = [found.org_name, against, f"manifests {found.head[:7]}", *looked(found.frame)]
    return (
        *dotted(head, width, "title"),
        Line(""),
        *delta_lines(found.access, _NAMES, width, of_proposal(found, _NAMES)),
        Line(""),
        *_leak_lines(found, width, locate),
        *_entry_lines(found, width),
        *_ending_lines(found, width, locate),
        *consent_lines(found.grounds, width),
        *unseen_lines(found.frame, width),
        Line(last_line(found), "total"),
    )


def last_line(found: Proposal) -> str:
    """The line that scripts look for."""
    counts = f"{len(found.added)} added, {len(found.changed)} changed, {len(found.removed)} removed"
    access = f"access +{len(found.access.gains)} -{len(found.access.losses)}"
    return f"proposal: {counts} · {access} · consent {gravest(found.grounds)}"


def proposal_markdown(found: Proposal, locate: Locate, most: int = MOST, details: str = "") -> str:
    """The whole comment, at most `most` characters; `details` is where all of it is to be seen."""
    title = f"## {escaped(found.org_name)}: {'**leak**, ' if found.leaks else ''}{asks(found.grounds)}"
    head = [marker("proposal", found.org_name), title, "", *consent_table(found.grounds)]
    foot = "\n".join([*linked(details), f"<sub>{escaped(_foot(found))}</sub>"])
    shown = parts(
        (
            ("", _leak_lines(found, WIDTH, locate)),
            ("", delta_lines(found.access, _NAMES, WIDTH, of_proposal(found, _NAMES))),
            ("", _ending_lines(found, WIDTH, locate)),
            ("Entries", _entry_lines(found, WIDTH)),
        ),
        most - len(joined([*head, foot])),
        "reconciler plan --against",
    )
    return joined([*head, *shown, foot])


def _foot(found: Proposal) -> str:
    """What was compared, and what that leaves out."""
    seen = (f"compared with {found.against[:12]}", *looked(found.frame), found.tool)
    return "; ".join([", ".join(seen), *(f"not seen: {each}" for each in found.frame.unseen)])


def _ending_lines(found: Proposal, width: int, locate: Locate) -> list[Line]:
    lines = expiry_lines(found.frame, width, locate)
    return [*lines, Line("")] if lines else []


def _leak_lines(found: Proposal, width: int, locate: Locate) -> list[Line]:
    """What of the manifests must not be applied, whoever consents."""
    lines = short_lines(found.leaks, width, locate)
    return [*lines, Line("")] if lines else []


def _entry_lines(found: Proposal, width: int) -> list[Line]:
    """What is declared anew, otherwise and no more."""
    lines = (
        flow(f"  {sign} ", folded([str(each) for each in addresses], _MOST), width, hang=4)
        for sign, _, addresses in entries(found)
    )
    listed = [*chain(*lines)]
    return [Line("Entries", "title"), *listed, Line("")] if listed else []


def entries(found: Proposal) -> list[tuple[str, str, tuple[Address, ...]]]:
    """What is declared anew, otherwise and no more, with the sign and the word for it."""
    signs = (("+", "added", found.added), ("~", "changed", found.changed), ("-", "removed", found.removed))
    return [each for each in signs if each[2]]
