"""Differences: which fields differ between a live object and its declaration, and who caused it.

Canonical values are compared with `==`; only an unequal pair is looked at closely, as dictionaries
keyed by element, so that order never matters and nothing grows quadratically.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.model.marker import Marker
from reconciler.model.plan import Cause, FieldChange
from reconciler.model.value import SCHEME, Fields, canonical, fingerprint, plain


def field_changes(live: Fields, desired: Fields) -> tuple[FieldChange, ...]:
    """The fields that differ, sorted. Of a set only the elements that one side lacks are given."""
    from deepdiff import DeepDiff  # costs 0.1 s to import, and most plans change nothing

    before, after = _keyed(live), _keyed(desired)
    tree = DeepDiff(before, after, view="tree", verbose_level=0)
    touched = {item.path(output_format="list")[0] for items in tree.values() for item in items}
    return tuple(_change(name, live.get(name), desired.get(name)) for name in sorted(touched, key=str))


def first_fields(desired: Fields) -> tuple[FieldChange, ...]:
    """What an object that is not there yet will say, sorted; what is empty goes without saying."""
    return tuple(FieldChange(name, None, plain(desired[name])) for name in sorted(desired) if desired[name])


def _keyed(fields: Fields) -> dict[str, Any]:
    return {name: _by_element(value) for name, value in fields.items()}


def _by_element(value: Any) -> Any:
    """A set as a dictionary by element: compared by key, never by trying every pairing."""
    if isinstance(value, frozenset):
        return dict.fromkeys(map(canonical, value), True)
    return plain(value)


def _change(name: Any, live: Any, desired: Any) -> FieldChange:
    if isinstance(live, frozenset) and isinstance(desired, frozenset):
        return FieldChange(str(name), plain(live - desired), plain(desired - live))
    return FieldChange(str(name), plain(live), plain(desired))


def cause_of(live: Fields, desired: Fields, marker: Marker | None) -> Cause:
    """Who made them differ, by what the marker says we last wrote."""
    if marker is None or not marker.hash8.startswith(SCHEME):
        return "unknown"
    if fingerprint(live) == marker.hash8:
        return "manifest"
    return "drift" if fingerprint(desired) == marker.hash8 else "unknown"


def stale_marker(fields: Fields, marker: Marker) -> bool:
    """Whether a marker of our scheme says something else than what the object is."""
    return marker.hash8.startswith(SCHEME) and fingerprint(fields) != marker.hash8


def only_loses(live: Fields, desired: Fields, field: str) -> bool:
    """Whether `desired` differs from `live` in nothing but missing elements of `field`."""
    others: Iterable[str] = live.keys() - {field}
    return desired[field] < live[field] and all(live[name] == desired[name] for name in others)
