"""The published schemas of what asks for consent."""

from __future__ import annotations

from reconciler.model.approval import GRAVITY
from reconciler.reports.schema_parts import Schema, list_of, object_of, text


def approval() -> Schema:
    """What consent is asked for."""
    ground = object_of(
        "One reason for it.",
        **{"class": text("The consent it asks for.", enum=list(GRAVITY))},
        address=text("Whom it concerns: an address, or `group:NAME`."),
        message=text("What happens, in words."),
    )
    return object_of(
        "What consent the plan needs, by what it does and not by files touched.",
        **{"class": text("The gravest that occurs.", enum=list(GRAVITY))},
        classes=list_of("All that occur, the gravest first.", text("One of them.", enum=list(GRAVITY))),
        grounds=list_of("Why, the gravest first.", ground),
    )
