"""`validate`: files, references, permissions and isolation, by the manifests alone."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.clothing import PIPELINE, Clothes, wear
from reconciler.cli.console import width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.patches import patching
from reconciler.model.finding import Severity, errors
from reconciler.reports.check_words import of_findings
from reconciler.reports.documents import dumps, validate_document
from reconciler.reports.findings_text import CLEAN, findings_text, tally


@click.command("validate")
@root_argument
@format_option("text", "json", *PIPELINE)
def command(root: Path, output: str) -> int:
    """Check the manifests below ROOT without any organisation.

    Every mistake at once, each with file:line:column and what to do, and what is allowed but unwise.
    Exit 3 when they are invalid, 8 when they would let a tenant's client reach beyond its tenant.
    """
    judged = Judged(root)
    findings, files, locate = judged.findings + judged.faults(), judged.files, judged.locate
    clothes: Clothes = {
        "text": lambda: findings_text(findings, files, locate, width()),
        "json": lambda: dumps(validate_document(findings, files, locate, patching(root))),
    }
    total = tally(findings, files, CLEAN)
    wear(output, clothes, lambda: of_findings("validate", total, findings, judged.owners, judged.where))
    leak = any(finding.severity is Severity.CRITICAL for finding in judged.findings)
    return exit_code(Facts(invalid=bool(errors(judged.findings)), leak=leak))
