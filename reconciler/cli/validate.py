"""`validate`: files, references, permissions and isolation, by the manifests alone."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.console import show, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.patches import patching
from reconciler.model.finding import Severity, errors
from reconciler.reports.documents import dumps, validate_document
from reconciler.reports.findings_text import findings_text


@click.command("validate")
@root_argument
@format_option("text", "json")
def command(root: Path, output: str) -> int:
    """Check the manifests below ROOT without any organisation.

    Every mistake at once, each with file:line:column and what to do, and what is allowed but unwise.
    Exit 3 when they are invalid, 8 when they would let a tenant's client reach beyond its tenant.
    """
    judged = Judged(root)
    findings, locate = judged.findings + judged.faults(), judged.locate
    if output == "json":
        click.echo(dumps(validate_document(findings, judged.files, locate, patching(root))))
    else:
        show(findings_text(findings, judged.files, locate, width()))
    leak = any(finding.severity is Severity.CRITICAL for finding in judged.findings)
    return exit_code(Facts(invalid=bool(errors(judged.findings)), leak=leak))
