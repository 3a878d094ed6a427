"""What our published schemas are built of: strict objects, and every field with a description."""

from __future__ import annotations

from typing import Any, TypeAlias

from reconciler.model.plan import FORMAT_VERSION

Schema: TypeAlias = dict[str, Any]


def object_of(description: str, **fields: Schema) -> Schema:
    """An object of exactly these fields, all required."""
    return {
        "description": description,
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def list_of(description: str, items: Schema) -> Schema:
    """An array."""
    return {"description": description, "type": "array", "items": items}


def text(description: str, **more: Any) -> Schema:
    """A string; `more` are further constraints."""
    return {"description": description, "type": "string", **more}


def maybe(description: str) -> Schema:
    """A string or null."""
    return {"description": description, "type": ["string", "null"]}


def count(description: str) -> Schema:
    """A whole number from 0."""
    return {"description": description, "type": "integer", "minimum": 0}


def flag(description: str) -> Schema:
    """True or false."""
    return {"description": description, "type": "boolean"}


def anything(description: str) -> Schema:
    """Any JSON."""
    return {"description": description}


def map_of(description: str, values: Schema) -> Schema:
    """An object with any keys."""
    return {"description": description, "type": "object", "additionalProperties": values}


def version() -> Schema:
    """The document's version."""
    return {"description": "Of this document; a reader refuses another one.", "const": FORMAT_VERSION}
