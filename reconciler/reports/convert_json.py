"""A conversion as JSON, and the published schema of it: every resource with what became of it."""

from __future__ import annotations

from typing import Any, get_args

from reconciler.model.plan import FORMAT_VERSION, finding_document
from reconciler.planning.convert.fates import Fate, Result
from reconciler.reports.convert_text import Converted
from reconciler.reports.export_json import counts, counts_schema, draft, draft_schema
from reconciler.reports.schema_parts import Schema, count, list_of, maybe, object_of, text, version


def document(done: Converted) -> dict[str, Any]:
    """The convert document, ready for JSON."""
    return {
        "formatVersion": FORMAT_VERSION,
        "source": done.source,
        **draft(done.proposal, done.out),
        "summary": {
            **counts(done.proposal),
            **{result: done.number(result) for result in get_args(Result)},
            "others": done.others,
        },
        "resources": [_resource(fate) for fate in done.fates],
        "removed": list(done.let.blocks),
        "stateRm": [address for some in done.let.single.values() for address in some],
        "findings": [finding_document(each) for each in done.findings],
    }


def _resource(fate: Fate) -> dict[str, Any]:
    return {
        "address": fate.record.address,
        "type": fate.record.type,
        "id": fate.record.id,
        "result": fate.result,
        "manifest": str(fate.address) if fate.address else None,
    }


def convert(finding: Schema) -> Schema:
    """The schema of the convert document; `finding` is that of one finding."""
    return object_of(
        "What Terraform managed and manifests have now.",
        formatVersion=version(),
        source=text("The file that was read."),
        **draft_schema(),
        summary=object_of(
            "How many went where.",
            **counts_schema(),
            converted=count("Resources of Terraform that manifests have whole."),
            referred=count("Resources that manifests only refer to; they stay Terraform's."),
            partly=count("Resources that manifests have a part of; they stay Terraform's, and both write."),
            left=count("Resources that stay Terraform's."),
            others=count("Resources of other types; nothing is said of them."),
        ),
        resources=list_of("Each resource that was looked at, in the order of the file.", _resource_schema()),
        removed=list_of("Blocks that removed.tf lets go of.", text("Terraform's address, without keys.")),
        stateRm=list_of("Instances to be taken out of the state one by one.", text("Terraform's address.")),
        findings=list_of("What stays with Terraform and why, and what has to be reviewed.", finding),
    )


def _resource_schema() -> Schema:
    return object_of(
        "One resource.",
        address=text("Terraform's address of it."),
        type=text("Its type."),
        id=text("The vendor's id, as the state has it."),
        result=text("What became of it.", enum=list(get_args(Result))),
        manifest=maybe("Its address in the manifests."),
    )
