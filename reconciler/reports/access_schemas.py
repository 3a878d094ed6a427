"""The published schema of what access prints."""

from __future__ import annotations

from reconciler.reports.schema_parts import Schema, list_of, map_of, object_of, text, version


def access() -> Schema:
    """Answers: of why not the nearest misses besides."""
    found = object_of(
        "Who can use what, by which grant.",
        formatVersion=version(),
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
    return {**found, "required": ["formatVersion", "asked", "access"]}


def _row() -> Schema:
    return object_of(
        "A permission that somebody can use in a place, and the grant that gives it.",
        subject=text("An address, or `SORT:NAME`."),
        name=text("What people call it."),
        sort=text("client, user, group, or the vendor's word for others."),
        owner=text("A tenant, `org`, or nothing for nobody's."),
        permission=text("`domain:entity:action`, or a wildcard."),
        place=text("A division's name, `*`, or `org-wide`."),
        placeId=text("A division's id, `*`, or `org-wide`."),
        role=text("The role."),
        grantedIn=text("Where the role is granted."),
        through=text("The group it is granted to; nothing for a direct grant."),
        said=text("What the role says: the permission, or the wildcard that covers it."),
        declared=text("Where the manifests declare the grant, as file:line; nothing for a hand's."),
    )
