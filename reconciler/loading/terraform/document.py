"""`terraform show -json`: a state, or a plan with the state it was made from, read as an estate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from reconciler.errors import UsageError
from reconciler.loading.terraform.addresses import block
from reconciler.loading.terraform.attributes import Attributes, Hidden, Malformed, typed
from reconciler.loading.terraform.bodies import NAMES, SHAPES, Unsure
from reconciler.model.estate import Estate, Record, Unfit
from reconciler.model.rule import Rule
from reconciler.model.value import Json

CANNOT_SAY = Rule(
    "convert/cannot-say",
    "The state does not say enough of this object; a manifest that guessed would change it with the first "
    "apply.",
    "Leave it with Terraform, or write the organisation down with `export`, which reads it.",
)
TWICE = Rule(
    "convert/twice",
    "Two resources manage one object, so that each undoes what the other does.",
    "Remove one of them from Terraform, then convert again.",
)

MOST_BYTES = 256 * 1024 * 1024
"""A state that is larger is not read."""

_ASK_EXPORT = "leave it with Terraform, or use `export`, which asks the organisation"
_HOW = "make one with: terraform show -json > state.json"
_QUIET = ({"no-op"}, {"read"}, {"forget"})


def read(data: bytes, name: str) -> Estate:
    """Everything that such a file says. `name` is the file, for messages.

    Raises:
        UsageError: it is not such a file, with the place and never with what stands there.
    """
    document = _parsed(data, name)
    _check_version(document, name)
    found = list(_resources(_values(document)))
    records = [record for each in found if (record := _record(each))]
    managed = [each for each in found if each.mode == "managed"]
    return Estate(
        records=tuple(_told_apart(records)),
        names=dict(pair for each in found for pair in _name(each)),
        pending=_pending(document),
        others=sum(each.type not in SHAPES for each in managed),
    )


def _parsed(data: bytes, name: str) -> dict[str, Json]:
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        where = f"{name}:{error.lineno}:{error.colno}"
    else:
        return dict(typed(document, dict, name))
    raise UsageError(f"{where}: this is not JSON", remedy=_HOW)  # the cause holds what it read


def _check_version(document: Mapping[str, Json], name: str) -> None:
    if "lineage" in document or "serial" in document:
        raise UsageError(f"{name}: this is a state file, not what `terraform show` says of it", remedy=_HOW)
    version = typed(document.get("format_version", ""), str, "format_version")
    if version.partition(".")[0] != "1":
        said = f"format_version {version[:12]!a}" if version else "no format_version"
        raise UsageError(f"{name}: {said}, and only major version 1 is understood", remedy=_HOW)


def _values(document: Mapping[str, Json]) -> tuple[dict[str, Json], str]:
    """What is there now, and where it stands: of a plan the state before."""
    place, holder = "", document
    if "planned_values" in document or "resource_changes" in document:
        place, holder = "prior_state.", _object(document.get("prior_state"), "prior_state")
    values = _object(holder.get("values"), f"{place}values")
    return _object(values.get("root_module"), f"{place}values.root_module"), f"{place}values.root_module"


def _object(value: Json, place: str) -> dict[str, Json]:
    found: dict[str, Json] = {} if value is None else typed(value, dict, place)
    return found


class _Resource(NamedTuple):
    """One entry of a state, looked at as far as any has."""

    raw: Mapping[str, Json]
    place: str
    address: str
    mode: str
    type: str

    def attributes(self) -> Attributes:
        """What it is set to."""
        values = _object(self.raw.get("values"), f"{self.place}.values")
        return Attributes(values, self.raw.get("sensitive_values"), f"{self.place}.values")


def _resources(root: tuple[dict[str, Json], str]) -> Iterator[_Resource]:
    """Of the root module and of all below it, in the order of the file."""
    waiting = [root]
    while waiting:
        module, place = waiting.pop()
        for index, raw in enumerate(_list(module, "resources", place)):
            at = f"{place}.resources[{index}]"
            raw = typed(raw, dict, at)
            words = (typed(raw.get(key), str, f"{at}.{key}") for key in ("address", "mode", "type"))
            yield _Resource(raw, at, *words)
        below = [
            (typed(each, dict, at), at)
            for index, each in enumerate(_list(module, "child_modules", place))
            for at in [f"{place}.child_modules[{index}]"]
        ]
        waiting += reversed(below)


def _list(holder: Mapping[str, Json], key: str, place: str) -> list[Json]:
    value = holder.get(key)
    found: list[Json] = [] if value is None else typed(value, list, f"{place}.{key}")
    return found


def _record(each: _Resource) -> Record | None:
    shape = SHAPES.get(each.type)
    if shape is None:
        return None
    where = block(each.address)
    if not where:
        raise Malformed(f"{each.place}.address", "an address of a resource belongs there")
    body, unfit = _body(each)
    identity = str(body.get("id") or "")
    body = {**body, "id": identity}
    managed = each.mode == "managed"
    return Record(each.address, where, each.type, managed, shape.path, identity, body, shape.sort, unfit)


def _body(each: _Resource) -> tuple[dict[str, Any], Unfit | None]:
    """The vendor's body, or as much of it as tells which object is meant, with the reason."""
    said, shape = each.attributes(), SHAPES[each.type]
    reason, body = _odd(each), {"id": _shown(said.id, "id")}
    try:
        body |= shape.body(said)
    except Unsure as error:
        reason = reason or str(error)
    except Hidden as error:
        reason = reason or f"Terraform marks its `{error}` as sensitive, and that is not repeated"
    if not body["id"]:
        reason = reason or "the state does not say its id"
    body.setdefault("name", "")
    return body, Unfit(CANNOT_SAY, reason, _ASK_EXPORT) if reason else None


