"""Drift as Markdown, for a job and for each owner: the gravest first, it fits, and no name is markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.model.access import Access, Delta
from reconciler.model.drift import DriftReport
from reconciler.model.plan import FieldChange
from reconciler.reports.comment import MOST
from reconciler.reports.drift_markdown import drift_issues, drift_markdown
from tests.reports.drifts import STORIES, drifted, many, night, quiet, report
from tests.reports.golden import check
from tests.reports.test_plan_markdown import HOSTILE, tokens


def haunted() -> DriftReport:
    """Objects, holders, divisions and a hand of such names."""
    gains = (Access(HOSTILE, f"{HOSTILE}:{HOSTILE}:view", HOSTILE, HOSTILE),)
    fields = FieldChange(HOSTILE, HOSTILE, HOSTILE), FieldChange("grants", [[HOSTILE, HOSTILE]], [])
    item = drifted(
        "acme/client/c", "high", *fields, name=HOSTILE, modified_by=HOSTILE, access=Delta(gains), narrows=True
    )
    return replace(report(item), tool=HOSTILE)


def crowd(owners: int) -> DriftReport:
    """Very much, of many owners."""
    gains = tuple(Access(f"t{each}/client/c", "a:b:view", f"d{each}", "r") for each in range(12))
    fields = tuple(FieldChange(f"field{each}", "x" * 60, "y" * 60) for each in range(20))
    return report(
        *(
            drifted(f"o{each % owners}/role/r{each}", "high", *fields, access=Delta(gains))
            for each in range(400)
        )
    )


def texts(found: DriftReport, most: int = MOST) -> list[str]:
    return [drift_markdown(found, 8, most), *drift_issues(found, most).values()]


@pytest.mark.parametrize("name", ["night", "policy", "quiet"])
def test_the_summary_reads_as_it_was_last_approved(name: str) -> None:
    check(f"tests/golden/reports/drift_{name}.md", drift_markdown(STORIES[name](), 8))


def test_each_owner_of_whom_something_drifted_has_an_issue_and_nobody_else() -> None:
    issues = drift_issues(night())
    assert list(issues) == ["acme-retail", "org", "globex-bank"]
    for owner, text in issues.items():
        first, second, *_ = text.splitlines()
        assert first == f"<!-- reconciler drift northwind/{owner} -->"
        assert second.startswith(f"# {owner}: ") and f"--only {owner}" in text
    assert "globex" not in issues["acme-retail"] and "acme-retail/division/us" in issues["acme-retail"]
    assert drift_issues(quiet()) == {}
    check("tests/golden/reports/drift_issue.md", issues["acme-retail"])


def test_what_people_can_do_comes_before_what_was_changed_for_it() -> None:
    (text, *_) = drift_issues(night()).values()
    order = (
        "Severity **critical**",
        "can now view queues",
        "grants: +",
        "dana",
        "low: nobody",
        "apply --deep",
    )
    places = [text.index(each) for each in order]
    assert places == sorted(places)


def test_no_name_is_markup_a_link_or_a_call() -> None:
    for text in texts(haunted()):
        html = {each.content.strip() for each in tokens(text) if each.type in ("html_block", "html_inline")}
        frame = ("<details>", "</details>", "<sub>", "</sub>", "<!-- -->")
        ours = ("<!-- reconciler drift northwind", "<details>\n<summary>acme: ")
        assert {each for each in html if each not in frame and not each.startswith(ours)} == set()
        assert not [each for each in tokens(text) if each.type in ("link_open", "image")]
        assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


@pytest.mark.parametrize(("owners", "most"), [(1, MOST), (7, 12_000), (400, MOST)])
def test_whatever_drifted_it_fits_and_says_what_it_left_out(owners: int, most: int) -> None:
    for text in texts(crowd(owners), most)[:20]:
        assert len(text) <= most
    summary = drift_markdown(crowd(owners), 8, most)
    assert "prints all" in summary and "apply --deep" in summary and "drift: 400 objects" in summary
    assert "~ o0/role/r0" in summary


def test_many_objects_are_all_told_while_there_is_room() -> None:
    text = drift_markdown(many(), 2)
    assert all(f"~ org/role/r{each}\n" in text for each in range(45))
