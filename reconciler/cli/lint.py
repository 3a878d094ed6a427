"""`lint`: wrong recipes in bodies, Terraform and source code, and the grants that do what was meant."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.clothing import PIPELINE, Clothes, wear
from reconciler.cli.console import say, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.manifests import format_option
from reconciler.isolation.myths import MYTHS
from reconciler.loading.lint import STDIN, Linted, lint, sources, standard_input
from reconciler.model.finding import errors
from reconciler.reports.check_words import of_lint
from reconciler.reports.documents import dumps, lint_document
from reconciler.reports.findings_text import findings_text, tally
from reconciler.reports.lines import visible

CLEAN = "no wrong recipe"


@click.command("lint")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@format_option("text", "json", *PIPELINE)
def command(paths: tuple[str, ...], output: str) -> int:
    """Look for wrong recipes in PATHs: files, directories, or - for standard input.

    Recognised by name, in any language: fields, headers, token parameters, SDK options, paths and scopes
    that are said to confine a client and do not. Each answer says why, and prints the grants that do.
    Reads no manifests' meaning (that is `validate`) and asks no organisation. In directories,
    dot-directories (but .github), links, installed packages and minified code are left out.

    A comment `reconciler: ignore[RULE]` at the end of a line, or alone on the line before it, silences a
    rule there. Exit 3 when a wrong recipe is found, 0 for mere information.
    """
    linted = Linted()
    lint(sources(Path(path) for path in paths if path != STDIN), linted)
    if STDIN in paths:
        lint([standard_input(sys.stdin.buffer.read())], linted)
    for each in linted.skipped:
        say(f"not read: {visible(each.name)} {each.skipped}")
    found, files, locate = linted.findings, linted.files, linted.locate
    clothes: Clothes = {
        "text": lambda: findings_text(found, files, locate, width(), CLEAN),
        "json": lambda: dumps(lint_document(found, files, locate, _reasons(linted))),
    }
    rules = [myth.id for myth in MYTHS]
    wear(output, clothes, lambda: of_lint(tally(found, files, CLEAN), found, rules, locate))
    return exit_code(Facts(invalid=bool(errors(tuple(linted.findings)))))


def _reasons(linted: Linted) -> list[tuple[str, str]]:
    return [(each.name, each.skipped) for each in linted.skipped]
