"""The table of docs/controller.md, from the table of waits.

`python -m tests.docs.controller_page` writes it anew, and a test tells when that is due.
"""

from __future__ import annotations

from reconciler.planning.schedule import LONGEST, TABLE
from tests.docs.blocks import cell, filled, table
from tests.docs.reading import ROOT

PAGE = ROOT / "docs/controller.md"


def renewed(text: str) -> str:
    """The page with the table as it is today."""
    return filled(text, {"waits": _waits()}.__getitem__)


def _waits() -> str:
    most = f"up to {LONGEST / 3600:.0f} h, or the interval if that is longer"
    rows = (
        (
            ending,
            f"{rule.first:.0f} s" if rule.first else "the interval",
            "up to the interval" if rule.first else most,
            cell(rule.why),
        )
        for ending, rule in TABLE.items()
    )
    return table(("a look that ended", "is repeated after", "doubled each time", "because"), rows)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
