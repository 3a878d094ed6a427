"""The part of SARIF 2.1.0 that we write, closed: a name that the standard does not have is refused.

Source: the standard's sections on run, tool component, result, location and region.
"""

from __future__ import annotations

from typing import Any


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def _list(of: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": of, **more}


TEXT = {"type": "string", "minLength": 1}
NUMBER = {"type": "integer", "minimum": 1}
MESSAGE = _object("text", text=TEXT)
RULE = _object(
    "id shortDescription", id=TEXT, shortDescription=MESSAGE, fullDescription=MESSAGE, help=MESSAGE
)
REGION = _object("startLine", startLine=NUMBER, startColumn=NUMBER, endColumn=NUMBER)
ARTIFACT = _object(
    "uri", uri={"type": "string", "pattern": r"^[\w%.~/-]+$"}, uriBaseId={"const": "%SRCROOT%"}
)
LOCATION = _object(
    "physicalLocation",  # GitHub refuses a result without
    physicalLocation=_object("artifactLocation region", artifactLocation=ARTIFACT, region=REGION),
    logicalLocations=_list(_object("fullyQualifiedName", fullyQualifiedName=TEXT)),
)
RESULT = _object(
    "ruleId ruleIndex level message locations",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations=_list(LOCATION, minItems=1),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
)
DRIVER = _object("name rules", name=TEXT, version=TEXT, rules=_list(RULE, uniqueItems=True))
RUN = _object(
    "tool results",
    tool=_object("driver", driver=DRIVER),
    automationDetails=_object("id", id=TEXT),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    properties={"type": "object"},
    results=_list(RESULT),
)
SARIF = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        "version runs",
        **{"$schema": TEXT},
        version={"const": "2.1.0"},
        runs=_list(RUN, minItems=1, maxItems=1),
    ),
}
