"""Plans as people read them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reconciler.model.finding import Finding, Severity
from reconciler.model.plan import FieldChange, Plan, Withheld
from reconciler.reports import plain, plan_text
from tests.reports.golden import check
from tests.reports.made import plans
from tests.reports.plans import HOME, ROLE, STORIES, US, change, first_apply, large, locate, step
from tests.reports.plans import plan as plan_of


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", STORIES)
def test_a_plan_reads_as_it_was_last_approved(name: str, width: int) -> None:
    text = plain(plan_text(STORIES[name](), width, locate))
    check(f"tests/golden/reports/plan_{name}_{width}.txt", text)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", STORIES)
def test_lines_keep_to_the_page_unless_one_word_or_the_last_line_is_longer(name: str, width: int) -> None:
    for line in plan_text(STORIES[name](), width, locate)[:-1]:
        lone = len(line.text.split()) <= 1 or line.text.startswith("nothing to do")
        assert lone or cell_len(line.text) <= width, line.text


@given(plans, st.sampled_from([60, 80, 120]))
def test_no_name_can_move_the_cursor_or_hide(value: Plan, width: int) -> None:
    """Whatever somebody calls an object in the organisation, a reviewer sees all of it, in order."""
    for line in plan_text(value, width):
        hidden = [char for char in line.text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        assert hidden == []


@given(plans)
def test_exactly_one_line_can_be_grepped_and_it_is_the_last(value: Plan) -> None:
    texts = [line.text for line in plan_text(value)]
    assert [number for number, text in enumerate(texts) if text.startswith("plan: ")] == [len(texts) - 1]
    assert re.fullmatch(
        r"plan: \d+ to create, \d+ to update, \d+ to adopt, \d+ to revoke, \d+ to delete, \d+ withheld"
        r" · access \+\d+ -\d+ · sha256:[0-9a-f]{64}",
        texts[-1],
    )


def test_every_address_can_be_copied_whole() -> None:
    plan = first_apply()
    text = plain(plan_text(plan, 60))
    assert [str(each.address) for each in plan.changes if str(each.address) not in text] == []


def test_an_empty_plan_is_one_line_and_the_total() -> None:
    rows = plain(plan_text(plan_of())).splitlines()
    assert rows[0] == "nothing to do · northwind · 9 objects as declared · read 14:02:11"
    assert len(rows) == 2


def test_a_finding_is_never_quiet() -> None:
    finding = Finding("share/expiring", Severity.WARNING, "a share ends in 12 days", address="org/grant/x")
    assert "warning: org/grant/x: a share ends in 12 days [share/expiring]" in plain(
        plan_text(plan_of(findings=(finding,)), 120)
    )


def test_no_word_of_comfort_where_the_rules_object() -> None:
    comfort = "the isolation rules find no access across tenants"
    assert comfort in plain(plan_text(first_apply()))
    finding = Finding("isolation/home", Severity.CRITICAL, "acme could use it in Home")
    objected = plain(plan_text(replace(first_apply(), findings=(finding,))))
    assert comfort not in objected
    assert "! critical: acme could use it in Home [isolation/home]" in objected


def test_a_large_plan_folds_what_is_alike_and_shows_what_is_rare() -> None:
    text = plain(plan_text(large(), 80))
    assert len(text.splitlines()) < 40
    assert "+ 40 divisions in 40 tenants" in text
    for rare in ("⊘ tenant-07/client/metrics", "- tenant-01/division/old", "▲ org/client/auditor"):
        assert rare in text


def test_withheld_changes_of_a_large_plan_say_how_to_release_them() -> None:
    held = Withheld("gains", "the limit is 200", "--allow gains=240")
    changes = tuple(replace(each, withheld=held) for each in large().changes)
    text = plain(plan_text(plan_of(changes), 120))
    assert "⊘ 40 divisions in 40 tenants  withheld by gains" in text
    assert "the limit is 200; release: --allow gains=240" in text


def test_a_renewed_secret_is_told_with_its_update() -> None:
    late = change("acme/client/x", "update", "x", id="x", reason="its secret never arrived")
    deliver = step(
        "d",
        "acme/client/x",
        "",
        does="deliver",
        body={"sink": "vault", "path": "bpo/x", "store": "vault mount=kv"},
    )
    text = plain(plan_text(plan_of((late,), (deliver,)), 120))
    assert "~ acme/client/x  secret → vault bpo/x\n" in text
    assert "its secret never arrived" in text


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ([FieldChange("state", "inactive", "active")], ["state: inactive → active"]),
        ([FieldChange("description", "", "Reads queues.")], ["description: nothing → Reads queues."]),
        ([FieldChange("tokenSeconds", 3600, 300)], ["tokenSeconds: 3600 → 300"]),
        (
            [FieldChange("permissions", [], [["routing:queue:view", '{"a":1}']])],
            ["permissions: + routing:queue:view under conditions"],
        ),
        (
            [FieldChange("grants", [[ROLE, HOME]], [[ROLE, {"$ref": "acme/division/new"}], [ROLE, US]])],
            [
                "grants: + Tenant Queue Metrics in acme/division/new, ACME-US",
                "grants: - Tenant Queue Metrics in Home",
            ],
        ),
        ([FieldChange("scopes", ["a", "b"], [])], ["scopes: - a, b"]),
    ],
    ids=["text", "from-nothing", "number", "conditions", "pairs", "set"],
)
def test_fields_are_told_in_names(fields: list[FieldChange], lines: list[str]) -> None:
    updated = change("acme/client/x", "update", "x", id="x", reason="marker", fields=tuple(fields))
    rows = [line.text.strip() for line in plan_text(plan_of((updated,)), 120)]
    assert rows[rows.index("Changes") + 1 :][: len(lines) + 1] == [
        f"~ acme/client/x  {lines[0]}",
        *lines[1:],
        "only its marker is refreshed",
    ]


def test_many_crossings_are_counted_even_where_they_fold() -> None:
    found = tuple(Finding("isolation/home", Severity.CRITICAL, f"leak {number}") for number in range(100))
    text = plain(plan_text(replace(first_apply(), findings=found)))
    assert text.count("! critical: leak") == 8
    assert "! 92 more findings across tenants (-o json lists each)" in text
