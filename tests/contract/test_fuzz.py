"""The part of `make fuzz` that needs no Schemathesis: whose contract it is, and where it aims."""

from __future__ import annotations

import re
from typing import Any

import jsonschema

from reconciler.simulator import Settings, Simulator, find_seed
from tests.contract.fuzz.__main__ import OPERATIONS, OPERATOR, ORGANISATION, PINS
from tests.contract.fuzz.aim import aimed, contract, ids_of

STATE = Simulator(find_seed(str(ORGANISATION)), Settings()).snapshot()
IDS = ids_of(STATE, OPERATOR)
AIM = aimed(contract(), OPERATIONS, IDS)


def of(document: dict[str, Any], operation: str) -> dict[str, Any]:
    """What a document says of an operation."""
    specs = (
        spec for methods in document["paths"].values() for spec in methods.values() if isinstance(spec, dict)
    )
    return next(spec for spec in specs if spec.get("operationId") == operation)


def test_just_the_imitated_operations_are_asked() -> None:
    asked = [spec["operationId"] for methods in AIM["paths"].values() for spec in methods.values()]
    assert sorted(asked) == sorted(OPERATIONS)


def test_neither_the_caller_nor_its_rights_are_among_the_ids() -> None:
    assert OPERATOR not in {*IDS["clientId"], *IDS["subjectId"]}
    held = {grant["roleId"] for grant in STATE["grants"] if grant["subjectId"] == OPERATOR}
    assert held and held.isdisjoint(IDS["roleId"])


def test_requests_take_ids_of_the_organisation_and_answers_any() -> None:
    divisions = {row["id"] for row in (*STATE["divisions"], *STATE["deletedDivisions"])}
    path = next(each for each in of(AIM, "get_authorization_division")["parameters"] if each["in"] == "path")
    assert set(path["schema"]["enum"]) == divisions | {"*"}

    grants = of(AIM, "post_authorization_subject_bulkadd")["requestBody"]["content"]["application/json"][
        "schema"
    ]
    check = jsonschema.Draft202012Validator({**grants, "components": AIM["components"]})
    pair = {"roleId": IDS["roleId"][0], "divisionId": "*"}
    assert check.is_valid({"grants": [pair]})
    assert not check.is_valid({"grants": [pair | {"roleId": "nobody's"}]})

    for operation in OPERATIONS:
        assert of(AIM, operation)["responses"] == of(contract(), operation)["responses"]


def test_answers_say_nothing_that_the_contract_does_not_list() -> None:
    for name, schema in contract()["components"]["schemas"].items():
        taken = AIM["components"]["schemas"][name]
        assert taken == schema or taken == schema | {"additionalProperties": False}
    division = {"$ref": "#/components/schemas/AuthzDivision", "components": AIM["components"]}
    check = jsonschema.Draft202012Validator(division)
    assert check.is_valid({"name": "x", "description": ""})
    assert not check.is_valid({"name": "x", "description": "", "colour": "red"})


def test_every_version_is_pinned() -> None:
    pins = PINS.read_text(encoding="utf-8").splitlines()
    assert [pin for pin in pins if not re.fullmatch(r"#.*|[\w-]+==[\d.]+", pin)] == []
