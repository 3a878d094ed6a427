"""The page about watching: its commands run, its table is the code's, and what it hands out can be loaded."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from reconciler.telemetry.events import TYPES
from reconciler.telemetry.metrics import BY_NAME, METRICS
from reconciler.telemetry.webhook import SECONDS
from tests.docs.metrics_page import PAGE, renewed
from tests.docs.reading import ROOT, blocks, commands
from tests.journeys.everything import commands as known
from tests.journeys.world import World

ALERTS = yaml.safe_load((ROOT / "docs/monitoring/alerts.yml").read_text("utf-8"))
DASHBOARD = json.loads((ROOT / "docs/monitoring/dashboard.json").read_text("utf-8"))
RULES: list[dict[str, Any]] = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    each["expr"] for panel in PANELS for each in panel["targets"]
]
_UNITS = ("_seconds", "_code", "_objects", "_leaks", "_gains", "_losses", "_changes", "_outcomes", "_tenants")


def test_the_table_is_what_the_code_has() -> None:
    """Red: make it anew with `python -m tests.docs.metrics_page` and read it."""
    text = PAGE.read_text("utf-8")
    assert renewed(text) == text and len(METRICS) == text.count("\n| `reconciler_") >= 20


def test_the_page_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    world.settle()
    lines = [line for block in blocks(PAGE) if block.language == "console" for line in commands(block)]
    codes = {line: world.run(*shlex.split(line)[1:]).code for line in lines}
    assert codes == dict.fromkeys(lines, 0) and len(lines) == 4


def selectors(expression: str) -> list[tuple[str, set[str]]]:
    """The metrics that an expression names, each with the labels it is matched by."""
    pattern = re.compile(r"\b(reconciler_\w+)(?:\{([^}]*)\})?")
    return [(name, set(re.findall(r"(\w+)\s*=", held))) for name, held in pattern.findall(expression)]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_expression_can_be_read_and_names_what_there_is(expression: str) -> None:
    promql_parser.parse(expression.replace("$organisation", "northwind"))
    named = selectors(expression)
    assert named
    for metric, labels in named:
        assert metric in BY_NAME and labels <= set(BY_NAME[metric].labels)


def test_an_expression_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="parenthesis"):
        promql_parser.parse("sum by (reconciler_drift_leaks")


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_every_alert_waits_is_graded_and_says_what_to_do(rule: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+[mh]", rule["for"]) and rule["labels"]["severity"] in (
        "critical",
        "warning",
        "info",
    )
    labels = {label for metric, _ in selectors(rule["expr"]) for label in BY_NAME[metric].labels}
    for text in rule["annotations"].values():
        assert set(re.findall(r"\$labels\.(\w+)", text)) <= labels
    assert len(rule["annotations"]["runbook"]) > 30


def test_commands_in_runbooks_exist() -> None:
    command = re.compile(r"`reconciler ([a-z]+(?: (?:status|rotate|recover))?)")
    said = {
        tuple(found.split()) for rule in RULES for found in command.findall(rule["annotations"]["runbook"])
    }
    assert said and said <= set(known())


def test_the_dashboard_can_be_loaded_and_its_panels_do_not_overlap() -> None:
    assert len({panel["id"] for panel in PANELS}) == len(PANELS) and DASHBOARD["uid"] == "reconciler"
    cells = [
        (x, y)
        for panel in PANELS
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(cells)) == len(cells) and max(x for x, _ in cells) < 24


def test_every_name_says_what_and_in_which_unit() -> None:
    for metric in METRICS:
        assert re.fullmatch(r"reconciler(_[a-z]+)+", metric.name) and not metric.name.endswith("_total")
        assert metric.name.endswith(
            (*_UNITS, "_requests", "_hand", "_look", "_looks", "_paused")
        ) and metric.tells.endswith(".")


def test_every_event_is_explained_and_nothing_else() -> None:
    assert sorted(re.findall(r"`(genesyscloud-reconciler\.[a-z.]+)`", PAGE.read_text("utf-8"))) == sorted(
        TYPES
    )
    assert f"within {SECONDS} s" in PAGE.read_text("utf-8")
