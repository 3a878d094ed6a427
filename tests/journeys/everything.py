"""Every command in every format, so that what holds for all of them is asked of all of them.

The commands come from the command line itself: one that nobody gave arguments to makes a test fail.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from reconciler.cli.main import cli
from tests.journeys.world import Ran, World
from tests.support import terraform

Words = tuple[str, ...]

SERVERS = {("simulate",), ("demo",), ("controller",)}
"""What serves until it is stopped: `test_leaks_of_servers` and `tests/controller/test_leaks` search it."""

SAY: dict[Words, Words] = {
    ("validate",): (),
    ("render",): (),
    ("lint",): ("manifests",),
    ("explain",): ("division-ids",),
    ("schema",): ("plan",),
    ("plan",): ("--deep", "--out", "{new}.json", "--page", "{new}.html"),
    ("apply",): ("--auto-approve", "--record", "records"),
    ("suspend",): ("globex-bank", "--auto-approve", "--record", "records"),
    ("export",): ("--out", "{new}"),
    ("convert",): ("state.json", "manifests", "--out", "{new}"),
    ("doctor",): (),
    ("drift",): ("--issues", "{new}", "--propose", "{new}-accepted"),
    ("prove",): (),
    ("statement",): ("acme-retail",),
    ("probe",): (),
    ("access", "diff"): ("before.json", "after.json"),
    ("access", "matrix"): (),
    ("access", "population"): (),
    ("access", "who-can"): ("routing:queue:view", "ACME-US"),
    ("access", "why"): ("globex-bank-metrics", "routing:queue:view", "ACME-US"),
    ("outputs",): ("acme-retail",),
    ("history",): (),
    ("secrets", "status"): (),
    ("secrets", "rotate"): ("--only", "globex-bank", "--auto-approve", "--record", "records"),
    ("secrets", "recover"): ("--auto-approve", "--record", "records"),
}
"""What is typed behind each command; `{new}` is a name that nobody took."""

_MAY_WRITE = [("apply",), ("secrets", "rotate"), ("secrets", "recover"), ("suspend",)]


def commands() -> dict[Words, click.Command]:
    """Every command by the words that call it."""
    return dict(_below(cli, click.Context(cli), ()))


def _below(
    command: click.Command, context: click.Context, words: Words
) -> Iterator[tuple[Words, click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from _below(found, context, (*words, name))


def formats(command: click.Command) -> list[Words]:
    """Each `-o` of a command; once without where it has none."""
    kinds = [param.type for param in command.params if param.name == "output"]
    choices = [kind.choices for kind in kinds if isinstance(kind, click.Choice)]
    return [("-o", each) for several in choices for each in several] or [()]


def lines() -> list[Words]:
    """Every command line, those that write at the end."""
    known = {words: command for words, command in commands().items() if words not in SERVERS}
    ordered = sorted(known, key=lambda words: (words in _MAY_WRITE, words))
    return [(*words, *SAY[words], *form) for words in ordered for form in formats(known[words])]


def keep(world: World, *names: str) -> None:
    """What commands are given to read: two matrices, and what Terraform says of the organisation."""
    for name in names:
        matrix = world.run("access", "matrix", "-o", "json").out
        (world.place / f"{name}.json").write_text(matrix, "utf-8")
    told = terraform.whole(world.sim.snapshot(), without=["operator"])
    (world.place / "state.json").write_text(json.dumps(told), "utf-8")


def said(world: World, *before: str, every: int = 1) -> Iterator[tuple[Words, Ran]]:
    """Run every line (one in `every`) with `before` in front of it, and what each said.

    What `keep` writes has to be there.
    """
    for number, line in enumerate(lines()):
        if number % every == 0:
            arguments = tuple(word.format(new=f"new-{number}") for word in line)
            yield arguments, world.run(*before, *arguments)
