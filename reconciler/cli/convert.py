"""`convert`: what Terraform manages becomes manifests, and Terraform lets go. Asks no organisation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import click

from reconciler import authoring, wiring
from reconciler.authoring.removed import FILE, removed
from reconciler.authoring.tree import Tree, growing, refuse_taken
from reconciler.cli.authored import out_option, region_option, standing_argument
from reconciler.cli.console import show, width
from reconciler.cli.drafting import NAME, check
from reconciler.cli.exits import Facts, exit_code
from reconciler.cli.manifests import Judged, format_option
from reconciler.errors import UsageError
from reconciler.loading import terraform
from reconciler.model.estate import Estate
from reconciler.model.manifest import Org
from reconciler.model.origin import Origin
from reconciler.model.regions import REGIONS
from reconciler.planning.convert.fates import fates, findings, letting
from reconciler.planning.convert.scene import scene_of
from reconciler.planning.export.trial import clean
from reconciler.planning.export.values import Brief
from reconciler.reports.convert_json import document
from reconciler.reports.convert_text import Converted, convert_text
from reconciler.reports.documents import dumps

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@click.command("convert")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@standing_argument
@out_option
@click.option(
    "--name",
    type=NAME,
    default=None,
    metavar="NAME",
    help="The installation, as it will stand in every marker (no default without ROOT).",
)
@click.option(
    "--organization",
    default="",
    metavar="ID",
    help="The organisation's id, which every run will insist on (no default without ROOT).",
)
@click.option(
    "--operator",
    default="",
    metavar="CLIENT",
    help="Name or id of the client that will apply (no default without ROOT).",
)
@click.option(
    "--holds",
    multiple=True,
    metavar="ROLE",
    help="Name or id of a role that this client holds in every division and keeps: it is referred to and "
    "never taken over; may be repeated (default: what the state says, if it holds the client).",
)
@region_option
@format_option("text", "json")
def command(
    file: Path,
    root: Path | None,
    out: Path,
    name: str | None,
    organization: str,
    operator: str,
    holds: tuple[str, ...],
    region: str,
    output: str,
) -> int:
    """Turn what Terraform manages into manifests, split by tenant, with blocks that let Terraform let go.

    FILE is what `terraform show -json` prints of a state or a plan. Divisions, roles, OAuth clients and what
    groups and users hold are converted; applying the manifests adopts them and changes nothing but
    descriptions. What a state cannot tell stays with Terraform, each with its address and the reason. Asks
    no organisation. With ROOT, manifests of an organisation that is managed already, its Org document is
    taken over. removed.tf, beside the manifests, goes into the Terraform code. Exit 1 where FILE is not such
    output; then nothing is written.
    """
    given = {"--name": name or "", "--organization": organization, "--operator": operator}
    org = _from(root, given) if root is not None else _org({**given, "--region": region})
    refuse_taken(out)
    estate = terraform.read(_bytes(file), file.name)
    if not any(record.managed for record in estate.records):
        raise UsageError(
            f"{file.name} manages no division, role, OAuth client or grant: nothing to convert",
            remedy="nothing was written; name the state that has them",
        )
    with growing(out) as tree:
        done = _convert(Asked(file.name, str(out), org, holds), estate, tree)
        tree.publish()
    if output == "json":
        click.echo(dumps(document(done)), nl=False)
    else:
        show(convert_text(done, wiring.registry(), width()))
    return exit_code(Facts())


class Asked(NamedTuple):
    """What to convert for whom: the file's name, the directory, the Org document, what its client holds."""

    source: str
    out: str
    org: Org
    holds: tuple[str, ...]


def _convert(asked: Asked, estate: Estate, tree: Tree) -> Converted:
    registry = wiring.registry()
    brief = Brief(asked.org, wiring.today().date(), wiring.public_evidence())
    scene = scene_of(estate, registry, brief, asked.holds)
    proposal = clean(scene, lambda found: check(found, tree))
    became = fates(estate, proposal, scene)
    let = letting(became)
    tree.fill({**authoring.files(proposal, registry), FILE: removed(let)})
    unsaid = {each.finding for each in proposal.left}
    told = (
        *findings(became, let, estate, scene),
        *(each for each in proposal.findings if each not in unsaid),
    )
    return Converted(asked.source, asked.out, proposal, became, let, told, estate.others)


def _from(root: Path, given: dict[str, str]) -> Org:
    if said := [name for name, value in given.items() if value]:
        raise UsageError(
            f"{' and '.join(said)}: for an organisation without manifests",
            remedy="leave ROOT out, or take them from its Org document",
        )
    return Judged(root).manifests().org


def _org(given: dict[str, str]) -> Org:
    """The Org document to be; raises UsageError for what is missing or cannot be."""
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise UsageError(
            f"a state does not say which organisation it is about: {', '.join(missing)} missing",
            remedy="give them, or ROOT: the manifests of an organisation that is managed already",
        )
    name, identity, operator, region = given.values()
    if not _UUID.fullmatch(identity):
        raise UsageError(
            f"--organization {identity!r} is not an id",
            remedy="it is eight, four, four, four and twelve of 0-9a-f",
        )
    if region not in REGIONS:
        raise UsageError(
            f"the vendor has no region `{region}`", remedy=f"choose one of: {', '.join(sorted(REGIONS))}"
        )
    return Org(name, region, identity, operator, Origin("org.yaml"))


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > terraform.MOST_BYTES:
            raise UsageError(
                f"{file} is larger than {terraform.MOST_BYTES // 1024**2} MiB",
                remedy="nothing was written; convert the state of one module or workspace at a time",
            )
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
    raise UsageError(f"cannot read {file}: {reason}", remedy="name what `terraform show -json` printed")
