"""The pages of docs/reference: what the code knows of exit codes, variables, documents and commands.

`python -m tests.docs.reference` writes their blocks anew, and a test tells when that is due.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, get_args

import click

from reconciler import wiring
from reconciler.cli import exits
from reconciler.cli.environment import VARIABLES, Topic, Variable
from reconciler.cli.main import COMMANDS, cli
from reconciler.cli.schema import MANIFESTS
from reconciler.model.documents import DOCUMENTS, PRINTED_BY, Document
from tests.docs.blocks import cell, filled, table
from tests.docs.reading import ROOT

PAGES = ROOT / "docs" / "reference"


def codes() -> str:
    """Every exit code and what it means."""
    return table(("code", "means"), ((f"`{code}`", cell(meaning)) for code, meaning in exits.TABLE))


def order() -> str:
    """The codes in the order in which they win, found by asking."""
    left = exits.Facts(**{each.name: True for each in fields(exits.Facts)})
    found = []
    while code := exits.exit_code(left):
        found.append(f"`{code}`")
        for each in fields(left):
            without = replace(left, **{each.name: False})
            if exits.exit_code(without) != code:
                left = without
                break
    return " · ".join([*found, "`0`"])


def variables(topic: Topic) -> str:
    """The variables of one topic."""
    rows = ((_called(each), cell(each.says)) for each in VARIABLES if each.topic == topic)
    return table(("variable", "what it is"), rows)


def _called(each: Variable) -> str:
    return f"`{each.name}`, `{each.name}_FILE`" if each.file else f"`{each.name}`"


def documents() -> str:
    """Every document that a command prints or writes."""
    return table(("document", "holds", "of"), map(_document, DOCUMENTS))


def _document(name: Document) -> tuple[str, ...]:
    link = f"[{name}](../schemas/{name}.schema.json)"
    return link, cell(wiring.schema(name)["description"]), ", ".join(f"`{each}`" for each in PRINTED_BY[name])


def manifests() -> str:
    """Every kind of manifest."""
    rows = (
        (f"[{name}](../schemas/{name}.schema.json)", cell(wiring.schema(name)["description"]))
        for name in MANIFESTS
    )
    return table(("document", "holds"), rows)


def top(name: Document) -> str:
    """The fields that a document has at its top."""
    held = wiring.schema(name)["properties"]
    return table(("field", "holds"), ((f"`{key}`", cell(said["description"])) for key, said in held.items()))


def everywhere() -> str:
    """The options before the command."""
    return _options(cli, click.Context(cli, info_name="reconciler"))


def commands() -> str:
    """Every command with its options, in the order of `--help`."""
    above = click.Context(cli, info_name="reconciler")
    return "\n\n".join(part for name in COMMANDS for part in _command(name, cli, above, "##"))


def _command(name: str, group: click.Group, above: click.Context, level: str) -> Iterator[str]:
    command = group.get_command(above, name)
    assert command is not None, name
    context = click.Context(command, info_name=name, parent=above)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"{level} {context.command_path.removeprefix('reconciler ')}"
    yield f"`{usage}`"
    yield _prose(command)
    if any(isinstance(each, click.Option) for each in command.params):
        yield _options(command, context)
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            yield from _command(each, command, context, f"{level}#")


def _prose(command: click.Command) -> str:
    paragraphs = inspect.cleandoc(command.help or "").replace("\b\n", "").split("\n\n")
    return "\n\n".join(" ".join(each.split()).replace("<", "&lt;") for each in paragraphs)


def _options(command: click.Command, context: click.Context) -> str:
    records = (_record(each, context) for each in command.params if isinstance(each, click.Option))
    return table(("option", "does"), records)


def _record(option: click.Option, context: click.Context) -> tuple[str, str]:
    found: Any = option.get_help_record(context)
    called, says = found
    return f"`{called}`".replace("|", "\\|"), cell(says)


PARTS = {
    "codes": codes,
    "order": order,
    "documents": documents,
    "manifests": manifests,
    "commands": commands,
    "options": everywhere,
}


def part(name: str) -> str:
    """What belongs into the block of that name. Raises KeyError for a name nobody knows."""
    kind, _, of = name.partition(" ")
    if kind == "variables" and of in get_args(Topic):
        return variables(of)  # type: ignore[arg-type]  # it is one, by the line above
    if kind == "fields":
        return top(next(each for each in DOCUMENTS if each == of))
    return PARTS[name]()


def renewed(text: str) -> str:
    """A page with its blocks as they are today."""
    return filled(text, part)


if __name__ == "__main__":
    for page in sorted(PAGES.glob("*.md")):
        page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
