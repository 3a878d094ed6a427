"""The published schema of what `lint` prints."""

from __future__ import annotations

from reconciler.reports.schema_parts import Schema, count, list_of, object_of, text, version


def lint(placed: Schema) -> Schema:
    """The lint document; `placed` is the schema of a finding with its place."""
    left = object_of("A file that was not looked at.", file=text("Its path."), reason=text("Why not."))
    return object_of(
        "Every wrong recipe in some files.",
        formatVersion=version(),
        files=count("How many files were looked at."),
        findings=list_of("In the order of the files, and as one reads them.", placed),
        skipped=list_of("What was not looked at.", left),
    )