def _odd(each: _Resource) -> str:
    if each.raw.get("tainted"):
        return "Terraform has marked it as tainted, and would replace it"
    return "it was replaced, and Terraform has not removed it yet" if each.raw.get("deposed_key") else ""


def _shown(read: Callable[[str], str], name: str) -> str:
    """An attribute; "" for one that is hidden."""
    try:
        return read(name)
    except Hidden:
        return ""


def _told_apart(records: list[Record]) -> Iterator[Record]:
    """What is looked up and managed at once is managed; what is managed twice is nobody's to convert."""
    managed = [each for each in records if each.managed]
    count = Counter((each.path, each.id) for each in managed if each.id)
    seen = set(count)
    for each in records:
        if each.managed and count[each.path, each.id] > 1:
            reason = f"{count[each.path, each.id]} resources manage the same object"
            yield each._replace(unfit=Unfit(TWICE, reason, TWICE.remedy.lower().rstrip(".")))
        elif each.managed:
            yield each
        elif each.id and (each.path, each.id) not in seen:
            seen.add((each.path, each.id))
            yield each


def _name(each: _Resource) -> Iterator[tuple[str, str]]:
    if field := NAMES.get(each.type):
        said = each.attributes()
        identity, name = _shown(said.text, "id"), _shown(said.text, field)
        if identity and name:
            yield identity, name.lower() if field == "email" else name


def _pending(document: Mapping[str, Json]) -> dict[str, str]:
    """What a plan would do to resources that are converted, by address."""
    found = {}
    for index, raw in enumerate(_list(document, "resource_changes", "")):
        at = f"resource_changes[{index}]"
        raw = typed(raw, dict, at)
        address, type_ = (typed(raw.get(key), str, f"{at}.{key}") for key in ("address", "type"))
        change = _object(raw.get("change"), f"{at}.change")
        actions = [typed(each, str, f"{at}.change.actions") for each in _list(change, "actions", at)]
        if type_ in SHAPES and block(address) and set(actions) not in _QUIET and raw.get("mode") != "data":
            found[address] = " and ".join(actions)
    return found
