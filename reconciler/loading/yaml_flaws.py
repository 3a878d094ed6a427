"""What the YAML of a manifest may not hold, in words: one function per flaw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yaml import MarkedYAMLError
from yaml.events import AliasEvent, CollectionStartEvent, ScalarEvent

from reconciler.loading.mistakes import Mistake
from reconciler.loading.text import CONTROL_CHARACTER
from reconciler.model.rule import Rule

SYNTAX = Rule(
    "manifest/syntax",
    "What is not YAML cannot be read, and a tenant that is not read must not look like one that was removed.",
    "Mend the text at the place that is named.",
)
NULL = Rule(
    "manifest/null",
    "An empty value may mean nothing, none or a default; access must not hang on a guess.",
    "Write a value, or leave the field out.",
)
DUPLICATE_FIELD = Rule(
    "manifest/duplicate-field",
    "YAML lets the last of two equal fields win in silence: a reviewer reads the first one, and "
    "another one is applied.",
    "Remove one of them.",
)
DIRECTIVE = Rule(
    "manifest/directive",
    "A directive changes how the rest of the file is read; manifests mean the same wherever they are read.",
    "Remove it: manifests are YAML 1.2.",
)
MERGE_KEY = Rule(
    "manifest/merge-key",
    "A merge key brings in fields from elsewhere in the file, so that an entry grants more than its "
    "own lines show.",
    "Write the fields out, or use a Profile.",
)
KEY_NOT_TEXT = Rule(
    "manifest/key-not-text",
    "The names of fields are texts; anything else was most likely meant otherwise.",
    "Put it in quotes, or remove it.",
)
ALIAS = Rule(
    "manifest/alias",
    "An alias repeats what stands elsewhere, so that a change there changes access here, unseen in review.",
    "Write the value out, or use a Profile.",
)
ANCHOR = Rule(
    "manifest/anchor",
    "An anchor has no use without aliases, which are not read.",
    "Remove it.",
)
TAG = Rule(
    "manifest/tag",
    "A tag tells a reader how to build a value; the schema alone decides that here.",
    "Remove it.",
)

_HELP = {
    "mapping values are not allowed": "a text with `: ` in it needs quotes; else look at the indentation",
    "did not find expected key": "look at the indentation: fields of one thing start in one column",
    "did not find expected '-' indicator": "look at the indentation: a list starts in one column",
    "cannot start any token": "a text that starts with this character needs quotes",
    "could not find expected ':'": "a `:` is missing, or a text needs quotes",
    "found unexpected end of stream": "a quote or a bracket is not closed",
    "did not find expected ',' or": "a bracket or a comma is missing",
    "unknown escape character": "write a backslash twice, or use single quotes",
}


def place(event: Any) -> tuple[int, int, int]:
    """Line and column from 1, and the width where the node ends on its line."""
    start, end = event.start_mark, event.end_mark
    one_line = isinstance(event, ScalarEvent) and start.line == end.line
    return start.line + 1, start.column + 1, max(1, end.column - start.column) if one_line else 1


def _flaw(event: Any, rule: str, message: str, remedy: str) -> Mistake:
    line, column, width = place(event)
    return Mistake(rule, message, remedy, line, column, width)


def syntax(error: MarkedYAMLError) -> Mistake:
    """Where the parser stopped: what follows is not known."""
    mark = error.problem_mark or error.context_mark
    problem = error.problem or "it cannot be parsed"
    remedy = next((text for part, text in _HELP.items() if part in problem), "")
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Mistake(SYNTAX, f"not YAML: {problem}", remedy, line, column)


def null(event: Any) -> Mistake:
    """A field without a value."""
    remedy = "give a value, or leave the field out: its default is in the schema"
    return _flaw(event, NULL, "nothing where a value belongs", remedy)


def duplicate(event: Any, first: tuple[int, int, int]) -> Mistake:
    """A field given twice: other readers take the last one in silence."""
    message = f"a field is given twice, first on line {first[0]}"
    return _flaw(event, DUPLICATE_FIELD, message, "remove one of them")._replace(first=first)


def directive(event: Any) -> Mistake:
    """`%YAML` or `%TAG`."""
    return _flaw(event, DIRECTIVE, "a YAML directive", "remove it: manifests are YAML 1.2")


def merge_key(event: Any) -> Mistake:
    """`<<`."""
    return _flaw(event, MERGE_KEY, "a merge key", "write the fields out, or use a Profile")


def key_not_text(event: Any) -> Mistake:
    """A number, a truth value or a collection as the name of a field."""
    return _flaw(event, KEY_NOT_TEXT, "the name of a field is not text", "put it in quotes")


def invisible(event: Any) -> Iterator[Mistake]:
    """An escape for a character that would not be shown."""
    message = "an escape for an invisible character"
    yield _flaw(event, CONTROL_CHARACTER, message, "remove it")


def decorations(event: Any) -> Iterator[Mistake]:
    """Anchors, aliases and tags."""
    if isinstance(event, AliasEvent):
        yield _flaw(event, ALIAS, "an alias", "write the value out, or use a Profile")
    elif event.anchor is not None:
        yield _flaw(event, ANCHOR, "an anchor", "remove it: aliases are not read")
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
        yield _flaw(event, TAG, "a tag", "remove it: the schema knows the types")
