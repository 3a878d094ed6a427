"""What export tells: what was written, what stays as it is, and what to do next."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from reconciler.kinds import REGISTRY
from reconciler.reports.export_json import document
from reconciler.reports.export_text import Written, export_text, last_line
from reconciler.reports.lines import plain
from reconciler.reports.schemas import schema
from tests.planning.exports import handmade_proposal, proposed
from tests.reports.golden import check


@pytest.mark.parametrize("width", [80, 120])
def test_an_export_reads_like_this(width: int) -> None:
    text = plain(export_text(handmade_proposal(), Written("manifests", 31), REGISTRY, width))
    assert max(map(len, text.splitlines())) <= width
    check(f"tests/golden/reports/export_{width}.txt", text)


def test_an_organisation_with_nothing_in_it_says_so() -> None:
    empty = proposed(divisions=[], roles=[], clients=[])
    text = plain(export_text(empty, Written("out", 9), REGISTRY))
    assert "no division but Home" in text and "to adopt: nothing" in text
    assert (
        last_line(empty, Written("out", 9))
        == "export: 0 tenants, 0 to adopt, 0 left out · 9 requests, 0 writes · out"
    )


def test_the_document_follows_its_schema_and_lists_every_finding() -> None:
    proposal = handmade_proposal()
    told = document(proposal, Written("manifests", 31), REGISTRY)
    Draft202012Validator(schema("export")).validate(told)
    assert told["summary"] == {"adopt": 14, "declared": 3, "leftOut": 5}
    assert len(told["findings"]) == len(proposal.findings) > 8
    assert told["files"] == ["org.yaml", "shared.yaml", "tenants/acme.yaml", "tenants/globex-bank.yaml"]
