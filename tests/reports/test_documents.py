"""Documents keep their published schemas, and a plan comes back as it went."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.errors import UsageError
from reconciler.model import outcome, plan
from reconciler.model.documents import DOCUMENTS
from reconciler.model.finding import Finding, Severity
from reconciler.model.origin import Origin, Position
from reconciler.model.outcome import ApplyReport
from reconciler.model.plan import Plan
from reconciler.planning.digest import digest_of
from reconciler.reports import dumps, read_plan, schema, validate_document
from tests.reports.golden import check
from tests.reports.made import findings, plans, reports
from tests.reports.plans import STORIES, first_apply
from tests.support.build import HOME_BODY, live, manifests, metrics
from tests.support.build import plan as plan_for

HERE = Origin("tenants/acme.yaml", 0, ("spec",))


def mistakes(name: str, document: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(name)).iter_errors(document)]  # type: ignore[arg-type]


def without_names_and_origins(value: Plan) -> Plan:
    changes = tuple(replace(each, origin=None) for each in value.changes)
    found = tuple(replace(each, location=None) for each in value.findings)
    return replace(value, changes=changes, findings=found, names={})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_committed_schema_is_the_one_in_force(name: str) -> None:
    check(f"docs/schemas/{name}.schema.json", dumps(schema(name)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_is_sound_and_describes_every_field(name: str) -> None:
    document = schema(name)  # type: ignore[arg-type]
    Draft202012Validator.check_schema(document)
    assert list(silent(document)) == []


def silent(node: Any, path: str = "") -> Any:
    """Fields without a description, and objects that let anything in."""
    if isinstance(node, dict):
        if node.get("type") == "object" and "additionalProperties" not in node:
            yield f"{path} is open"
        for field, value in node.get("properties", {}).items():
            if not value.get("description"):
                yield f"{path}/{field} is silent"
        for key, value in node.items():
            yield from silent(value, f"{path}/{key}")
    elif isinstance(node, list):
        for value in node:
            yield from silent(value, path)


@given(plans)
def test_every_plan_keeps_its_schema(value: Plan) -> None:
    assert mistakes("plan", json.loads(dumps(plan.document(value)))) == []


@pytest.mark.parametrize("name", STORIES)
def test_every_plan_we_tell_keeps_its_schema(name: str) -> None:
    assert mistakes("plan", json.loads(dumps(plan.document(STORIES[name]())))) == []


@given(reports)
def test_every_apply_keeps_its_schema(value: ApplyReport) -> None:
    assert mistakes("apply", json.loads(dumps(outcome.document(value)))) == []


@given(st.lists(findings, max_size=3), st.booleans())
def test_every_validation_keeps_its_schema(found: list[Finding], known: bool) -> None:
    def locate(origin: Origin) -> Position | None:
        return Position(origin.file, 3, 5) if known else None

    assert mistakes("validate", json.loads(dumps(validate_document(found, 4, locate)))) == []


def test_a_validation_tells_file_line_and_column() -> None:
    found = Finding("manifest/x", Severity.ERROR, "wrong", location=HERE)
    document = validate_document([found], 1, lambda origin: Position(origin.file, 3, 5))
    assert [(each["file"], each["line"], each["column"]) for each in document["findings"]] == [
        ("tenants/acme.yaml", 3, 5)
    ]


def test_a_place_that_is_gone_keeps_its_file() -> None:
    found = Finding("manifest/x", Severity.ERROR, "wrong", location=HERE)
    document = validate_document([found], 1, lambda origin: None)
    assert [(each["file"], each["line"]) for each in document["findings"]] == [("tenants/acme.yaml", None)]


@given(plans)
def test_a_plan_comes_back_as_it_went(value: Plan) -> None:
    assert read_plan(dumps(plan.document(value))) == without_names_and_origins(value)


def test_a_plan_that_comes_back_is_still_the_one_that_was_approved() -> None:
    """The digest is of what the document holds, so a mailed plan can be checked by its reader."""
    entry = {"role": "reader", "divisions": ["us"]}
    wanted = manifests(
        {"roles": [{"key": "reader", "name": "Reader", "permissions": ["routing:queue:view"]}]},
        acme={"divisions": [{"key": "us", "name": "ACME-US"}], "clients": [metrics(entry)]},
    )
    made = plan_for(wanted, live(divisions=[HOME_BODY]))
    assert made.operations
    assert digest_of(read_plan(dumps(plan.document(made)))) == made.digest


def test_a_document_never_folds() -> None:
    document = json.loads(dumps(plan.document(STORIES["large"]())))
    assert len(document["changes"]) == 89
    assert len(document["access"]["gains"]) == 118


def saved(**more: Any) -> str:
    return json.dumps(plan.document(first_apply()) | more)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "plan.json is not JSON"),
        ("[]", "plan.json has formatVersion None"),
        (saved(formatVersion="2"), "plan.json has formatVersion '2', this version reads '1'"),
        (saved(surprise=1), "at its top, it breaks `additionalProperties`"),
        (saved(digest="short"), "at digest"),
        (saved(changes=[{}]), "at changes/0"),
        (saved(summary={"create": -1}), "at summary"),
    ],
    ids=["no-json", "no-object", "version", "unknown-field", "digest", "change", "summary"],
)
def test_what_is_no_plan_of_ours_is_refused_with_the_way_out(text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_plan(text, "plan.json")
    assert message in str(refused.value)
    assert "reconciler plan --out FILE" in str(refused.value)


def test_reading_a_plan_is_what_loads_the_validator() -> None:
    """Commands that read no plan do not pay for it."""
    import subprocess
    import sys

    code = "import sys, reconciler.reports; sys.exit('jsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
