"""Annotations, SARIF and JUnit: the gravest first, nothing lost, no name is a command or a link."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.model.finding import Severity
from reconciler.model.origin import Position
from reconciler.reports.annotations import MOST, annotated
from reconciler.reports.checked import Case, Checked, Remark, by_gravity, cases
from reconciler.reports.junit import junit
from reconciler.reports.sarif import sarif
from tests.reports.sarif_shape import SARIF

PLACE = Position("manifests/a b,c:d%.yaml", 3, 5, "", 7)
HOSTILE = (
    "two\n::error::x",
    "r\r::add-mask::x",
    "##[add-mask]x",
    "100% %0A::error::x",
    "<failure/> ]]> &amp;",
    "[evil](http://evil.example) [x](1)",
    "\x00\x1b[2J\ud800\u202e\uffff",
)
COMMAND = re.compile(r"::(error|warning|notice) (?:file=[^,:\n]+,line=\d+,col=\d+,)?title=[^,:\n]+::[^\n\r]+")


def remark(severity: Severity, number: int = 0, **more: Any) -> Remark:
    values = {"remedy": "do it", "address": "acme/client/a", "place": PLACE} | more
    return Remark(f"rule/{severity}", severity, f"number {number}", **values)


def checked(*remarks: Remark, told: tuple[Case, ...] = ()) -> Checked:
    return Checked("plan", "plan: 1 to create", by_gravity(remarks), told)


def levels(text: str) -> Counter[str]:
    return Counter(line.split(" ")[0].strip(":") for line in text.splitlines())


def test_an_annotation_stands_at_its_line() -> None:
    assert annotated(checked(remark(Severity.CRITICAL))).splitlines() == [
        "::error file=manifests/a b%2Cc%3Ad%25.yaml,line=3,col=5,title=rule/critical::number 0%0Ado it",
        "::notice title=reconciler plan::plan: 1 to create",
    ]


def test_no_more_are_told_than_are_shown_the_gravest_first_and_the_rest_is_counted() -> None:
    several = [remark(each, number) for each in Severity for number in range(6)]
    lines = annotated(checked(*reversed(several))).splitlines()
    assert levels("\n".join(lines)) == {"error": MOST, "warning": MOST, "notice": MOST}
    assert all("rule/critical" in line for line in lines[:6])
    assert lines[-1].endswith(
        "not annotated: 8 errors, 2 warnings, 3 notices (`reconciler plan` prints all)"
    ), lines[-1]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_a_command_of_the_runner(name: str) -> None:
    found = checked(
        Remark(name, Severity.HIGH, name, name, name, PLACE._replace(file=f"a/{name}")),
        told=(Case(name, "failed", name, (name,)), Case(name, "passed", name, (name,))),
    )
    assert all(COMMAND.fullmatch(line) for line in annotated(found).split("\n")[:-1])
    for text in (junit(found), sarif(found), annotated(found)):
        assert "##[" not in text and not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e\ud800\uffff]", text)
    assert not re.search(r"(?m)^\s*::", junit(found) + sarif(found))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_written_is_read_as_it_was_meant(name: str) -> None:
    found = checked(
        Remark(name, Severity.HIGH, name, name, name, PLACE), told=(Case(name, "failed", name, (name,)),)
    )
    told = json.loads(sarif(found))
    Draft202012Validator(SARIF).validate(told)
    assert not re.search(r"(?<!\\)\[[^\]]*(?<!\\)\]\(", told["runs"][0]["results"][0]["message"]["text"])
    suite = ET.fromstring(junit(found).encode())
    assert [each.tag for each in suite.iter()] == [
        "testsuites", "testsuite", "properties", "property", "testcase", "failure",
    ]  # fmt: skip


def test_sarif_names_the_place_by_its_uri_and_every_rule_once() -> None:
    log = json.loads(sarif(checked(remark(Severity.LOW), remark(Severity.HIGH), remark(Severity.HIGH, 1))))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["rule/high", "rule/low"]
    assert [rules[each["ruleIndex"]] for each in run["results"]] == ["rule/high", "rule/high", "rule/low"]
    physical = run["results"][0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "manifests/a%20b%2Cc%3Ad%25.yaml"
    assert physical["region"] == {"startLine": 3, "startColumn": 5, "endColumn": 12}
    prints = {each["partialFingerprints"]["finding/v1"] for each in run["results"]}
    assert len(prints) == 3


def test_a_case_fails_by_its_gravest_and_counts_the_others() -> None:
    told = (remark(Severity.CRITICAL), remark(Severity.ERROR), remark(Severity.LOW))
    found = cases(["acme", "globex"], told, lambda each: "acme", lambda each: each.level == "error")
    assert [(each.name, each.result) for each in found] == [("acme", "failed"), ("globex", "passed")]
    assert found[0].told == "number 0 (and 1 more) [rule/critical]" and len(found[0].lines) == 3


def test_junit_counts_what_failed_what_is_unknown_and_what_is_empty() -> None:
    told = tuple(Case(each, each, "why") for each in ("failed", "unknown", "empty", "passed"))
    suite = ET.fromstring(junit(checked(told=told)))[0]
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    tags = [[inner.tag for inner in case] for case in suite.iter("testcase")]
    assert tags == [["failure"], ["error"], ["skipped"], ["system-out"]]
