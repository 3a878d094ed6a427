"""Request bodies against the vendor's schemas: types, enums, dates, required and unknown properties.

Small on purpose: the excerpt uses objects, arrays, scalars and references, nothing else.
"""

import re
from datetime import datetime
from typing import Any

from reconciler.simulator.contract import schema
from reconciler.simulator.errors import ApiError, bad_request, invalid_value

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,), "integer": (int,),
    "number": (int, float),
}  # fmt: skip
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
# The excerpt requires a division's description and not its name; the sheet calls that inverted (§5).
_REQUIRED = {"AuthzDivision": ("name",)}


def check(node: dict[str, Any], value: object, reject_unknown: bool, at: str = "body") -> None:
    """Raise 400 unless `value` fits the schema `node`; `at` names the place in messages."""
    rule = schema(node)
    kinds = _TYPES.get(rule.get("type", ""))
    if kinds and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
        raise invalid_value(at, f"expected {rule['type']}")
    if "enum" in rule and value not in rule["enum"]:
        raise invalid_value(at, f"expected one of {', '.join(rule['enum'])}")
    if rule.get("format") == "date-time" and not _is_moment(str(value)):
        raise _no_moment(at)
    if isinstance(value, list) and "items" in rule:
        for index, item in enumerate(value):
            check(rule["items"], item, reject_unknown, f"{at}[{index}]")
    if isinstance(value, dict) and "properties" in rule:
        _check_object(node, rule, value, reject_unknown, at)


def _is_moment(text: str) -> bool:
    """Whether `text` is a moment as the vendor writes it: yyyy-MM-ddTHH:mm:ss[.mmm]Z, or with an offset."""
    try:
        return bool(_MOMENT.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _no_moment(name: str) -> ApiError:
    detail = [{"errorCode": "invalid.date", "fieldName": name}]
    return ApiError(400, "invalid.date", "{field} is no date and time", {"field": name}, details=detail)


def _check_object(
    node: dict[str, Any], rule: dict[str, Any], value: dict[str, Any], reject_unknown: bool, at: str
) -> None:
    for name in _REQUIRED.get(node.get("$ref", "").rsplit("/", 1)[-1], rule.get("required", ())):
        if value.get(name) is None:
            raise _missing(name)
    for name, item in value.items():
        if name in rule["properties"]:
            if item is not None:
                check(rule["properties"][name], item, reject_unknown, name)
        elif reject_unknown and not rule.get("additionalProperties"):
            raise bad_request(f"unrecognized property {name!r} in {at}", "invalid.property")


def known(node: dict[str, Any], value: Any) -> Any:
    """`value` without what its schema does not list, and without null: what is passed over is not kept."""
    rule = schema(node)
    if isinstance(value, list) and "items" in rule:
        return [known(rule["items"], each) for each in value]
    if not isinstance(value, dict) or "properties" not in rule or rule.get("additionalProperties"):
        return value
    listed = {name: each for name, each in value.items() if name in rule["properties"] and each is not None}
    return {name: known(rule["properties"][name], each) for name, each in listed.items()}


def _missing(name: str) -> ApiError:
    detail = [{"errorCode": "constraint.validation", "fieldName": name}]
    return ApiError(400, "constraint.validation", "{field} may not be null", {"field": name}, details=detail)
