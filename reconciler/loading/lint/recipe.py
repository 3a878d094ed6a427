"""What somebody meant by a wrong recipe, and the manifest that does it."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from reconciler.isolation.myths import DIVISION_FIELD, Where, plain
from reconciler.loading.hints import LONGEST
from reconciler.loading.lint.regions import Region
from reconciler.loading.secrecy import redacted

_ID = re.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PLAIN = re.compile(r"[A-Za-z][\w./-]*(?: [\w./-]+)*")
_DIVISIONS = frozenset(
    plain(name) for sign in DIVISION_FIELD.signs if sign.where is Where.TERRAFORM for name in sign.names
)
_ROLES = frozenset({"roleids", "roles", "roledivisions", "grants"})
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_SLUG = 40
_SHORT = 30


class Recipe(NamedTuple):
    """Names or ids that the author wrote: of the client, of divisions, of roles."""

    client: str = ""
    divisions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def recipe(region: Region | None) -> Recipe:
    """What a region says about a client."""
    if region is None:
        return Recipe()
    name = region.first("name")
    said = name.texts()[:1] if name else ()
    return Recipe("".join(map(_shown, said)), _all(region, _DIVISIONS), _all(region, _ROLES))


def _all(region: Region, names: frozenset[str]) -> tuple[str, ...]:
    """Texts of these fields; names rather than ids where somebody wrote both."""
    texts = [text for each in region.fields if each.plain in names for text in each.texts()]
    texts = [shown for text in texts if (shown := _shown(text)) and shown != "*"]
    spoken = [text for text in texts if not _ID.fullmatch(text)]
    return tuple(dict.fromkeys(spoken or texts))[:8]


def _shown(text: str) -> str:
    """A text that may stand in a manifest; "" for a secret, a variable or a template."""
    clean = text.strip()
    fits = len(clean) <= LONGEST and clean.isprintable() and redacted(clean) == clean
    return clean if fits and not re.search(r"[${}<>\\]|%[sdv]", clean) else ""


def manifest(meant: Recipe) -> str:
    """The part of a tenant's `spec` that does what was meant; capitals are to be filled in."""
    divisions = [_division(number, each) for number, each in enumerate(meant.divisions, 1)]
    keys = list(dict.fromkeys(key for key, _ in divisions))
    roles = dict.fromkeys(_slug(role) for role in meant.roles if not _ID.fullmatch(role))
    lines = ["divisions:", *(line for _, lines in divisions for line in lines)] if divisions else []
    lines += ["clients:", f"  - key: {_slug(meant.client) or 'CLIENT'}"]
    lines += [f"    name: {_scalar(meant.client)}"] if meant.client else []
    lines += ["    grants:", *(line for role in roles or ["ROLE"] for line in _grant(role or "ROLE", keys))]
    return "\n".join([*lines, "    secret: {sink: SINK}"])


def _grant(role: str, keys: list[str]) -> list[str]:
    """One line where it is short: a report must not have to break it."""
    if sum(map(len, keys)) <= _SHORT:
        reach = f"[{', '.join(keys)}]" if keys else "own"
        return [f"      - {{role: {role}, divisions: {reach}}}"]
    return [f"      - role: {role}", "        divisions:", *(f"          - {key}" for key in keys)]


def _division(number: int, said: str) -> tuple[str, list[str]]:
    if _ID.fullmatch(said):
        key = f"division-{number}"
        return key, [f"  - key: {key}", "    name: NAME", f"    id: {said.lower()}"]
    key = _slug(said) or f"division-{number}"
    return key, [f"  - {{key: {key}, name: {_scalar(said)}}}"]


def _slug(name: str) -> str:
    """A key for a name: lower-case letters, digits and inner hyphens; "" where YAML would read no text."""
    slug = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:_SLUG].strip("-")
    return "" if slug in _WORDS or not re.search("[a-z]", slug) else slug


def _scalar(text: str) -> str:
    return (
        text
        if _PLAIN.fullmatch(text) and text.lower() not in _WORDS
        else json.dumps(text, ensure_ascii=False)
    )
