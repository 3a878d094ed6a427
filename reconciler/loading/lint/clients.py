"""Whose field it is: which regions are the body of a client, and which the block of a Terraform client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reconciler.loading.lint.regions import Region

_VENDOR = re.compile(
    r"genesys|purecloud|pure\.cloud|roleDivisions|authorizedGrantType|OAuthClientRequest"
    r"|/api/v2/(?:authorization|oauth|workforcemanagement|analytics|routing|wfm)\b",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    r"oauth[_/]?clients?|reconciler/v1|accessTokenValiditySeconds|registeredRedirectUri|access_token_validity",
    re.IGNORECASE,
)
_OWN = frozenset(
    {"authorizedgranttype", "accesstokenvalidityseconds", "roledivisions", "registeredredirecturi"}
)
_OFTEN = frozenset({"roleids", "clienttype", "scopevalues", "alloweddivisions", "restricttodivision"})
_MODEL = re.compile(r"\bOAuthClient(?:Request|Create)?\s*$", re.IGNORECASE)
_METHOD = re.compile(r"(?:post|put|create|update)_?oauth_?clients?", re.IGNORECASE)
_SIGNATURE = re.compile(r"\b(?:def|function|func|fn)\s+\w+\s*$")
_SHELL = re.compile(r"(?:-d|--data[\w-]*|--json)[ =]?\s*\\?[$]?[\"']?\s*$")
_HTTP = re.compile(r"(?:POST|PUT|PATCH) \S*oauth/clients[\s\S]*\n\s*\n\s*$")
_ASSIGNED = re.compile(r"\b(\w+)(?:\s*:\s*[\w<>\[\], .]+)?\s*:?=\s*(?:new\s+)?[\w.&<>]*\s*$")
_RESOURCE = re.compile(r'\bresource\s+"genesyscloud_oauth_client"\s+"[^"]*"\s*$')
_IN_JSON = re.compile(r'"genesyscloud_oauth_client"\s*:\s*$')
_BLOCK = re.compile(r"([A-Za-z_]\w*)(?:[\"']?\s*[:=])?\s*$")
_NEAR = 400


def is_vendors(text: str) -> bool:
    """Whether a text has to do with this vendor at all: names such as X-Division are not its alone."""
    return _VENDOR.search(text) is not None


def is_of_interest(text: str) -> bool:
    """Whether any of it can be a wrong recipe: a quick look that spares most files the thorough one."""
    return is_vendors(text) or _CLIENT.search(text) is not None


def in_resource(region: Region) -> bool:
    """Whether this is the block of a Terraform client, in HCL or in JSON."""
    above = region.parent
    return region.bracket == "{" and bool(
        _RESOURCE.search(region.tail) or (above and _IN_JSON.search(above.tail))
    )


def block_name(region: Region) -> str:
    """The word before a bracket: `roles` of `roles {` and of `"roles": [{`."""
    above = region.parent
    holder = above if above and above.bracket == "[" else region
    match = _BLOCK.search(holder.tail)
    return match[1] if match else ""


def bodies(found: Iterable[Region], text: str, vendors: bool) -> list[Region]:
    """The regions whose fields are those of a client that is created or changed."""
    clients = _CLIENT.search(text) is not None
    return [
        region
        for region in found
        if region.fields
        and region.bracket in ("{", "(")
        and (_looks_like_one(region, vendors) or (clients and _goes_there(region, text)))
        and not _SIGNATURE.search(region.tail)
    ]


def _looks_like_one(region: Region, vendors: bool) -> bool:
    return bool(region.names & _OWN or (vendors and region.names & _OFTEN))


def pasted(found: Iterable[Region]) -> list[Region]:
    """An object that is all there is, as people pipe it in to ask about it."""
    return [
        region
        for region in found
        if region.bracket == "{" and not region.head.strip() and "subjectids" not in region.names
    ]


def _goes_there(region: Region, text: str) -> bool:
    if _MODEL.search(region.tail) or _METHOD.fullmatch(region.callee):
        return True
    return region.bracket == "{" and _is_sent(region, text)


def _is_sent(region: Region, text: str) -> bool:
    """Whether it goes to the clients' path: in the same request, or under the name that it is given."""
    if any("oauth/clients" in text[start : region.start] for start in _requests(region)):
        return True
    if "oauth/clients" in region.head and (_SHELL.search(region.tail) or _HTTP.search(region.head)):
        return True
    assigned = _ASSIGNED.search(region.tail)
    if assigned is None:
        return False
    after = text[region.end : region.end + 5 * _NEAR]
    name = re.escape(assigned[1])
    return re.search(rf"(?i:oauth/clients|oauth_?clients?\()[^;]{{0,200}}?\b{name}\b", after) is not None


def _requests(region: Region) -> Iterator[int]:
    """Where the calls begin that this is an argument of, and the objects that name their own address."""
    above = region.parent
    while above is not None and region.start - above.start <= _NEAR:
        if above.bracket == "(" or above.names & {"url", "uri", "endpoint"}:
            yield above.start
        above = above.parent
