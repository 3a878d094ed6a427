"""The documents that commands print as JSON. Each has a published schema."""

from __future__ import annotations

from typing import Literal, get_args

Document = Literal[
    "plan",
    "proposal",
    "apply",
    "drift",
    "prove",
    "probe",
    "access",
    "access-diff",
    "population",
    "outputs",
    "validate",
    "doctor",
    "bootstrap",
    "export",
    "lint",
    "explain",
    "history",
    "run",
    "secrets",
]
"""A document by the name that `schema` knows it by."""

DOCUMENTS: tuple[Document, ...] = get_args(Document)
"""All of them, in the order help shows them."""
