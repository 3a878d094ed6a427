"""The published schema of what access prints."""

from __future__ import annotations

from typing import get_args

from reconciler.isolation.difference import Risk
from reconciler.planning.picture import State
from reconciler.reports.schema_parts import Schema, list_of, map_of, object_of, text, version

_WHY_NOT = ("elsewhere", "here")


def access() -> Schema:
    """Answers: of why not the nearest misses besides."""
    found = object_of(
        "Who can use what, by which grant.",
        formatVersion=version(),
        state=_state(),
        org=org(),
        read=object_of("When it was read (of `desired`: the manifests), ISO 8601, UTC.", **period()),
        home=text("The Home division's id; nothing where no organisation was asked."),
        gaps=gaps(),
        asked=map_of(
            "What was asked: subject, permission, division; nothing for the matrix.", text("As given.")
        ),
        access=list_of("Every grant that answers; none where the answer is no.", _row()),
        elsewhere=list_of(
            "Why not: where the permission is held instead.",
            object_of("A grant.", role=text("The role."), division=text("The division, or `*`.")),
        ),
        here=list_of("Why not: roles held there, without the permission.", text("A role.")),
    )
    return {**found, "required": [each for each in found["required"] if each not in _WHY_NOT]}


def access_diff() -> Schema:
    """What became of access between two readings."""
    return object_of(
        "Who gained and who lost access between two readings, the gravest first.",
        formatVersion=version(),
        state=_state(),
        org=org(),
        before=object_of("The earlier reading.", **period(), gaps=gaps()),
        after=object_of("The later reading.", **period(), gaps=gaps()),
        gained=list_of("What only the later one has, a row for each grant.", _differing()),
        lost=list_of("What only the earlier one has, a row for each grant.", _differing()),
    )


def _differing() -> Schema:
    risk = text(
        "How far it reaches: behind the wall of a tenant whose the subject is not, into every division, "
        "into Home, through the whole organisation, or no further than that.",
        enum=list(Risk),
    )
    each = _row()
    return {
        **each,
        "properties": {"risk": risk, **each["properties"]},
        "required": ["risk", *each["required"]],
    }


def _state() -> Schema:
    return text(
        "`live` as it is, `desired` by the manifests alone, `planned` after the plan of that moment.",
        enum=list(get_args(State)),
    )


def org() -> Schema:
    """Which organisation it is about."""
    return object_of("The organisation.", name=text("The installation's name."), id=text("Its id."))


def period() -> dict[str, Schema]:
    """The two fields that say when it was read."""
    return {"from": text("The first request."), "until": text("The last request.")}


def gaps() -> Schema:
    """What was not seen."""
    return list_of("What was not seen, so that answers may be missing.", text("One thing."))


def _row() -> Schema:
    return object_of(
        "A permission that somebody can use in a place, and the grant that gives it.",
        subject=text("An address, or `SORT:NAME`."),
        name=text("What people call it."),
        sort=text("client, user, group, or the vendor's word for others."),
        owner=text("A tenant, `org`, or nothing for nobody's; of a person, whose division he lies in."),
        permission=text("`domain:entity:action`, or a wildcard."),
        place=text("A division's name, `*`, or `org-wide`."),
        placeId=text("A division's id, `*`, or `org-wide`."),
        role=text("The role."),
        grantedIn=text("Where the role is granted."),
        through=text("The group it is granted to; nothing for a direct grant."),
        said=text("What the role says: the permission, or the wildcard that covers it."),
        declared=text("Where the manifests declare the grant, as file:line; nothing for a hand's."),
        subjectId=text("The subject's id, or `{ADDRESS}` while it has none."),
        placeOwner=text("Whose division the place is: a tenant, `org`, or nothing for nobody's."),
    )
