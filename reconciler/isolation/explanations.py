"""What a rule or a wrong recipe means, as `explain` tells it: gathered from where each is written down."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from reconciler.isolation.myths import MYTHS, Myth, Sign, plain
from reconciler.model.rule import GradedRule, Rule


class Explanation(NamedTuple):
    """One rule. `severity` and `confidence` are "" where they are told with each finding, or mean nothing."""

    rule: str
    why: str
    remedy: str
    says: str = ""
    severity: str = ""
    confidence: str = ""
    signs: tuple[Sign, ...] = ()


def explanations(rules: Iterable[Rule]) -> Mapping[str, Explanation]:
    """Every explanation by its rule's id, sorted; `rules` are all but the wrong recipes."""
    found = [*map(_of_rule, rules), *map(_of_myth, MYTHS)]
    return {each.rule: each for each in sorted(found)}


def _of_rule(rule: Rule) -> Explanation:
    told = Explanation(str(rule), rule.why, rule.remedy)
    if not isinstance(rule, GradedRule):
        return told
    return told._replace(severity=str(rule.severity), confidence=rule.confidence)


def _of_myth(myth: Myth) -> Explanation:
    return Explanation(
        myth.id, myth.why, myth.remedy, myth.says, str(myth.severity), myth.confidence, myth.signs
    )


def meant(word: str, known: Mapping[str, Explanation]) -> list[Explanation]:
    """What `word` may mean: a rule's id or slug, or a name by which wrong recipes are recognised."""
    if word in known:
        return [known[word]]
    slugs = [each for each in known.values() if each.rule.partition("/")[2] == word]
    return slugs or [each for each in known.values() if plain(word) in _names(each)]


def nearest(word: str, known: Mapping[str, Explanation]) -> list[str]:
    """What somebody may have meant who wrote `word`, the likeliest first."""
    spoken = {name for each in known.values() for sign in each.signs for name in sign.names}
    names = {*known, *(rule.partition("/")[2] for rule in known), *spoken}
    by_plain = {plain(name): name for name in sorted(names)}
    return [by_plain[near] for near in difflib.get_close_matches(plain(word[:60]), by_plain, 3)]


def _names(each: Explanation) -> set[str]:
    return {plain(name) for sign in each.signs for name in sign.names}
