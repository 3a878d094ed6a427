"""An export as JSON, and the published schema of it. The same facts as the text, every finding listed."""

from __future__ import annotations

from typing import Any

from reconciler.model.kind import Registry
from reconciler.model.plan import FORMAT_VERSION, finding_document
from reconciler.planning.export.values import Document, Proposal
from reconciler.reports.export_text import Written, left_out
from reconciler.reports.schema_parts import Schema, count, list_of, object_of, text, version


def document(proposal: Proposal, written: Written, registry: Registry) -> dict[str, Any]:
    """The export document, ready for JSON."""
    return {
        "formatVersion": FORMAT_VERSION,
        **draft(proposal, written.out),
        "summary": {**counts(proposal), "leftOut": left_out(proposal)},
        "findings": [finding_document(each) for each in proposal.findings],
        "requests": {"read": written.requests, "write": 0},
    }


def draft(proposal: Proposal, out: str) -> dict[str, Any]:
    """What is alike for every document about manifests that were written down."""
    org = proposal.manifests.org
    return {
        "org": {
            "name": org.name,
            "id": org.organization_id,
            "region": org.region,
            "operator": org.operator,
        },
        "out": out,
        "tenants": list(proposal.tenants),
        "files": [org.origin.file, *(each.file for each in proposal.documents)],
    }


def counts(proposal: Proposal) -> dict[str, int]:
    """How many entries were written."""
    return {
        "adopt": len(proposal.adopting),
        "declared": sum(_size(each) for each in proposal.documents) - len(proposal.adopting),
    }


def _size(document: Document) -> int:
    return sum(map(len, document.sections.values()))


def export(finding: Schema) -> Schema:
    """The schema of the export document; `finding` is that of one finding."""
    return object_of(
        "An organisation that was written down as manifests.",
        formatVersion=version(),
        **draft_schema(),
        summary=object_of(
            "How many objects went where.",
            **counts_schema(),
            leftOut=count("Not declared: they stay unmanaged."),
        ),
        findings=list_of("What stays unmanaged and why, and what has to be reviewed.", finding),
        requests=object_of(
            "What it asked of the organisation.", read=count("Reads, tokens included."), write=count("None.")
        ),
    )


def draft_schema() -> dict[str, Schema]:
    """The schema of what `draft` gives."""
    return {
        "org": object_of(
            "The organisation, as its Org document says.",
            name=text("The installation's name, which stands in every marker."),
            id=text("The vendor's id of it."),
            region=text("The vendor's region."),
            operator=text("Name or id of the client whose rights plans count on."),
        ),
        "out": text("The directory that was written."),
        "tenants": list_of("The tenants that were found or proposed, sorted.", text("A tenant's name.")),
        "files": list_of("What was written below it.", text("A path with forward slashes.")),
    }


def counts_schema() -> dict[str, Schema]:
    """The schema of what `counts` gives."""
    return {
        "adopt": count("Declared, and taken over by the first apply."),
        "declared": count("Declared besides: ours already, only referred to, or groups and users."),
    }
