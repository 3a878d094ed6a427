"""`explain`: what a rule or a wrong recipe means, offline."""

from __future__ import annotations

import click

from reconciler import wiring
from reconciler.cli.console import show, width
from reconciler.cli.manifests import format_option
from reconciler.errors import UsageError
from reconciler.isolation.explanations import explanations, meant, nearest
from reconciler.loading.lint import EXAMPLE
from reconciler.reports.documents import dumps
from reconciler.reports.explain_json import explain_document
from reconciler.reports.explain_text import explain_text, list_text


@click.command("explain")
@click.argument("word", required=False, metavar="[RULE|NAME]")
@format_option("text", "json")
def command(word: str | None, output: str) -> int:
    """Say what a RULE means, why it is there and what to do; or what is wrong with a NAME.

    A NAME is a field, header, parameter, option or path that is said to confine a client, such as
    divisionIds or X-Division. Without either, every rule is listed. Works offline, without manifests.
    """
    known = explanations(wiring.rules().values())
    told = meant(word, known) if word else list(known.values())
    if word and not told:
        message = f"no rule and no wrong recipe is called `{word}`"
        raise UsageError(message, remedy=_remedy(nearest(word, known)))
    if output == "json":
        click.echo(dumps(explain_document(told)))
    else:
        show(explain_text(told, EXAMPLE, width()) if word else list_text(told, width()))
    return 0


def _remedy(near: list[str]) -> str:
    if near:
        return f"did you mean {', '.join(f'`{name}`' for name in near)}?"
    return "`reconciler explain` lists every rule"
