"""Wrong recipes in Terraform: in clients, and in resources that say all that somebody holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.isolation.myths import ROLE_WITHOUT_DIVISION, SCOPE_ON_CLIENT, Where, plain, recognised
from reconciler.loading.lint import bodies, clients
from reconciler.loading.lint.hit import Hit, of_fields
from reconciler.loading.lint.regions import Region

_AUTHORITATIVE = re.compile(
    r"""\bresource\s+"(?P<block>genesyscloud_(?:user|group)_roles)"|"""
    r"""\"(?P<json>genesyscloud_(?:user|group)_roles)"\s*:\s*[{\[]"""
)


def in_text(text: str) -> Iterator[Hit]:
    """Resources that are authoritative, in HCL and in JSON."""
    for match in _AUTHORITATIVE.finditer(text):
        group = "block" if match["block"] else "json"
        if known := recognised(match[group], Where.TERRAFORM):
            yield Hit(*known, match[group], match.start(group))


def in_resource(region: Region) -> Iterator[Hit]:
    """Attributes that the resource does not have; `scopes` is one, for clients that users sign in with."""
    for hit in of_fields(region, Where.TERRAFORM):
        if hit.myth is not SCOPE_ON_CLIENT or plain(hit.name) == "scope" or bodies.counts(hit, region):
            yield hit


def in_block(region: Region) -> Iterator[Hit]:
    """A block that the resource does not have, or a grant without its division."""
    above = region.parent
    holder = above.parent if above is not None and above.bracket == "[" else above
    if region.bracket != "{" or holder is None or not clients.in_resource(holder):
        return
    name = clients.block_name(region)
    start = region.start - len(region.head) + region.head.rfind(name)
    if name == "roles" and "divisionid" not in region.names:
        yield Hit(ROLE_WITHOUT_DIVISION, ROLE_WITHOUT_DIVISION.signs[2], name, start, region)
    elif plain(name) in holder.names:
        return  # an attribute that is a map: told with the others
    elif known := recognised(name, Where.TERRAFORM):
        yield Hit(*known, name, start, region)
