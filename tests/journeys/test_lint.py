"""lint from the command line: answers people can act on, documents, exit codes, standard input."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.cli.main import run
from reconciler.reports import schema
from tests.loading.lint.examples import EXAMPLES, NEAR_MISSES
from tests.loading.lint.test_examples import MARK
from tests.reports.golden import check

SCHEDULER = """import requests

# Three customers, one organisation: each scheduler may only see its own queues.
token = requests.post(
    "https://login.mypurecloud.com/oauth/token",
    data={"grant_type": "client_credentials", "division_id": division},
).json()["access_token"]
body = {
    "name": "acme-metrics",
    "authorizedGrantType": "CLIENT-CREDENTIALS",
    "divisionIds": ["ACME-US", "ACME-CA"],
    "roleIds": ["Queue Metrics"],
    "scope": ["analytics:read"],
}
requests.put(f"{api}/api/v2/oauth/clients/{client}", json=body)
requests.get(f"{api}/api/v2/routing/queues?divisionId={division}", headers={"X-Division": division})
"""


def lint(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["lint", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_answer_reads_as_it_was_last_approved(capsys: pytest.CaptureFixture[str]) -> None:
    Path("scheduler.py").write_text(SCHEDULER, encoding="utf-8")
    code, out, err = lint(capsys, "scheduler.py")

    assert (code, err) == (3, "")
    check("tests/golden/reports/lint_80.txt", out)


def test_the_document_follows_the_published_schema_and_holds_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("scheduler.py").write_text(SCHEDULER, encoding="utf-8")
    Path("made.json").write_bytes(b"\0")
    code, out, err = lint(capsys, ".", "-o", "json")
    document = json.loads(out)

    Draft202012Validator(schema("lint")).validate(document)
    assert code == 3 and document["files"] == 1
    assert document["skipped"] == [{"file": "made.json", "reason": "is binary"}]
    assert err == "not read: made.json is binary\n"
    assert [(each["file"], each["line"], each["column"], each["rule"]) for each in document["findings"]] == [
        ("scheduler.py", 6, 48, "myth/token-parameter"),
        ("scheduler.py", 11, 6, "myth/division-ids-on-client"),
        ("scheduler.py", 12, 6, "myth/role-ids-on-client"),
        ("scheduler.py", 13, 6, "myth/scope-on-client"),
        ("scheduler.py", 13, 16, "myth/read-write-scope"),
        ("scheduler.py", 16, 44, "myth/filter-is-no-boundary"),
        ("scheduler.py", 16, 78, "myth/context-header"),
    ]


def test_a_filter_alone_is_no_reason_for_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    Path("list.sh").write_text('curl "$API/api/v2/routing/queues?divisionId=$ACME"\n', encoding="utf-8")
    code, out, _ = lint(capsys, "list.sh")
    assert code == 0 and out.endswith("1 info in 1 file\n")


def test_nothing_wrong_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in NEAR_MISSES.items():
        Path(name).write_text(text, encoding="utf-8")
    code, out, _ = lint(capsys, ".")
    assert code == 0
    assert out == f"no wrong recipe in {len(NEAR_MISSES)} files · the live organisation was not asked\n"


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "acme", "divisionIds": ["ACME"]}',
        "name: acme\ndivision: ACME\n",
        "GET /api/v2/oauth/token/verify",
        "-H 'X-Division: ACME'",
        "EmbeddableClientApp({ clientId, divisionId })",
    ],
)
def test_what_is_piped_in_is_about_this_api(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Who asks about a few lines asks about this vendor; a file has to say so itself."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code, out, _ = lint(capsys, "-")
    assert code == 3 and out.startswith("<stdin>:")

    Path("file").write_text(text, encoding="utf-8")
    assert lint(capsys, "file")[0] == (3 if "/api/v2/oauth" in text else 0)


def test_every_recipe_is_found_in_a_tree_of_files(capsys: pytest.CaptureFixture[str]) -> None:
    for number, example in enumerate(EXAMPLES):
        Path(str(number)).mkdir()
        Path(str(number), example.file).write_text(MARK.sub(r"\1", example.text), encoding="utf-8")
    code, out, _ = lint(capsys, ".", "-o", "json")
    assert code == 3
    assert len(json.loads(out)["findings"]) == sum(len(MARK.findall(each.text)) for each in EXAMPLES)


@pytest.mark.parametrize(
    "arguments", [[], ["gone.py"], ["-o", "yaml", "."]], ids=["nothing", "gone", "format"]
)
def test_a_usage_error_is_exit_1_with_words(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    code, out, err = lint(capsys, *arguments)
    assert code == 1 and out == "" and "Traceback" not in err and len(err) > 20
