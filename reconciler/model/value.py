"""Canonical values: what fields are made of, compared with `==`, hashed in one way only.

A field is text, a number, a truth value, `None`, a tuple (order matters), a frozenset (it does
not) or a `Ref`. Two resources are alike exactly when their values are equal, whatever order an
author or the organisation wrote them in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from reconciler.model.address import Address

Json: TypeAlias = Any
"""What `json.loads` gives. Narrowed at once where it enters."""

Value: TypeAlias = Any
"""str | int | bool | None | tuple[Value, ...] | frozenset[Value] | Ref."""

Fields: TypeAlias = Mapping[str, Value]
"""The modelled fields of one resource by their manifest names."""


class Ref(NamedTuple):
    """Stands for the id of another resource, which may be unknown until apply."""

    address: Address

    def __str__(self) -> str:
        """As it stands in a path: `{owner/kind/key}`."""
        return f"{{{self.address}}}"


def refs_in(value: Value) -> Iterator[Ref]:
    """Every reference inside `value`, in no particular order."""
    if type(value) is Ref:
        yield value
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from refs_in(item)


def resolved(value: Value, ids: Mapping[Address, str]) -> Value:
    """`value` with every reference whose id is known replaced by the id."""
    kind = type(value)
    if kind is Ref:
        return ids.get(value.address, value)
    if kind is tuple:
        return tuple([resolved(item, ids) for item in value])
    if kind is frozenset:
        return frozenset([resolved(item, ids) for item in value])
    return value


def plain(value: Value) -> Json:
    """`value` as JSON: sets become sorted lists, references `{"$ref": ADDRESS}`."""
    kind = type(value)
    if kind is Ref:
        return {"$ref": str(value.address)}
    if kind is tuple or kind is list:
        return [plain(item) for item in value]
    if kind is frozenset:
        return sorted((plain(item) for item in value), key=canonical)
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value


def canonical(value: Value | Json) -> str:
    """The one JSON text of `value`, which is that of `plain(value)`: keys sorted, no spaces, UTF-8 kept.

    In one pass: every object of a plan goes through here, most of them twice.
    """
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is frozenset:
        return f"[{','.join(sorted(_texts(value)))}]"
    if kind is Ref:
        return f'{{"$ref":{_quoted(str(value.address))}}}'
    if kind is tuple or isinstance(value, tuple | list):
        return f"[{','.join(_texts(value))}]"
    if kind is dict or isinstance(value, Mapping):
        return f"{{{','.join([f'{_quoted(key)}:{canonical(value[key])}' for key in sorted(value)])}}}"
    if kind is int:
        return str(value)
    return _WORDS[value] if value is None or kind is bool else json.dumps(value, ensure_ascii=False)


_WORDS = {None: "null", True: "true", False: "false"}


def _texts(items: Iterable[Value]) -> list[str]:
    return [_quoted(item) if type(item) is str else canonical(item) for item in items]  # most are text


_quoted = json.encoder.encode_basestring


def sha256(value: Value | Json) -> str:
    """SHA-256 of the canonical form, 64 hex digits; half a character counts as its escape."""
    return hashlib.sha256(canonical(value).encode("utf-8", "backslashreplace")).hexdigest()


SCHEME = "1"
"""First character of every fingerprint; another one means a fingerprint we cannot judge."""


def fingerprint(fields: Fields) -> str:
    """hash8: the scheme and seven hex digits over the modelled fields, ids resolved."""
    return SCHEME + sha256(fields)[:7]
