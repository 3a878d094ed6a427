"""The published schema of what probe prints."""

from __future__ import annotations

from reconciler.model.probe import Verdict
from reconciler.reports.schema_parts import Schema, count, list_of, map_of, object_of, text, version


def probe() -> Schema:
    """The probe: what each tenant's clients showed with their own tokens."""
    return object_of(
        "What each tenant's clients are shown, held against the proof.",
        formatVersion=version(),
        tool=text("The program and its version."),
        org=object_of(
            "The organisation.", name=text("Its name in the manifests."), id=text("The vendor's id of it.")
        ),
        asked=object_of(
            "When.", **{"from": text("When asking began, ISO 8601, UTC.")}, until=text("When it ended.")
        ),
        clients=list_of("Every client of a tenant, by address.", _client()),
        notes=list_of("What could not be tried.", text("In words.")),
        gaps=list_of("What the model rests on and was not seen.", text("In words.")),
    )


def _client() -> Schema:
    return object_of(
        "What one client's token showed.",
        client=text("Its address, or `client:NAME`."),
        tenant=text("Whose it is."),
        verdict=_verdict("The gravest of all that was asked."),
        permissions=count("Permissions whose divisions were asked for."),
        lists=list_of("Every list that its permissions open.", _list()),
        open=map_of("What needs no permission: how many, by type.", count("How many.")),
        requests=count("Requests sent with its credentials."),
        tokenReturned={"description": "Whether its token was ended afterwards.", "type": "boolean"},
        reasons=list_of("Why the verdict is no better.", text("In words.")),
    )


def _list() -> Schema:
    return object_of(
        "One list with single reads of what is in it.",
        type=text("What it lists."),
        permission=text("What opens it."),
        verdict=_verdict("On this list."),
        listed=count("Objects shown."),
        foreign=count("Those of them that its tenant may not see."),
        sha256=text("SHA-256 of the ids shown, sorted, one a line; empty where none were read."),
        controls=count("Own objects that were shown when asked for: without any, a refusal proves nothing."),
        tried=count("Foreign objects asked for by id."),
        answered=count("Those of them that were answered."),
        reasons=list_of("Why the verdict is no better.", text("In words.")),
    )


def _verdict(description: str) -> Schema:
    return text(description, enum=[str(each) for each in Verdict])
