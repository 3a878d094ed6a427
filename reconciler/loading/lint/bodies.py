"""Wrong recipes in the body of a client: as an object, as arguments, or set one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reconciler.isolation.myths import ROLE_WITHOUT_DIVISION, SCOPE_ON_CLIENT, Where, recognised
from reconciler.loading.lint.hit import Hit, of_fields
from reconciler.loading.lint.regions import Field, Region

_CREDENTIALS = re.compile(r"client[_-]?credentials", re.IGNORECASE)
_NOTHING = re.compile(r"(?:\[\s*\]|null|None|nil|[\"']{2}|$)")
_SCHEMA = re.compile(r"""\{\s*["'](?:type|\$ref|description)""")
_MODEL = r"(?i:OAuthClient(?:Request|Create)?)\b"
_DECLARED = re.compile(rf"\b{_MODEL}\s*\*?\s+(\w+)\s*[=;]")
_MADE = re.compile(rf"\b(\w+)\s*:?=\s*(?:&|new\s+)?(?:\w+\.)*{_MODEL}\s*[({{]")
_ASSIGNED = re.compile(r"\b(\w+)\s*:?=\s*$")
_CHAIN = re.compile(rf"\bnew\s+(?:\w+\.)*{_MODEL}\s*\(\s*\)[^;]{{0,600}}")
_LINK = re.compile(r"\(|\)(?:\s*\.(?:(?i:set|with)_?)?([A-Za-z_]+)\s*(?=\())?")
_SET = re.compile(
    r"\b(\w+)(?:\.(?:(?i:set|with)_?)?([A-Za-z_]+)\s*(?:\(|=(?!=))|\[[\"'](\w+)[\"']\]\s*=(?!=))"
)


def in_body(region: Region) -> Iterator[Hit]:
    """Fields that no client has; scopes only on a client that signs in with a secret."""
    for hit in of_fields(region, Where.BODY):
        if hit.myth is SCOPE_ON_CLIENT and not counts(hit, region):
            continue
        if not _SCHEMA.match(_field(hit, region).value):
            yield hit


def counts(hit: Hit, region: Region) -> bool:
    """Whether a scope is asked for on a client that has none."""
    grant_type = region.first("authorizedgranttype", "granttype", "granttypes")
    return bool(
        grant_type
        and _CREDENTIALS.search(grant_type.value[:60])
        and not _NOTHING.match(_field(hit, region).value.strip())
    )


def _field(hit: Hit, region: Region) -> Field:
    return next(each for each in region.fields if each.start == hit.start)


def without_division(region: Region) -> Iterator[Hit]:
    """An element of `roleDivisions` that names no division."""
    role, above = region.first("roleid"), region.parent
    if role is None or "divisionid" in region.names:
        return
    while above is not None and above.bracket in ("[", "("):
        if re.search(r"role_?divisions[\"']?\s*[:=]", above.head[-60:], re.IGNORECASE):
            sign = ROLE_WITHOUT_DIVISION.signs[1]
            yield Hit(ROLE_WITHOUT_DIVISION, sign, role.name, role.start, region)
            return
        above = above.parent


def set_later(text: str, bodies: Iterable[Region]) -> Iterator[Hit]:
    """`client.divisions = …`, `client.setDivisions(…)`, `body["divisionIds"] = …` of what is a client."""
    names = {match[1] for pattern in (_DECLARED, _MADE) for match in pattern.finditer(text)}
    names |= {match[1] for each in bodies if (match := _ASSIGNED.search(each.tail))}
    for match in _SET.finditer(text) if names else ():
        if match[1] in names:
            group = 2 if match[2] else 3
            yield from _named(match[group], match.start(group))
    for chain in _CHAIN.finditer(text):
        depth = 0
        for link in _LINK.finditer(chain[0]):
            depth += 1 if link[0] == "(" else -1
            if link[1] and depth == 0:  # a link of this chain, not of one among its arguments
                yield from _named(link[1], chain.start() + link.start(1))


def _named(name: str, start: int) -> Iterator[Hit]:
    known = recognised(name, Where.BODY)
    if known and known[0] is not SCOPE_ON_CLIENT:
        yield Hit(*known, name, start)
