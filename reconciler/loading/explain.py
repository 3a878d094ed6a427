"""Objections to a document in our own words: what is wrong, in what, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any, NamedTuple

from pydantic import ValidationError

from reconciler.loading import words
from reconciler.loading.faults import Fault, faults
from reconciler.loading.hints import did_you_mean, nearest, quoted
from reconciler.loading.myths import myth
from reconciler.loading.secrecy import redacted
from reconciler.loading.shape import Shape
from reconciler.model.address import ORG, is_name
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import MISSING
from reconciler.model.origin import Origin, Step
from reconciler.model.rule import Rule

UNKNOWN = Rule(
    "manifest/unknown-field",
    "A field that nobody reads has no effect; its author believes that it has one, for instance that "
    "it confines a client.",
    "Correct the name, or remove the field.",
)
TYPE = Rule(
    "manifest/wrong-type",
    "A value of another type would have to be guessed at.",
    "Write what is expected.",
)
VALUE = Rule(
    "manifest/wrong-value",
    "A value that the schema does not allow would be refused by the organisation halfway, or mean "
    "something else.",
    "Write one that is allowed.",
)
MORE = Rule(
    "manifest/more",
    "Nobody reads more than fifty mistakes of one document; their number is told all the same.",
    "Mend the first ones and look again.",
)

MOST = 50
"""Findings about one document: beyond them nobody reads, and a generated file has thousands."""


_WAY_OUT = {
    "string_too_long": "shorten it",
    "too_long": "leave some out",
    "string_too_short": "fill it in, or leave it out where it is optional",
    "too_short": "name at least one, or leave the field out where it is optional",
    "union_tag_invalid": "write one of these",
}


class Words(NamedTuple):
    """A finding before it has a place."""

    rule: str
    message: str
    remedy: str = ""
    hint: str = ""


def explain(error: ValidationError, document: Mapping[str, Any], top: Origin, shape: Shape) -> list[Finding]:
    """Every mistake of one document; `top` is the document's origin."""
    found = faults(error, document)
    told = sorted(found[:MOST], key=lambda fault: _order(fault.path, document))
    findings = [_finding(fault, document, top, shape) for fault in told]
    if len(found) > MOST:
        text = f"{len(found) - MOST} more mistakes in this document"
        remedy = "mend the first ones and look again"
        findings.append(Finding(MORE, Severity.ERROR, text, remedy, top.file, location=top))
    return findings


def _order(path: tuple[Step, ...], node: Any) -> tuple[int, ...]:
    """Where a node stands in its document, so that findings come as one reads."""
    order = []
    for step in path:
        order.append(step if isinstance(step, int) else list(node).index(step))
        node = node[step]
    return tuple(order)


def _finding(fault: Fault, document: Mapping[str, Any], top: Origin, shape: Shape) -> Finding:
    said = _said(fault, document, shape)
    return Finding(
        said.rule,
        Severity.ERROR,
        said.message,
        said.remedy,
        address=_address(fault, document, shape) or top.file,
        location=top.child(*takewhile(_harmless, fault.path)),
        hint=said.hint,
    )


def _harmless(step: Step) -> bool:
    """Whether a name may stand in a place that is shown: somebody may have used a secret as one."""
    return isinstance(step, int) or redacted(step) == step


def _said(fault: Fault, document: Mapping[str, Any], shape: Shape) -> Words:
    where = shape.noun(fault.path if fault.type == "missing" else fault.path[:-1])
    if fault.type == "missing":
        return Words(MISSING, f"missing field `{fault.name}` in {where}", f"add `{fault.name}:`")
    if fault.type == "extra_forbidden":
        return _unknown(fault, document, shape, where)
    if fault.type == "union_tag_not_found":
        inside = shape.noun(fault.path)
        return Words(MISSING, f"missing field `type` in {inside}", "add `type:`, such as `type: file`")
    return _wrong(fault, shape.field(fault.path))


def _unknown(fault: Fault, document: Mapping[str, Any], shape: Shape, where: str) -> Words:
    field = str(fault.path[-1])
    message = f"unknown field {quoted(field)} in {where}"
    entry = shape.entry(document, fault.path)
    if entry is not None and shape.holds_grants(fault.path):
        wrong = myth(field, fault.value, entry, shape.own_divisions(document))
        if wrong:
            return Words(wrong.rule, message, wrong.remedy, wrong.hint)
    known = shape.fields(fault.path[:-1], document)
    hint = f"did you mean `{near}`?" if (near := nearest(field, known)) else ""
    remedy = f"write `{near}`" if near else f"fields here are: {', '.join(known)}"
    return Words(UNKNOWN, message, remedy, hint)


def _wrong(fault: Fault, field: str) -> Words:
    wanted = [words.expected(item.type, item.context) for item in (fault, *fault.others)]
    if fault.type == "literal_error" and not fault.others:
        near = did_you_mean(fault.value, _choices(fault)) if isinstance(fault.value, str) else ""
        return Words(VALUE, f"{quoted(fault.value)} is no {field}{near}", f"write one of {wanted[0]}")
    if fault.type == "string_pattern_mismatch" and not fault.others:
        return Words(VALUE, f"{quoted(fault.value)} does not fit {field}", f"expected {wanted[0]}")
    if all(wanted):
        return _type(fault, field, ", or ".join(dict.fromkeys(wanted)))
    return Words(VALUE, _limit(fault, field), _WAY_OUT.get(fault.type, ""))


def _type(fault: Fault, field: str, wanted: str) -> Words:
    """Text where text may stand is a wrong value; anything else is of a wrong type."""
    if fault.others and isinstance(fault.value, str):
        return Words(VALUE, f"{quoted(fault.value)} does not fit {field}", f"expected {wanted}")
    quotes = wanted == "text" and isinstance(fault.value, bool | int | float)
    remedy = "put it in quotes" if quotes else f"write {wanted}"
    return Words(TYPE, f"{field} must be {wanted}, not {words.kind_of(fault.value)}", remedy)


def _choices(fault: Fault) -> list[str]:
    return str(fault.context["expected"]).split("'")[1::2]


def _limit(fault: Fault, field: str) -> str:
    """Bounds, and what a specification objects to in its own words."""
    context = fault.context
    match fault.type:
        case "string_too_long":
            return f"{field} is longer than {context['max_length']} characters"
        case "too_long":
            return f"{field} has more than {context['max_length']} items"
        case "string_too_short" | "too_short":
            return f"{field} is empty"
        case "greater_than_equal":
            return f"{field} is {fault.value}; the least is {context['ge']}"
        case "less_than_equal":
            return f"{field} is {fault.value}; the most is {context['le']}"
        case "union_tag_invalid":
            known = context["expected_tags"].replace("'", "`")
            return f"{quoted(context['tag'])} is no type of sink; there are {known}"
        case "value_error":
            return f"{field}: {context['error']}"
    return f"{field} is not what the schema allows"


def _address(fault: Fault, document: Mapping[str, Any], shape: Shape) -> str:
    """The entry's address, where both halves of it are known."""
    metadata = document.get("metadata")
    owner = metadata.get("name") if isinstance(metadata, dict) else ORG
    entry = shape.entry(document, fault.path)
    key = entry.get("key") if entry is not None else None
    if not (isinstance(owner, str) and isinstance(key, str) and is_name(owner) and is_name(key)):
        return ""
    return f"{owner}/{shape.kind(fault.path)}/{key}"
