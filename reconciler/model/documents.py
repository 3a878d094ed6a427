"""The documents that commands print as JSON. Each has a published schema."""

from __future__ import annotations

from collections.abc import Mapping
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
    "convert",
    "lint",
    "explain",
    "history",
    "run",
    "secrets",
]
"""A document by the name that `schema` knows it by."""

DOCUMENTS: tuple[Document, ...] = get_args(Document)
"""All of them, in the order help shows them."""

PRINTED_BY: Mapping[Document, tuple[str, ...]] = {
    "plan": ("plan", "apply --plan"),
    "proposal": ("plan --against",),
    "apply": ("apply", "suspend", "secrets rotate", "secrets recover"),
    "drift": ("drift",),
    "prove": ("prove",),
    "probe": ("probe",),
    "access": ("access matrix", "access who-can", "access why"),
    "access-diff": ("access diff",),
    "population": ("access population",),
    "outputs": ("outputs",),
    "validate": ("validate",),
    "doctor": ("doctor",),
    "bootstrap": ("doctor --bootstrap",),
    "export": ("export",),
    "convert": ("convert",),
    "lint": ("lint",),
    "explain": ("explain",),
    "history": ("history",),
    "run": ("history RUN", "apply --record"),
    "secrets": ("secrets status",),
}
"""The commands that each belongs to: they print it with `-o json`, write it, or read it."""
