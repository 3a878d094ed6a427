"""Wrong recipes in requests: parameters of the token request, options of the SDK, filters of lists."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from reconciler.isolation.myths import FILTER, Where, recognised
from reconciler.loading.lint.clients import block_name
from reconciler.loading.lint.hit import Hit, of_field, of_fields
from reconciler.loading.lint.regions import Region

_CREDENTIALS = re.compile(r"[\"'\\]*client_?credentials", re.IGNORECASE)
_LISTED = re.compile(r'"grant_type"[^{}]*client_credentials')
_CONSTRUCTED = re.compile(
    r"(?:Platform|Api|PureCloud|GenesysCloud|Genesys|Embeddable)\w*(?:Client|App|S[Dd][Kk])\w*"
    r"|login\w*|(?:create|init)(?:Client|S[Dd][Kk])"
)
_LISTING = re.compile(r"(?:get|list|search|fetch)_?\w+", re.IGNORECASE)
_QUERIES = frozenset({"params", "qs", "query", "queryParams", "query_params", "searchParams"})
_NEAR = 400


def in_token(region: Region, text: str) -> Iterator[Hit]:
    """Parameters beside `grant_type=client_credentials`: fields of one object, texts of one command."""
    places = [each.start for each in region.fields]
    for asked in region.fields:
        if asked.plain != "granttype" or not _CREDENTIALS.match(asked.value):
            continue
        near = slice(bisect_left(places, asked.start - _NEAR), bisect_left(places, asked.start + _NEAR))
        for each in region.fields[near]:
            first, last = sorted((asked.start, each.start))
            if not re.search(r"\n[ \t]*\n", text[first:last]) and (hit := of_field(each, Where.TOKEN)):
                yield hit


def in_parameters(region: Region, text: str) -> Iterator[Hit]:
    """`{"name": "division_id", "value": …}` in a list of parameters that asks for a token."""
    name, above = region.first("name"), region.parent
    if name is None or "value" not in region.names or above is None:
        return
    for said in name.texts():
        known = recognised(said, Where.TOKEN)
        if known and _LISTED.search(text[above.start : above.end]):
            yield Hit(*known, said, text.index(said, name.end))


def in_options(region: Region) -> Iterator[Hit]:
    """Options of what makes or signs in a client of the SDK."""
    if _CONSTRUCTED.fullmatch(region.callee):
        yield from (hit for hit in of_fields(region, Where.SDK))


def in_query(region: Region) -> Iterator[Hit]:
    """A filter among the query parameters of a list, or the arguments of an SDK's method that lists."""
    if block_name(region) in _QUERIES or _LISTING.fullmatch(region.callee):
        for each in region.fields:
            if recognised(each.name, Where.QUERY):
                yield Hit(FILTER, FILTER.signs[0], each.name, each.start)
