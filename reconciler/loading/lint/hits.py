"""Every wrong recipe of a text, whatever its language."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.loading.lint import bodies, clients, requests, terraform, words
from reconciler.loading.lint.hit import Hit
from reconciler.loading.lint.regions import Region


def hits(text: str, found: list[Region], vendors: bool) -> list[Hit]:
    """Each place once, as one reads. `vendors`: the text is about this vendor's API."""
    seen: dict[int, Hit] = {}
    for hit in _all(text, found, vendors):
        seen.setdefault(hit.start, hit)
    return sorted(seen.values(), key=lambda hit: hit.start)


def _all(text: str, found: list[Region], vendors: bool) -> Iterator[Hit]:
    clients_of = clients.bodies(found, text, vendors)
    for region in clients_of:
        yield from bodies.in_body(region)
    yield from bodies.set_later(text, clients_of)
    for region in found:
        if clients.in_resource(region):
            yield from terraform.in_resource(region)
        yield from terraform.in_block(region)
        yield from bodies.without_division(region)
        if vendors:
            yield from requests.in_token(region, text)
            yield from requests.in_parameters(region, text)
            yield from requests.in_options(region)
            yield from requests.in_query(region)
    if vendors:
        yield from words.in_text(text)
