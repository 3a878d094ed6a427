"""Access in words before codes: "can view and search queues in ACME-US, ACME-CA".

Lists fold in text ("and 7 more"); documents keep every line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from reconciler.model.access import EVERYWHERE, ORG_WIDE, Access
from reconciler.reports.lines import folded
from reconciler.reports.names import Names
from reconciler.reports.vocabulary import entity, gravity, verb

MOST_THINGS = 10
MOST_PLACES = 6


class Sentence(NamedTuple):
    """What one subject may do in one set of divisions. `wide`: no division of its own bounds it."""

    subject: str
    permissions: tuple[str, ...]
    divisions: tuple[str, ...]
    wide: bool


def sentences(access: Iterable[Access], names: Names) -> tuple[Sentence, ...]:
    """By subject, then by equal division sets; what reaches furthest comes first."""
    where: dict[tuple[str, str], set[str]] = {}
    for item in access:
        where.setdefault((names.subject(item.subject), item.permission), set()).add(item.division)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (subject, permission), divisions in where.items():
        groups.setdefault((subject, tuple(sorted(divisions))), []).append(permission)
    found = [
        Sentence(subject, tuple(sorted(permissions)), divisions, _wide(divisions))
        for (subject, divisions), permissions in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.wide, each.subject, each.divisions)))


def _wide(divisions: Collection[str]) -> bool:
    return EVERYWHERE in divisions or ORG_WIDE in divisions


def told(sentence: Sentence, names: Names, *, lost: bool, now: bool = False) -> str:
    """The sentence without its subject: `can view queues in ACME-US`; `now` tells what is so already."""
    deeds = clauses(sentence.permissions)
    many = len(deeds) > 1
    what = f"{', '.join(deeds[:-1])}, and {deeds[-1]}," if many else deeds[0]
    may = "can no longer" if lost else "can now" if now else "can"
    return f"{may} {what} {place(sentence.divisions, names)}"


def clauses(permissions: Iterable[str]) -> list[str]:
    """Clauses such as `view queues and queue observations`, the graver first."""
    parts = sorted(permissions, key=gravity)
    shown = parts if len(parts) <= MOST_THINGS + 1 else parts[:MOST_THINGS]
    things: dict[str, list[str]] = {}
    for permission in shown:
        domain, name, action = (*permission.split(":", 2), "", "")[:3]
        things.setdefault(action, []).append(entity(domain, name))
    done: dict[tuple[str, ...], list[str]] = {}
    for action, objects in things.items():
        done.setdefault(tuple(sorted(set(objects), key=lambda each: (len(each), each))), []).append(
            verb(action)
        )
    deeds = [f"{_listed(verbs)} {_listed(objects)}" for objects, verbs in done.items()]
    hidden = len(parts) - len(shown)
    return [*deeds, f"do {hidden:,} more things"] if hidden else deeds


def _listed(items: Sequence[str]) -> str:
    return folded(items, len(items), " and ")


def place(divisions: Collection[str], names: Names) -> str:
    """Where: division names, Home first, or in words what `*` and org-wide mean."""
    if ORG_WIDE in divisions:
        return "in the whole organisation (no division confines it)"
    if EVERYWHERE in divisions:
        return "in every division, present and future"
    known = sorted(map(names.of, divisions), key=lambda name: (name != "Home", name))
    return f"in {folded(known, MOST_PLACES)}"
