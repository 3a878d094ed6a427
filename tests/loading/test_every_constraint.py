"""Every constraint of the schema is refused at its place, in words, by our loader and by the schema alike.

The words stand in `constraints.txt`, to be read in review; `UPDATE_GOLDEN=1` writes them anew.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from yaml.nodes import MappingNode, SequenceNode

from reconciler.kinds import REGISTRY
from reconciler.loading import load, schemas
from tests.loading.complete import DOCUMENTS
from tests.loading.constraints import Broken, every_broken_document
from tests.loading.diagnose import place, write

BROKEN = {broken.name: broken for broken in every_broken_document()}
WORDS = Path(__file__).with_name("constraints.txt")


@cache
def judge(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schemas(REGISTRY)[kind])


def files(broken: Broken) -> dict[str, str]:
    documents: dict[str, Any] = {**DOCUMENTS, broken.kind: broken.document}
    return {f"{kind}.yaml": yaml.safe_dump(each, sort_keys=False) for kind, each in documents.items()}


def expected_place(broken: Broken, text: str) -> str:
    """Where the node stands, as PyYAML's own composer sees it."""
    node, mark = yaml.compose(text), None
    for step in broken.path:
        if isinstance(node, MappingNode):
            key, node = next(pair for pair in node.value if pair[0].value == step)
            mark = key.start_mark
        elif isinstance(node, SequenceNode):
            assert isinstance(step, int)
            node = node.value[step]
            mark = node.start_mark
    return f"{broken.kind}.yaml:{mark.line + 1}:{mark.column + 1}" if mark else f"{broken.kind}.yaml:1:1"


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_with_every_field_is_right(kind: str, tmp_path: Path) -> None:
    texts = {f"{name}.yaml": yaml.safe_dump(each, sort_keys=False) for name, each in DOCUMENTS.items()}
    assert load(write(tmp_path, texts), REGISTRY).findings == ()
    judge(kind).validate(DOCUMENTS[kind])


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_constraint_is_told_at_its_place(name: str, tmp_path: Path) -> None:
    broken = BROKEN[name]
    texts = files(broken)

    found = load(write(tmp_path, texts), REGISTRY).findings

    assert expected_place(broken, texts[f"{broken.kind}.yaml"]) in {place(tmp_path, each) for each in found}


@pytest.mark.parametrize("name", BROKEN)
def test_the_schema_refuses_what_we_refuse(name: str) -> None:
    broken = BROKEN[name]
    assert not judge(broken.kind).is_valid(broken.document)


def test_the_words_are_those_that_were_reviewed(tmp_path: Path) -> None:
    lines = []
    for number, broken in enumerate(BROKEN.values()):
        root = write(tmp_path / str(number), files(broken))
        lines += [
            f"{broken.name} | {place(root, each)} | {each.rule} | {each.message} | {each.remedy}"
            for each in load(root, REGISTRY).findings
        ]
    text = "\n".join(lines).replace("Not: fitting!", "…") + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        WORDS.write_text(text, encoding="utf-8")
    assert text == WORDS.read_text(encoding="utf-8")
