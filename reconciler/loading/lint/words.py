"""Wrong recipes that a name alone gives away, wherever it stands: headers, methods, paths, made-up scopes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.isolation.myths import ENDPOINT, FILTER, HEADER, READ_WRITE, SDK_OPTION, Where, plain
from reconciler.loading.lint.hit import Hit

_HEADER = next(sign for sign in HEADER.signs if sign.where is Where.HEADER)
_METHODS = {plain(name): sign for sign in SDK_OPTION.signs[1:] for name in sign.names}
_BASE = "/api/v2"
_PATHS = {name: sign for sign in ENDPOINT.signs for name in sign.names}


def _spelled(name: str) -> str:
    """The name in any case, with or without underscores between its words."""
    return "_?".join(map(re.escape, re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)))


def _addressed(path: str) -> str:
    """The path, with or without what all paths begin with."""
    return re.escape(path) if path.startswith(_BASE) else rf"(?:{_BASE})?{re.escape(path)}"


_DOMAINS = (
    "admin|analytics|architect|audits|authorization|conversations?|directory|divisions?|groups|integrations|oauth"
    "|organization|outbound|presence|quality|recording|routing|speechandtextanalytics|telephony|users?|wfm"
    "|workforce|workforcemanagement"
)
_PATTERNS = {
    HEADER: re.compile(
        rf"(?i)(?<![\w-])(?:{'|'.join(map(re.escape, _HEADER.names))}"
        r"|X-(?:Genesys|GC|GCC|ININ|PureCloud)-[\w-]{0,40}Divisions?[\w-]{0,40})(?![\w-])"
    ),
    SDK_OPTION: re.compile(
        rf"(?i)(?<![\w$])(?:{'|'.join(_spelled(n) for s in SDK_OPTION.signs[1:] for n in s.names)})(?![\w$])"
    ),
    ENDPOINT: re.compile(rf"(?:{'|'.join(_addressed(name) for name in _PATHS)})(?![\w-])"),
    READ_WRITE: re.compile(
        rf"(?<![\w:./-])(?:{_DOMAINS})(?::[A-Za-z][\w-]{{0,40}})?:(?:read|write)(?![\w:/-])"
    ),
    FILTER: re.compile(r"(?<=[?&])(?:divisionIds?|division_ids?)(?==)"),
}


def in_text(text: str) -> Iterator[Hit]:
    """Every such name."""
    for myth, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            sign = (
                _METHODS.get(plain(match[0]))
                or _PATHS.get(match[0])
                or _PATHS.get(match[0].removeprefix(_BASE))
            )
            yield Hit(myth, sign or myth.signs[-1], match[0], match.start())
