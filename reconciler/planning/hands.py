"""Whose hand it was: what to ask the vendor's audits about a drifted object, and what their answer says.

Audits have no entity for a division or for a grant: a pair shows as a role that gained or lost a member,
named `SUBJECT--ROLE--ORGANISATION`, and a change of a division as a rule leaves nothing. A client that
changed something may not be named. So the newest entry tells whose hand it was, or nobody is named.
Source: the vendor's API definition, and audits of one organisation as others describe them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from reconciler.model.audit import AuditEntry
from reconciler.model.drift import Drifted, DriftReport, Hand

MOST_ASKED = 20
"""Objects asked about in one run, the gravest first: one request each."""

_MEMBERSHIP = "Member"
"""How actions begin that concern who holds a role, and not what it is."""


class Question(NamedTuple):
    """About which object, by which entity's id, and as whose membership in it ("" for the entity itself)."""

    about: Drifted
    entity: str
    member: str = ""


def questions(report: DriftReport) -> tuple[Question, ...]:
    """One for each object that counts and does not say itself who wrote it last."""
    return tuple(_question(item) for item in report.objects if not item.modified_by)


def _question(item: Drifted) -> Question:
    """Where pairs differ and the object does not tell of another hand, they were given or taken elsewhere."""
    newest = max(item.granted, key=lambda pair: pair.at, default=None)
    role = newest.role if newest else next(iter(item.lost_roles), "")
    return Question(item, role, item.id) if role else Question(item, item.id)


def hand_of(question: Question, entries: Iterable[AuditEntry], report: DriftReport) -> Hand:
    """What the newest entry about it says; `entries` come newest first.

    What we wrote ourselves last is no trace of somebody else's hand.
    """
    newest = next((each for each in entries if _is_about(question, each)), None)
    if newest is None or (newest.program and newest.program == report.operator_id):
        return Hand()
    who = newest.person or report.names.get(newest.program, newest.program)
    return Hand(who, newest.at, newest.action)


def _is_about(question: Question, entry: AuditEntry) -> bool:
    if question.member:
        return entry.called.startswith(f"{question.member}--")
    return entry.entity == question.entity and not entry.action.startswith(_MEMBERSHIP)


def with_hands(report: DriftReport, found: Mapping[str, Hand], trouble: str) -> DriftReport:
    """The report with what was found, by the objects' ids, and why no more was."""
    objects = tuple(
        replace(item, hand=found[item.id]) if item.id in found else item for item in report.objects
    )
    return replace(report, objects=objects, audits=trouble)
