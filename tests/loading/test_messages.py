"""What an author is told: wrong recipes with the right one, near misses, ranges of versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.kinds import REGISTRY
from reconciler.loading import load, locator, schemas
from reconciler.loading.hints import nearest, quoted
from reconciler.loading.versions import allows
from reconciler.loading.words import pattern
from tests.loading.diagnose import ORG, TENANT, write

CLIENT = """\
  divisions: [{key: us, name: ACME-US}]
  clients:
    - key: metrics
      divisionIds: [ACME-US]
      grants: [{role: queue-metrics, divisions: own}]
      secret: {sink: local}
"""


def test_a_wrong_recipe_comes_with_the_block_to_write(tmp_path: Path) -> None:
    root = write(tmp_path, {"org.yaml": ORG, "t.yaml": TENANT + CLIENT})
    (finding,) = load(root, REGISTRY).findings
    assert finding.rule == "myth/division-ids-on-client"
    assert finding.address == "acme/client/metrics"
    assert finding.hint == "the organisation ignores or refuses it; it never confines a client"
    assert finding.remedy.splitlines()[1:] == [
        "    grants:",
        "      - {role: queue-metrics, divisions: [us]}",
        "more: reconciler explain myth/division-ids-on-client",
    ]
    assert finding.location is not None
    position = locator(root).locate(finding.location)
    assert position is not None
    assert (position.line, position.column, position.width) == (8, 7, 11)
    assert position.text == "      divisionIds: [ACME-US]"


@pytest.mark.parametrize(
    "word", ["division", "divisionId", "allowedDivisions", "restrictToDivision", "divisions"]
)
def test_every_recipe_of_that_family_is_known(word: str, tmp_path: Path) -> None:
    root = write(tmp_path, {"org.yaml": ORG, "t.yaml": TENANT + CLIENT.replace("divisionIds", word)})
    assert [finding.rule for finding in load(root, REGISTRY).findings] == ["myth/division-ids-on-client"]


def test_the_same_word_elsewhere_is_just_unknown(tmp_path: Path) -> None:
    body = "  divisions: [{key: us, name: US, divisionIds: [x]}]\n"
    root = write(tmp_path, {"org.yaml": ORG, "t.yaml": TENANT + body})
    assert [finding.rule for finding in load(root, REGISTRY).findings] == ["manifest/unknown-field"]


ALLOWED = ["", ">=0.1", ">=0.1,<1.0", "==0.1.0", "<=0.1", ">= 0.0.9 , < 0.2", "<0.10", "!=0.2"]
REFUSED = [">0.1", "<0.1", "!=0.1.0", ">=0.1.1", "==0.2", "<=0.0.9", ">=0.1,<0.1", ">=1.0"]


@pytest.mark.parametrize("requires", ALLOWED + REFUSED)
def test_a_range_of_versions(requires: str) -> None:
    assert allows("0.1.0", requires) is (requires in ALLOWED)
    assert allows("0.1.0.dev3", requires) is (requires in ALLOWED)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("profile", "profiles"), ("grant_type", "grantType"), ("xyz", ""), ("x" * 10_000, "")],
)
def test_a_near_miss(written: str, meant: str) -> None:
    assert nearest(written, ["grantType", "profiles", "state"]) == meant


def test_input_is_quoted_short_and_visible() -> None:
    assert quoted("a\x1b[31m\nb") == "`a\\x1b[31m\\nb`"
    assert quoted("x" * 1000) == "`" + "x" * 60 + "…`"


def test_every_pattern_of_the_schema_has_words() -> None:
    found: set[str] = set()

    def collect(node: object) -> None:
        if isinstance(node, dict):
            found.update({node["pattern"]} if isinstance(node.get("pattern"), str) else set())
            for inner in node.values():
                collect(inner)
        elif isinstance(node, list):
            for inner in node:
                collect(inner)

    collect(list(schemas(REGISTRY).values()))
    said_otherwise = {"[{]tenant[}]", "[{]key[}]", "^(?!GITHUB_)"}
    assert {text for text in found - said_otherwise if pattern(text).startswith("the pattern")} == set()


def test_an_unknown_field_called_type_does_not_hide_the_known_ones(tmp_path: Path) -> None:
    """Sinks tell by that field which of several they are; nothing else does."""
    wrong = "  divisions: [{key: us, name: ACME-US, type: vault}]\n"
    (finding,) = load(write(tmp_path, {"org.yaml": ORG, "t.yaml": TENANT + wrong}), REGISTRY).findings
    assert finding.remedy.startswith("fields here are: ") and "name" in finding.remedy
