"""The grants that are printed are a manifest, filled with what the author wrote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.isolation.myths import MYTHS
from reconciler.loading.lint import Linted, Source, lint
from reconciler.reports import findings_text, plain
from tests.loading.diagnose import ORG, TENANT, report, write
from tests.loading.lint.examples import EXAMPLES
from tests.loading.lint.test_examples import MARK

GUID = "6f1f2b7e-3c59-4d7c-9a55-0c5c6b0e8a01"


def remedies(text: str, file: str = "a.json") -> list[str]:
    linted = Linted()
    lint([Source(file, text)], linted)
    return [finding.remedy for finding in linted.findings]


def block(remedy: str) -> str:
    return "".join(f"{line[4:]}\n" for line in remedy.split("\n") if line.startswith("    "))


def test_names_that_were_written_stand_in_the_grants() -> None:
    body = """{"name": "Acme Metrics", "authorizedGrantType": "CLIENT-CREDENTIALS",
        "divisions": [{"id": "%s", "name": "ACME-US"}, {"name": "ACME CA"}], "roleIds": ["Queue Reader"]}"""
    first, second = remedies(body % GUID)

    assert block(first) == (
        "divisions:\n"
        "  - {key: acme-us, name: ACME-US}\n"
        "  - {key: acme-ca, name: ACME CA}\n"
        "clients:\n"
        "  - key: acme-metrics\n"
        "    name: Acme Metrics\n"
        "    grants:\n"
        "      - {role: queue-reader, divisions: [acme-us, acme-ca]}\n"
        "    secret: {sink: SINK}\n"
    )
    assert block(second) == "" and "shown for line 2" in second


def test_an_id_pins_a_division_and_variables_secrets_and_nonsense_are_left_out() -> None:
    (remedy,) = remedies('{"name": "${NAME}", "roleDivisions": [], "divisionIds": ["' + GUID + '"]}')
    assert f"  - key: division-1\n    name: NAME\n    id: {GUID}\n" in block(remedy)
    assert "  - key: CLIENT\n    grants:\n      - {role: ROLE, divisions: [division-1]}\n" in block(remedy)

    (remedy,) = remedies(
        '{"name": "q7XkP2vR9sLm4TzB8nWd3JfH6yGc1AeK", "roleDivisions": [], "divisions": "*"}'
    )
    assert "q7Xk" not in remedy and "divisions: own" in remedy


@pytest.mark.parametrize(
    "names",
    [
        *("ACME", "ACME-US, ACME-CA", "yes", "true", "007", "Ünï: cöde", "a # b", "- x", "'it''s'", GUID),
        ", ".join(f"A-Rather-Long-Name-{number}" for number in range(8)),
    ],
)
def test_what_is_printed_is_a_manifest_even_where_the_page_is_narrow(names: str, tmp_path: Path) -> None:
    """Only the capitals have to be filled in."""
    listed = ", ".join(f'"{name}"' for name in names.split(", "))
    body = f'{{"name": "acme pull", "roleIds": ["Reader"], "roleDivisions": [], "divisions": [{listed}]}}'
    linted = Linted()
    lint([Source("a.json", body)], linted)
    page = plain(findings_text(linted.findings[:1], 1, linted.locate, 60))
    spec = "".join(
        f"  {line[7:]}\n" for line in page.split("\n") if line.startswith(" " * 7) and "│" not in line
    )

    roles = "  roles: [{key: reader, name: Reader, permissions: ['routing:queue:view']}]\n"
    text = TENANT + roles + spec.replace("SINK", "local")
    assert report(write(tmp_path, {"org.yaml": ORG, "t.yaml": text})) == [], text


def test_every_finding_says_why_and_where_to_read_on() -> None:
    why = {myth.id: myth.why for myth in MYTHS}
    for example in EXAMPLES:
        first, *_ = remedies(MARK.sub(r"\1", example.text), example.file)
        assert first.startswith(why[f"myth/{example.slug}"])
        assert first.endswith(f"\nmore: reconciler explain myth/{example.slug}")


def test_a_secret_on_the_line_is_not_shown() -> None:
    linted = Linted()
    secret = "q7XkP2vR9sLm4TzB8nWd3JfH6yGc1AeK"
    text = f'body = {{"roleDivisions": [], "divisions": "a", "clientSecret": "{secret}"}}\n'
    lint([Source("a.py", text)], linted)

    assert secret not in plain(findings_text(linted.findings, 1, linted.locate, 120))
    assert re.search(r"clientSecret.{0,5}•", plain(findings_text(linted.findings, 1, linted.locate, 120)))
