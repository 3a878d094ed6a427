"""SARIF 2.1.0: findings as code scanning takes them. Source: the OASIS standard of that name.

Each result has a place, as GitHub refuses those without one; what is the whole organisation's is told at
the Org document. Paths begin at the top of the repository.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from reconciler import __version__
from reconciler.model.origin import Position
from reconciler.model.rule import Rule
from reconciler.model.value import sha256
from reconciler.reports.checked import Checked, Level, Remark
from reconciler.reports.lines import json_text, visible

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_TOP = "%SRCROOT%"
_LEVELS: dict[Level, str] = {"error": "error", "warning": "warning", "notice": "note"}


def sarif(found: Checked) -> str:
    """The whole log: one run, as text."""
    rules = {str(each.rule): each.rule for each in found.remarks}
    places = {rule: number for number, rule in enumerate(rules)}
    driver = {
        "name": "reconciler",
        "version": __version__,
        "rules": [_rule(rule) for rule in rules.values()],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"reconciler/{found.command.replace(' --', '-')}/"},
        "columnKind": "unicodeCodePoints",
        "properties": {"total": visible(found.total)},
        "results": [_result(each, places[str(each.rule)]) for each in found.remarks],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: str) -> dict[str, Any]:
    """A rule with its reason, where it knows it."""
    why, remedy = (rule.why, rule.remedy) if isinstance(rule, Rule) else ("", "")
    short = visible(rule)
    help_ = visible(remedy) or f"reconciler explain {short}"
    return {
        "id": short,
        "shortDescription": {"text": short},
        "fullDescription": {"text": visible(why) or short},
        "help": {"text": help_},
    }


def _result(remark: Remark, rule: int) -> dict[str, Any]:
    said = f"{remark.message}\n{remark.remedy}" if remark.remedy else remark.message
    text = "\n".join(map(visible, said.split("\n")))
    return {
        "ruleId": visible(remark.rule),
        "ruleIndex": rule,
        "level": _LEVELS[remark.level],
        "message": {"text": _unlinked(text)},
        "locations": _locations(remark),
        "partialFingerprints": {"finding/v1": _print(remark)},
    }


def _print(remark: Remark) -> str:
    """By it a result is known again when lines have moved."""
    return sha256([visible(each) for each in (remark.rule, remark.address, remark.message)])


def _unlinked(text: str) -> str:
    """A message in which `[words](target)` is no link."""
    if "](" not in text:
        return text
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _locations(remark: Remark) -> list[dict[str, Any]]:
    said: dict[str, Any] = {"physicalLocation": _physical(remark.place)} if remark.place else {}
    if remark.address:
        said["logicalLocations"] = [{"fullyQualifiedName": visible(remark.address)}]
    return [said] if said else []


def _physical(place: Position) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": place.column, "endColumn": place.column + place.width}
    uri = quote(visible(place.file))
    return {"artifactLocation": {"uri": uri, "uriBaseId": _TOP}, "region": region}
