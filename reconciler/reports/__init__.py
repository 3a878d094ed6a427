"""Reports: plans, applies and findings as text and as JSON documents.

Pure rendering of values: no I/O, no colour, no clock. The same facts in every form; lists fold in
text and never in a document.
"""

from __future__ import annotations

from reconciler.reports.apply_text import apply_text, outcome_column, outcome_lines
from reconciler.reports.documents import dumps, read_plan, validate_document
from reconciler.reports.drift_text import drift_text
from reconciler.reports.findings_text import Locate, findings_text
from reconciler.reports.lines import STYLES, Line, Style, plain, visible
from reconciler.reports.plan_text import last_line, plan_text
from reconciler.reports.schemas import schema

__all__ = [
    "STYLES",
    "Line",
    "Locate",
    "Style",
    "apply_text",
    "drift_text",
    "dumps",
    "findings_text",
    "last_line",
    "outcome_column",
    "outcome_lines",
    "plain",
    "plan_text",
    "read_plan",
    "schema",
    "validate_document",
    "visible",
]
