"""The table of docs/metrics.md, from the table of metrics.

`python -m tests.docs.metrics_page` writes it anew, and a test tells when that is due.
"""

from __future__ import annotations

from reconciler.telemetry.metrics import METRICS
from tests.docs.blocks import cell, filled, table
from tests.docs.reading import ROOT

PAGE = ROOT / "docs/metrics.md"


def renewed(text: str) -> str:
    """The page with the table as it is today."""
    return filled(text, {"metrics": _metrics()}.__getitem__)


def _metrics() -> str:
    rows = ((f"`{each.name}`", ", ".join(f"`{label}`" for label in each.labels), each.by, cell(each.tells))
            for each in METRICS)  # fmt: skip
    return table(("metric", "labels", "written by", "tells"), rows)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
