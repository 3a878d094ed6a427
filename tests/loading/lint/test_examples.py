"""Every wrong recipe is found where it stands, in every medium, and what looks like one is left alone."""

from __future__ import annotations

import re

import pytest

from reconciler.isolation.myths import MYTHS, Sign, Where
from reconciler.loading.lint import Linted, Source, lint
from reconciler.loading.lint.hit import of_fields
from reconciler.loading.lint.hits import hits
from reconciler.loading.lint.regions import regions
from reconciler.loading.lint.yaml_regions import yaml_regions
from reconciler.loading.mistakes import TEXT
from tests.loading.lint.examples import EXAMPLES, NEAR_MISSES, Example

MARK = re.compile("⟦(.*?)⟧")


def found(file: str, text: str) -> list[tuple[str, int, int, int]]:
    """Rule, line, column and width of each finding."""
    linted = Linted()
    lint([Source(file, text)], linted)
    places = []
    for finding in linted.findings:
        assert finding.location is not None and finding.location.document == TEXT
        line, column, width = (int(step) for step in finding.location.path)
        places.append((finding.rule, line, column, width))
    return places


def marked(example: Example) -> list[tuple[str, int, int, int]]:
    places = []
    for number, line in enumerate(example.text.split("\n"), 1):
        for before, mark in enumerate(MARK.finditer(line)):
            places.append((f"myth/{example.slug}", number, mark.start() - 2 * before + 1, len(mark[1])))
    return places


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.slug}-{each.file}")
def test_a_wrong_recipe_is_found_where_it_stands(example: Example) -> None:
    assert found(example.file, MARK.sub(r"\1", example.text)) == marked(example)


@pytest.mark.parametrize("file", NEAR_MISSES)
def test_what_is_right_or_not_ours_stays_silent(file: str) -> None:
    assert found(file, NEAR_MISSES[file]) == []


def test_every_recipe_has_an_example_for_every_way_it_is_recognised() -> None:
    """Every sign of every myth: a manifest, a body, Terraform, a header … and what each has instead."""
    told: set[tuple[str, Sign]] = set()
    for example in EXAMPLES:
        text = MARK.sub(r"\1", example.text)
        told |= {(hit.myth.id, hit.sign) for hit in hits(text, regions(text), vendors=True)}
        for placed in yaml_regions(text):
            told |= {
                (hit.myth.id, hit.sign) for hit in of_fields(placed.region, Where.MANIFEST) if placed.ours
            }
    assert told == {(myth.id, sign) for myth in MYTHS for sign in myth.signs}
