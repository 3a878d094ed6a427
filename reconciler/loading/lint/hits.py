"""Every wrong recipe of a text, whatever its language."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.loading.lint import bodies, clients, requests, terraform, words
from reconciler.loading.lint.hit import Hit
from reconciler.loading.lint.regions import Region


def hits(text: str, found: list[Region], vendors: bool, pasted: bool = False) -> list[Hit]:
    """Each place once, as one reads. `vendors`: it is about this vendor's API; `pasted`: it is a client."""
    seen: dict[int, Hit] = {}
    for hit in _all(text, found, vendors, pasted):
        seen.setdefault(hit.start, hit)
    return sorted(seen.values(), key=lambda hit: hit.start)


def _all(text: str, found: list[Region], vendors: bool, pasted: bool) -> Iterator[Hit]:
    clients_of = clients.bodies(found, text, vendors)
    for region in clients_of or (clients.pasted(found) if pasted else []):
        yield from bodies.in_body(region)
    yield from bodies.set_later(text, clients_of)
    for region in found if "genesyscloud_oauth_client" in text else ():
        if clients.in_resource(region):
            yield from terraform.in_resource(region)
        yield from terraform.in_block(region)
    for region in found:
        if region.fields:
            yield from bodies.without_division(region)
            yield from _asked(region, text) if vendors else ()
    if vendors:
        yield from words.in_text(text)
        yield from terraform.in_text(text)


def _asked(region: Region, text: str) -> Iterator[Hit]:
    yield from requests.in_token(region, text)
    yield from requests.in_parameters(region, text)
    yield from requests.in_options(region)
    yield from requests.in_query(region)
