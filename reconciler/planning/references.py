"""References: from the words of a manifest to addresses, with every way they can be wrong."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Set
from typing import NamedTuple

from reconciler.model.address import ORG, Address
from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import AnyKind
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule

AMBIGUOUS_REFERENCE = Rule(
    "manifest/ambiguous-reference",
    "One key names two objects; access must not hang on which of them is found first.",
    "Write `owner/key`.",
)
UNKNOWN_REFERENCE = Rule(
    "manifest/unknown-reference",
    "What is referred to is not declared; nothing can be granted on it, or in it.",
    "Correct the key, or declare the object.",
)


class Declared(NamedTuple):
    """Everything declared: the addresses, and the keys by (owner, kind)."""

    addresses: Set[Address]
    keys: Mapping[tuple[str, str], tuple[str, ...]]


def mistake(
    rule: str,
    message: str,
    remedy: str,
    location: Origin,
    related: tuple[Origin, ...] = (),
    address: str = "",
) -> Finding:
    """A manifest error at one node."""
    return Finding(rule, Severity.ERROR, message, remedy, address, (), location, related)


def look_up(text: str, kind: AnyKind, owner: str, declared: Declared, place: Origin) -> Address | Finding:
    """The address that `text` means in a document of `owner`, or what is wrong with it."""
    if "/" in text:
        named, key = text.split("/", 1)
        address = Address(named, kind.name, key)
        return address if address in declared.addresses else _unknown(text, kind, owner, declared, place)
    own = Address(owner, kind.name, text)
    shared = Address(ORG, kind.name, text)
    if kind.bare == "own-or-org" and owner != ORG and shared in declared.addresses:
        if own in declared.addresses:
            return _ambiguous(text, kind, owner, place)
        return shared
    return own if own in declared.addresses else _unknown(text, kind, owner, declared, place)


def _ambiguous(text: str, kind: AnyKind, owner: str, place: Origin) -> Finding:
    message = f"`{text}` is a {kind.name} of {owner} and of {ORG}"
    return mistake(AMBIGUOUS_REFERENCE, message, f"write `{owner}/{text}` or `{ORG}/{text}`", place)


def _unknown(text: str, kind: AnyKind, owner: str, declared: Declared, place: Origin) -> Finding:
    candidates = _candidates(kind, owner, declared)
    close = difflib.get_close_matches(text, candidates, n=1)
    if close:
        remedy = f"did you mean `{close[0]}`?"
    elif candidates:
        remedy = "declared are " + ", ".join(f"`{name}`" for name in candidates[:8])
    else:
        remedy = f"declare it under `{kind.section}`"
    return mistake(UNKNOWN_REFERENCE, f"no {kind.name} `{text}` is declared", remedy, place)


def _candidates(kind: AnyKind, owner: str, declared: Declared) -> list[str]:
    own = list(declared.keys.get((owner, kind.name), ()))
    shared = [] if owner == ORG else list(declared.keys.get((ORG, kind.name), ()))
    if kind.bare == "own":
        shared = [f"{ORG}/{key}" for key in shared]
    return own + shared
