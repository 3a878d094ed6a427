"""A checkup as people read it, and the smallest roles as people paste them."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from reconciler.model.checkup import Check, Checkup, document
from reconciler.model.outcome import Requests
from reconciler.planning import bootstrap as smallest
from reconciler.planning.bootstrap import PARTS, Part, bootstrap
from reconciler.reports import plain, schema
from reconciler.reports.bootstrap_text import bootstrap_text
from reconciler.reports.doctor_text import doctor_text, last_line
from tests.reports.golden import check as check_golden

WELL = (
    Check("hosts", "connection", "ok", "api.mypurecloud.com and login.mypurecloud.com answered"),
    Check("clock", "connection", "unknown", "not comparable", "answers carry no date"),
    Check("operator", "operator", "ok", "nw-reconciler, once (operator)"),
)
LACKING = (
    "oauth:client:add: create OAuth clients",
    "oauth:client:edit: change OAuth clients, make secrets anew",
)
BADLY = (
    *WELL,
    Check(
        "token life", "operator", "warning", "86,400 s; 900 would do",
        "a run that has lost its lease can write until that token ends",
        "set the client's token duration to 900 s",
    ),
    Check("plan", "rights", "ok", "the operator holds all 3 permissions"),
    Check(
        "apply", "rights", "failure", "the operator lacks 2 of 11 permissions", "",
        "add them to a role it holds in every division: reconciler doctor --bootstrap writer", LACKING,
    ),
    Check(
        "prune", "rights", "failure", "the operator lacks 3 of 14 permissions", "", "add them",
        (*LACKING, "oauth:client:delete: delete OAuth clients"),
    ),
    Check(
        "handing on", "rights", "failure", "40 of 40 pairs that clients get are not the operator's",
        "why", "grant",
        tuple(f"Tenant Queue Metrics in TENANT-{number:02}" for number in range(40)),
    ),
)  # fmt: skip


def made(*checks: Check, org: str = "northwind") -> Checkup:
    return Checkup(
        tool="reconciler 0.0.0",
        checked_at="2026-11-20T14:02:11Z",
        org_name=org,
        organization_id="6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01",
        endpoint="api.mypurecloud.com",
        checks=checks,
        unseen=("attribute-based policies, which may refuse what a role allows",),
        requests=Requests(10),
    )


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(("story", "checks"), [("well", WELL), ("badly", BADLY)], ids=["well", "badly"])
def test_a_checkup_reads_as_it_was_last_approved(story: str, checks: tuple[Check, ...], width: int) -> None:
    check_golden(f"tests/golden/reports/doctor_{story}_{width}.txt", plain(doctor_text(made(*checks), width)))


@pytest.mark.parametrize("part", PARTS)
def test_a_role_reads_as_it_was_last_approved(part: Part) -> None:
    check_golden(f"tests/golden/reports/bootstrap_{part}.txt", plain(bootstrap_text([bootstrap(part)])))


@pytest.mark.parametrize("part", PARTS)
def test_what_is_printed_to_paste_is_the_body(part: Part) -> None:
    text = plain(bootstrap_text([bootstrap(part)]))
    decoder, bodies, place = json.JSONDecoder(), [], 0
    while (place := text.find("  {\n", place)) >= 0:
        body, place = decoder.raw_decode(text, place + 2)
        bodies.append(body)
    assert bodies == [bootstrap(part).role, bootstrap(part).client]


def test_the_page_keeps_its_width() -> None:
    lines = [*doctor_text(made(*BADLY), 80), *bootstrap_text(map(bootstrap, PARTS), 80)]
    assert [line.text for line in lines if cell_len(line.text) > 80] == [last_line(made(*BADLY))]


def test_the_last_line_counts_and_says_when() -> None:
    assert last_line(made(*BADLY)) == (
        "doctor: 3 failures, 1 warning, 1 unknown, 3 ok · 10 requests, 0 writes · 2026-11-20T14:02:11Z"
    )


def test_no_verdict_is_a_bare_tick() -> None:
    """It says when, of what, and what was not looked at."""
    text = plain(doctor_text(made(WELL[0])))
    assert "Not looked at" in text and "2026-11-20" in text and "northwind" in text
    assert "as of this moment" in text and "need manifests" in plain(doctor_text(made(WELL[0], org="")))


@pytest.mark.parametrize("checks", [WELL, BADLY], ids=["well", "badly"])
def test_the_documents_keep_their_schemas(checks: tuple[Check, ...]) -> None:
    Draft202012Validator(schema("doctor")).validate(document(made(*checks)))
    Draft202012Validator(schema("bootstrap")).validate(smallest.document(tuple(map(bootstrap, PARTS))))
