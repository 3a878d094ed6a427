"""The published schema of what stands around a plan."""

from __future__ import annotations

from reconciler.reports.schema_parts import Schema, flag, list_of, maybe, object_of, text


def frame() -> dict[str, Schema]:
    """The fields that it adds. None of them is covered by the digest."""
    revision = object_of(
        "The commit that was checked out; null outside a git repository.",
        commit=text("Its id, whole."),
        dirty=flag("Whether files below ROOT differ from it, or are not in it."),
    )
    expiry = object_of(
        "A share or an exception that ends.",
        expires=text("Its last day, YYYY-MM-DD, UTC."),
        days={"description": "So many days are left.", "type": "integer", "minimum": 0},
        address=text("Whose it is: an address, or `org` for the Org document."),
        what=text("What ends, in words."),
        owner=text("Who answers for it."),
        origin=maybe("Where it is written: `file#document/pointer`."),
    )
    return {
        "revision": {**revision, "type": ["object", "null"]},
        "catalogue": maybe("SHA-256 of the permission catalogue that was read; null where none was."),
        "unseen": list_of("What the reader did not see.", text("In words.")),
        "expiries": list_of("What ends within 30 days, the first in front.", expiry),
    }
