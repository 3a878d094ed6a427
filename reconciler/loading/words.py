"""The grammar in words: what a pattern of the schema means, and what a type is called."""

from __future__ import annotations

from typing import Any

from reconciler.loading import org_spec, sink_spec
from reconciler.model.address import NAME_PATTERN

_NAME = "lower-case letters, digits and inner hyphens, at most 40 characters"

_PATTERNS = {
    f"^{NAME_PATTERN}$": _NAME,
    f"^(?:{NAME_PATTERN}/)?{NAME_PATTERN}$": "`key` or `owner/key`",
    f"^{NAME_PATTERN}(?:/{NAME_PATTERN}){{0,2}}$": "a selector, `owner[/kind[/key]]`",
    org_spec.UUID_PATTERN: "an id like 01234567-89ab-cdef-0123-456789abcdef, lower-case",
    org_spec.RANGE_PATTERN: "versions like `>=0.1,<1.0`",
    org_spec.PERMISSION_PATTERN: "`domain:entity:action`, without wildcards",
    org_spec.DAY_PATTERN: "a day as YYYY-MM-DD",
    sink_spec.PLACE_PATTERN: "a relative path of letters, digits, `.`, `_`, `-`, `{tenant}` and `{key}`",
    sink_spec.MOUNT_PATTERN: "letters, digits, `_` and `-`, parts separated by `/`",
    sink_spec.SECRET_NAME_PATTERN: "capitals, digits and `_`, then `_{tenant}__{key}`",
    sink_spec.REPOSITORY_PATTERN: "a repository as `owner/name`",
    sink_spec.AWS_REGION_PATTERN: "an AWS region like `eu-central-1`",
    sink_spec.PROGRAM_PATTERN: "an absolute path; nothing is filled in, so braces are refused",
    sink_spec.ARGUMENT_PATTERN: "text without line breaks; nothing is filled in, so braces are refused",
    "^(https://|http://localhost)[^\\s]*$": "an address that starts with https:// (or http://localhost)",
    "^[^\\s@]+@[^\\s@]+$": "an e-mail address",
    "^[a-z0-9-]+(:readonly)?$": "a scope like `routing` or `routing:readonly`",
    "^[1-9][0-9]{0,6}[smhd]$": "a duration like `1h`",
}

_WITH_KINDS = {
    f"^{NAME_PATTERN}(?:/(?:": "a selector, `owner[/kind[/key]]`",
    "^(?:": "`kind/key`",
}
"""Patterns that name the registry's kinds, by how they start."""


def pattern(text: str) -> str:
    """What a text must look like to fit a pattern."""
    if text in _PATTERNS:
        return _PATTERNS[text]
    for start, meaning in _WITH_KINDS.items():
        if text.startswith(start):
            kinds = text.removeprefix(start).partition(")")[0].replace("|", ", ")
            return f"{meaning}, where the kind is one of {kinds}"
    return f"the pattern {text}"


_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def expected(type_: str, context: dict[str, Any]) -> str:
    """What a node should have been, for objections that say so; "" for others."""
    if type_ == "string_pattern_mismatch":
        return pattern(context["pattern"])
    if type_ == "literal_error":
        return str(context["expected"]).replace("'", "`")
    return _TYPES.get(type_, "")


def kind_of(value: Any) -> str:
    """What a value is, as an author would call it."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number" if isinstance(value, int) else "a fraction"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"
