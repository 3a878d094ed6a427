"""explain: every rule that anything prints, and every name by which a wrong recipe is known."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler import wiring
from reconciler.cli.main import run
from reconciler.isolation.explanations import explanations
from reconciler.isolation.myths import MYTHS
from reconciler.reports import schema
from tests.architecture.source import ROOT, place, product_files, tree
from tests.loading.rule_examples import EXAMPLES
from tests.reports.golden import check

KNOWN = explanations(wiring.rules().values())
FAMILIES = {rule.partition("/")[0] for rule in KNOWN}
ID = re.compile(rf"(?:{'|'.join(sorted(FAMILIES))})/[a-z-]+")
FILES = [path for path in product_files() if "simulator" not in path.parts]


def explain(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["explain", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_no_rule_is_written_anywhere_but_beside_its_explanation() -> None:
    """A finding cannot carry a rule that `explain` does not know: ids stand in `Rule(…)` or `Myth(…)`."""
    loose = []
    for path in FILES:
        explained = {
            id(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Call) for node in _ids(node)
        }
        loose += [
            f"{place(path, node)} {node.value}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.match(node.value)
            if ID.fullmatch(node.value) and id(node) not in explained
        ]
    assert loose == []


def _ids(call: ast.Call) -> list[ast.expr]:
    if ast.unparse(call.func) not in ("Rule", "GradedRule", "Myth"):
        return []
    return [*call.args[:1], *(each.value for each in call.keywords if each.arg == "id")]


def test_no_rule_is_put_together() -> None:
    """`f"manifest/{slug}"` would be a rule that nobody can find."""
    built = [
        f"{place(path, node)} {ast.unparse(node)}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and re.match(rf"(?:{'|'.join(FAMILIES)})/$", str(node.values[0].value))
    ]
    assert built == []


def test_every_rule_of_the_examples_and_of_the_goldens_is_known() -> None:
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "tests/golden").rglob("*.txt"))]
    printed = {rule for text in texts for rule in re.findall(r"\[([a-z]+/[a-z-]+)\]", text)}
    invented = {"share/expiring", "role/widened", "client/metrics"}  # by the tests of reports
    assert (printed - invented) | set(EXAMPLES) <= set(KNOWN)


@pytest.mark.parametrize("rule", KNOWN)
def test_every_rule_says_why_and_what_to_do(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    known = KNOWN[rule]
    assert len(known.why) > 50 and known.why.endswith(".")
    assert known.remedy or any(sign.instead for sign in known.signs)
    code, out, _ = explain(capsys, rule)
    assert code == 0 and out.startswith(rule)
    assert " ".join(known.why.split()) in " ".join(out.split())


@pytest.mark.parametrize(
    "name", sorted({name for myth in MYTHS for sign in myth.signs for name in sign.names})
)
def test_every_name_leads_to_its_recipes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = explain(capsys, name)
    named = [myth.id for myth in MYTHS if any(name in sign.names for sign in myth.signs)]
    assert code == 0 and all(rule in out for rule in named)


def test_an_explanation_reads_as_it_was_last_approved(capsys: pytest.CaptureFixture[str]) -> None:
    check("tests/golden/reports/explain_division_ids.txt", explain(capsys, "divisionIds")[1])


def test_a_slug_is_enough_and_a_typing_error_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(capsys, "foreign-division")[1].startswith("isolation/foreign-division")
    code, out, err = explain(capsys, "isolation/forein-division")
    assert (code, out) == (1, "") and "`isolation/foreign-division`" in err
    assert "`X-Division`" in explain(capsys, "X-Divison")[2]
    assert "lists every rule" in explain(capsys, "qqqqqqq")[2]


def test_without_a_word_every_rule_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = explain(capsys)
    assert code == 0 and [line.strip() for line in out.splitlines() if line.strip() in KNOWN] == list(KNOWN)


def test_the_document_follows_the_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("divisionIds",)):
        document = json.loads(explain(capsys, *words, "-o", "json")[1])
        Draft202012Validator(schema("explain")).validate(document)
        assert len(document["rules"]) == (4 if words else len(KNOWN))


def test_it_needs_no_manifests_and_no_credentials(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (wiring.CLIENT_ID, wiring.CLIENT_SECRET, wiring.ACCESS_TOKEN, wiring.REGION):
        monkeypatch.delenv(name, raising=False)
    assert explain(capsys, "isolation/home")[0] == 0
