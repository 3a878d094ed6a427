"""The published schemas of past runs: the list of them, and one with everything it sent."""

from __future__ import annotations

from reconciler.model.history import Fate
from reconciler.reports.schema_parts import Schema, count, list_of, map_of, maybe, object_of, text, version


def history() -> Schema:
    """The history: runs without what they sent."""
    return object_of(
        "Runs of commands that write, newest first.",
        formatVersion=version(),
        place=text("Where they are kept; never with a password."),
        total=count("How many there are, shown or not."),
        runs=list_of("The newest of them.", object_of("One run.", **_run())),
    )


def run() -> Schema:
    """One run: what `history RUN` prints and `--record` writes."""
    return object_of(
        "A run, and every write that it announced.",
        formatVersion=version(),
        **_run(),
        operations=list_of("In the order they were announced.", _operation()),
    )


def _run() -> dict[str, Schema]:
    return {
        "runId": text("The run; also in what apply prints."),
        "org": object_of(
            "The organisation.", name=text("Its name in the manifests."), id=text("The vendor's id of it.")
        ),
        "command": text("What was called: `apply`, or `suspend TENANT`."),
        "tool": text("The program and its version."),
        "actor": text("Who called it, as far as the machine says."),
        "digest": maybe("The digest of its plan; null where it got none."),
        "startedAt": text("ISO 8601, UTC."),
        "endedAt": maybe("ISO 8601, UTC; null while it runs, or when it was cut off."),
        "exitCode": {"description": "null until it has ended.", "type": ["integer", "null"], "minimum": 0},
        "summary": map_of("How many changes ended how, as apply says it.", count("How many.")),
        "error": maybe("What ended it early."),
        "unresolved": count("Writes that were announced and whose answer nobody saw."),
    }


def _operation() -> Schema:
    fates: tuple[Fate, ...] = ("done", "failed", "unresolved")
    return object_of(
        "One write.",
        id=text("The operation's id in the plan."),
        address=text("`<owner>/<kind>/<key>`: what it is about."),
        method=text("The HTTP method."),
        path=text("The path, with ids."),
        nonce=maybe("The nonce in the marker of what was to be born; no secret."),
        intendedAt=text("When it was announced: before it was sent. ISO 8601, UTC."),
        concludedAt=maybe("When its answer was written down; null while nobody knows."),
        outcome=text("`unresolved`: it may have arrived; the next apply looks.", enum=list(fates)),
        error=maybe("Why it failed."),
    )
