"""A place at which a wrong recipe stands."""

from __future__ import annotations

from typing import NamedTuple

from reconciler.isolation.myths import Myth, Sign, Where, recognised
from reconciler.loading.lint.regions import Field, Region


class Hit(NamedTuple):
    """A myth, the sign that told, the name as written, its place, and the region that holds it, if any."""

    myth: Myth
    sign: Sign
    name: str
    start: int
    region: Region | None = None


def of_field(each: Field, where: Where, region: Region | None = None) -> Hit | None:
    """The hit that a field is in such a place; None for any other field."""
    known = recognised(each.name, where)
    return Hit(*known, each.name, each.start, region) if known else None


def of_fields(region: Region, where: Where) -> list[Hit]:
    """The hits among the fields of a region."""
    found = (of_field(each, where, region) for each in region.fields)
    return [hit for hit in found if hit]
