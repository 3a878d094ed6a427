"""`history`: past runs of commands that write, and what one of them sent."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli.console import show, width
from reconciler.cli.manifests import format_option
from reconciler.cli.recording import KEEPING
from reconciler.errors import ManifestError
from reconciler.model.history import history_document, run_document
from reconciler.model.manifest import Org
from reconciler.reports.documents import dumps
from reconciler.reports.history_text import history_text, run_text

ROOT = Path("manifests")


@click.command("history", epilog=f"\b\nEnvironment:\n{KEEPING}")
@click.argument("run", default="", metavar="[RUN]")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=f"Show runs of the organisation of these manifests (default: {ROOT}, or all where that is missing).",
)
@click.option("--all", "everything", is_flag=True, help="Show runs of every organisation.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Show at most so many runs."
)
@format_option("text", "json")
def command(run: str, root: Path | None, everything: bool, limit: int, output: str) -> int:
    """List past runs of commands that write, newest first, or show what RUN sent.

    RUN is the beginning of a run's id, or what stands behind its last hyphen. A write that was announced
    and whose answer nobody saw is unresolved: the next apply looks before it writes. Runs that had nothing
    to do leave no trace. The history is a hint; what is true, the organisation says.
    """
    if run:
        return _one(run, output)
    return _list(None if everything else _org(root), limit, output)


def _one(beginning: str, output: str) -> int:
    found, steps = wiring.state().archive().one(beginning)
    if output == "json":
        click.echo(dumps(run_document(found, steps)), nl=False)
    else:
        show(run_text(found, steps, width()))
    return 0


def _list(org: Org | None, limit: int, output: str) -> int:
    state = wiring.state()
    runs, total = state.archive().newest(org.organization_id if org else "", limit)
    if output == "json":
        click.echo(dumps(history_document(state.place.shown, runs, total)), nl=False)
    else:
        show(history_text(runs, total, org.name if org else "", state.place.shown, width()))
    return 0


def _org(root: Path | None) -> Org | None:
    """The organisation of the manifests, if there are any; telling mistakes is another command's task."""
    if root is None and not ROOT.is_dir():
        return None
    if root is not None and not root.is_dir():
        raise ManifestError(f"there is no directory `{root}`", remedy="give the manifests' directory")
    manifests = wiring.read(root or ROOT)[0].manifests
    if manifests is None and root is not None:
        raise ManifestError(
            f"the manifests below `{root}` cannot be read",
            remedy="`reconciler validate` says why; or use --all",
        )
    return manifests.org if manifests else None
