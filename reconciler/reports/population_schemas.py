"""The published schema of the population."""

from __future__ import annotations

from reconciler.reports.access_schemas import gaps, org, period
from reconciler.reports.schema_parts import Schema, list_of, map_of, object_of, text, version


def population() -> Schema:
    """The schema of the document."""
    return object_of(
        "Everybody there is and everybody who holds anything.",
        formatVersion=version(),
        state=text("`live`: the organisation as it is.", enum=["live"]),
        org=org(),
        read=object_of("When it was read, ISO 8601, UTC.", **period()),
        home=text("The Home division's id."),
        gaps=gaps(),
        asked=map_of("Nothing: it is everybody.", text("As given.")),
        population=list_of("Everybody, by the name that is shown.", _somebody()),
    )


def _somebody() -> Schema:
    return object_of(
        "One subject.",
        subject=text("An address, or `SORT:NAME`."),
        id=text("The vendor's id."),
        name=text("What people call it."),
        sort=text("client, user, group, or the vendor's word for others."),
        owner=text("A tenant, `org`, or nothing for nobody's; of a person, whose division he lies in."),
        division=text("The division that a person lies in; nothing for others."),
        state=text("The vendor's word, such as `active` or `inactive`; nothing where it is not said."),
        created=text("ISO 8601; nothing where it is not said."),
        modified=text("ISO 8601; nothing where it is not said."),
        grants=list_of("What it holds, directly and through groups.", _grant_schema()),
        accepted=_maybe_share("Who answers for what the people of an app reach."),
        standing=map_of(
            "By tenant that it reaches and is not of (`*`: every one), why.", text("As in `prove`.")
        ),
    )


def _grant_schema() -> Schema:
    return object_of(
        "A role in a division.",
        role=text("The role."),
        division=text("The division, or `*`."),
        through=text("The group that holds it; nothing for a direct grant."),
        declared=text("Where the manifests declare it, as file:line; nothing for a hand's."),
        exception=_maybe_share("The share or exception that covers it."),
    )


def _maybe_share(description: str) -> Schema:
    share = object_of(
        "Who answers for it.",
        reason=text("Why."),
        owner=text("Who."),
        expires=text("YYYY-MM-DD, UTC, through that day."),
    )
    return {"description": f"{description} Null for none.", "anyOf": [share, {"type": "null"}]}
