"""`prove`: that each tenant's clients reach its own divisions and nothing else. Never writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from reconciler import wiring
from reconciler.cli.clothing import PIPELINE, Clothes, wear
from reconciler.cli.console import save, width
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.main import Global
from reconciler.cli.manifests import Judged, format_option, root_argument
from reconciler.cli.patches import patching, save_patch
from reconciler.cli.planning import SIGNING_IN, options
from reconciler.cli.telling import tell, told
from reconciler.engine.survey import survey
from reconciler.model.manifest import Manifests
from reconciler.model.picture import Picture
from reconciler.model.proof import Proof
from reconciler.model.shelves import COLLECTIONS
from reconciler.planning.options import PlanOptions
from reconciler.planning.proof import Proved, prove
from reconciler.reports.check_words import of_proof
from reconciler.reports.documents import dumps
from reconciler.reports.proof_json import proof_document
from reconciler.reports.proof_text import proof_text


@click.command(
    "prove",
    epilog=f"{SIGNING_IN}  GENESYSCLOUD_ACCESS_TOKEN        an administrator's token, instead of both",
)
@root_argument
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write down what the verdicts follow from; check_certificate.py beside the package's isolation "
    "modules checks it alone.",
)
@click.option(
    "--objects",
    is_flag=True,
    help="Look also at where objects lie and who is in queues and units: a request per hundred objects, one "
    "per queue and per management unit, two per OAuth client that is older than 90 days or our own. It "
    "changes no verdict.",
)
@click.option(
    "--patch",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what manifests could say to mend the findings as one diff, for `git apply`.",
)
@format_option("text", "json", "html", *PIPELINE)
@click.pass_obj
@told()
def command(
    given: Global, root: Path, certificate: Path | None, objects: bool, patch: Path | None, output: str
) -> int:
    """Prove that each tenant's clients reach its own divisions and nothing else, and tell who reaches it.

    Reads each client's access in both views, who holds each role, and every group's members. Exit 8
    when anything leaks, 7 when something that a verdict needs was not seen.
    """
    judged = Judged(root)
    manifests = judged.manifests()
    looked = look(manifests, given, options(()), objects=objects, drawn=output == "html")
    proof, facts, picture = asyncio.run(looked)
    tell(proof=proof)
    if certificate:
        save(certificate, dumps(facts), "certificate", "--certificate")
    if patch:
        save_patch(patch, proof.findings, root)
    code = exit_code(Facts(leak=proof.leaks > 0, refused=proof.unknown))
    clothes: Clothes = {
        "text": lambda: proof_text(proof, code, width()),
        "json": lambda: dumps(proof_document(proof, patching(root))),
        "html": lambda: _page(proof, picture, code),
    }
    wear(output, clothes, lambda: of_proof(proof, code, judged.where))
    return code


def _page(proof: Proof, picture: Picture | None, code: int) -> str:
    from reconciler.reports.proof_page import proof_page  # templates, which the others need not wait for

    assert picture is not None  # drawn for pages
    return proof_page(proof, picture, code)


async def look(
    manifests: Manifests, given: Global, chosen: PlanOptions, *, objects: bool = False, drawn: bool = False
) -> Proved:
    """Read everything, and prove every tenant."""
    besides = COLLECTIONS if objects else ()
    async with wiring.session(manifests.org, given.endpoint, read_only=True, besides=besides) as session:
        tell(api=session.api)
        seen = await survey(session.api, manifests, chosen, session.registry, session.clock, objects=objects)
        return prove(manifests, seen.live, seen.survey, chosen, session.registry, drawn=drawn)
