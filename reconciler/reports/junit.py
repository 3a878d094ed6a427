"""JUnit XML: a test case for each tenant, or for each rule, for whatever shows results of tests.

There is no standard; this is what Jenkins, GitLab and GitHub's actions read alike.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from reconciler.reports.checked import Case, Checked, Result
from reconciler.reports.lines import Line, visible

_TAGS: dict[Result, str] = {"failed": "failure", "unknown": "error", "empty": "skipped"}


def junit(found: Checked) -> str:
    """The whole file."""
    name = f"reconciler {found.command}"
    attributes = {"name": name, **_counts(found.cases)}
    top = ET.Element("testsuites", attributes)
    suite = ET.SubElement(top, "testsuite", attributes)
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="total", value=visible(found.total))
    for case in found.cases:
        _append(suite, case, found.command)
    ET.indent(top)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(top, encoding="unicode")}\n'


def _counts(cases: Iterable[Case]) -> dict[str, str]:
    results = [case.result for case in cases]
    return {
        "tests": str(len(results)),
        "failures": str(results.count("failed")),
        "errors": str(results.count("unknown")),
        "skipped": str(results.count("empty")),
    }


def _append(suite: ET.Element, case: Case, command: str) -> None:
    place = f"reconciler.{command.replace(' ', '.')}"
    element = ET.SubElement(suite, "testcase", classname=place, name=visible(case.name))
    lines = "\n".join(Line(line).shown for text in case.lines for line in text.split("\n"))
    if tag := _TAGS.get(case.result):
        ET.SubElement(element, tag, message=visible(case.told)).text = lines or None
    elif lines or case.told:
        ET.SubElement(element, "system-out").text = lines or visible(case.told)
