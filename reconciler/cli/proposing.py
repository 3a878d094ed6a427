"""`plan --against`: what a change of the manifests would mean, without credentials."""

from __future__ import annotations

from pathlib import Path

from reconciler import __version__, wiring
from reconciler.cli.clothing import Clothes, wear
from reconciler.cli.console import width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.manifests import Judged
from reconciler.cli.policing import stated
from reconciler.errors import UsageError
from reconciler.loading.revision import at_revision, standing
from reconciler.model.finding import Severity, errors
from reconciler.model.proposal import Proposal, document
from reconciler.planning.proposed import Side, proposed
from reconciler.planning.resolve import resolve
from reconciler.reports.check_words import of_proposal
from reconciler.reports.documents import dumps
from reconciler.reports.proposal_text import proposal_markdown, proposal_text


def propose(root: Path, revision: str, output: str, details: str) -> int:
    """Compare what lies below `root` with what lay there at `revision`; the exit code."""
    head = Judged(root)
    found = _compared(head, root, revision)
    clothes: Clothes = {
        "text": lambda: proposal_text(found, width(), head.locate),
        "json": lambda: dumps(document(found)),
        "markdown": lambda: proposal_markdown(found, head.locate, details=details),
        "html": lambda: _page(found, head),
    }
    wear(output, clothes, lambda: of_proposal(found, head.owners, head.where))
    return exit_code(Facts(leak=bool(found.leaks)))


def _page(found: Proposal, head: Judged) -> str:
    from reconciler.reports.plan_page import proposal_page  # templates, which the others need not wait for

    return proposal_page(found, head.locate)


def _compared(head: Judged, root: Path, revision: str) -> Proposal:
    with at_revision(root, revision) as then:
        base = _base(then.root, revision) if any(then.root.iterdir()) else None
    registry, today = wiring.registry(), wiring.today().date()
    return proposed(
        base, _side(head), registry, wiring.public_evidence(), today,
        f"reconciler {__version__}", then.commit, standing(root),
    )  # fmt: skip


def _base(root: Path, revision: str) -> Side:
    judged = Judged(root)
    if errors(judged.findings):
        raise UsageError(
            f"the manifests at {revision} are not valid, so nothing can be compared with them",
            remedy="check that revision out and run `reconciler validate`, or compare with another one",
        )
    return _side(judged)


def _side(judged: Judged) -> Side:
    manifests = judged.manifests()
    desired, _ = resolve(manifests, wiring.registry(), wiring.today().date())
    leaks = tuple(each for each in judged.findings if each.severity is Severity.CRITICAL)
    return Side(desired, stated(manifests.org), leaks)
