"""The published schemas of what doctor prints: a checkup, and the smallest roles."""

from __future__ import annotations

from typing import get_args

from reconciler.model.checkup import TOPICS, Status
from reconciler.planning.bootstrap import PARTS
from reconciler.reports.schema_parts import (
    Schema,
    anything,
    count,
    list_of,
    map_of,
    maybe,
    object_of,
    text,
    version,
)


def doctor() -> Schema:
    """The checkup."""
    return object_of(
        "What was looked at before anything is done, and what would stop it.",
        formatVersion=version(),
        tool=text("The program and its version."),
        org=object_of(
            "The organisation.",
            name=maybe("Its name in the manifests; null without manifests."),
            id=maybe("The vendor's id of it; null where it did not answer."),
        ),
        endpoint=text("The API's host."),
        checkedAt=text("When it was looked at, ISO 8601, UTC."),
        summary=object_of(
            "How many checks ended how.",
            ok=count("All is well."),
            warning=count("Worth knowing; nothing stops."),
            failure=count("Stops plan or apply; doctor ends with exit 7."),
            unknown=count("Could not be looked at."),
        ),
        checks=list_of("In the order people read them.", _check()),
        notLookedAt=list_of("What no check covers.", text("One thing.")),
        requests=object_of(
            "What the checkup asked of the organisation.",
            read=count("Reads, tokens included."),
            write=count("Writes: none."),
            retried=count("Requests that were repeated."),
        ),
    )


def _check() -> Schema:
    return object_of(
        "One question and its answer.",
        name=text("The check's name."),
        topic=text("What it belongs to.", enum=list(TOPICS)),
        status=text("The answer.", enum=list(get_args(Status))),
        seen=text("What was found."),
        means=text("Why it matters; empty where nothing is to be said."),
        remedy=text("What to do; empty where nothing is to be done."),
        items=list_of("The permissions or pairs that are meant.", text("One of them.")),
    )


def bootstrap() -> Schema:
    """The smallest roles."""
    request = object_of(
        "A request of the vendor's API that makes it.",
        method=text("The HTTP method."),
        path=text("The path."),
        body=map_of("The body; `ROLE_ID` stands for the new role's id.", anything("A field of it.")),
    )
    role = object_of(
        "A role, and a client that holds it.",
        part=text("Who needs it.", enum=list(PARTS)),
        does=text("What it is enough for."),
        permissions=list_of("Its permissions.", text("`domain:entity:action`.")),
        requests=list_of("First the role, then the client.", request),
    )
    return object_of(
        "The smallest roles that do.", formatVersion=version(), roles=list_of("As asked for.", role)
    )
