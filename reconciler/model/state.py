"""Desired state and live state: as declared, and as observed at a moment.

A reading knows whether it is complete; an incomplete one never proves absence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.model.access import Share
from reconciler.model.address import Address, Selector
from reconciler.model.marker import Marker
from reconciler.model.origin import Origin
from reconciler.model.rotation import Upkeep
from reconciler.model.secret import Destination
from reconciler.model.value import Fields, Json, Value


@dataclass(frozen=True, slots=True)
class Resource:
    """One declared thing with its references still open.

    `existing` names (or gives the id of) an object that we only refer to; `pin` is the id an author
    insists on; `adopt` is True or an id; `remarks` tell why pairs that are written do not count;
    `accepted` who answers today for what its users reach, where it acts for them; `ceiling` the walls
    that it may not leave whatever it holds (None: it has none of its own); `upkeep` how its secret is
    looked after (None: it has none); `profile` names the profile that gave it.
    """

    address: Address
    name: str
    fields: Fields
    origin: Origin
    related: tuple[Origin, ...] = ()
    existing: str = ""
    pin: str = ""
    adopt: bool | str = False
    previously: Selector | None = None
    destination: Destination | None = None
    remarks: tuple[str, ...] = ()
    accepted: Share | None = None
    ceiling: frozenset[Value] | None = None
    upkeep: Upkeep | None = None
    profile: str = ""


Slice: TypeAlias = tuple[str, Address | None]
"""An object, or part of one: its id, and the address that its marker names."""


@dataclass(frozen=True, slots=True)
class Live:
    """One object of the organisation.

    `fields` are the modelled ones, the marker cut off the description; `raw` is the vendor's body
    (never a secret) to be echoed on a full replace; `elsewhere` holds pairs that only the second
    view of its access shows, `granted` all that it shows with their times (ISO 8601, "" unknown);
    `protected` says why the organisation itself forbids touching it.
    """

    kind: str
    id: str
    name: str
    fields: Fields
    raw: Mapping[str, Json]
    marker: Marker | None = None
    protected: str = ""
    elsewhere: frozenset[Value] = frozenset()
    granted: Mapping[Value, str] = field(default_factory=dict)

    @property
    def slice(self) -> Slice:
        """What tells it from every other: of one subject several entries may each have a part."""
        return self.id, self.marker.address if self.marker else None


@dataclass(frozen=True, slots=True)
class Reading:
    """All live objects of one kind. `gap` says what was not seen; "" means the reading is complete."""

    objects: tuple[Live, ...] = ()
    gap: str = ""


@dataclass(frozen=True, slots=True)
class LiveState:
    """The organisation at a moment.

    `catalogue` maps each permission to whether a division confines it (None: not read);
    `operator_id` is the id of the client whose rights the plan counts on ("" when not found) and
    `operator_pairs` what it holds as (role id, division id); `settings` are the role settings, or
    None where the reader may not see them; `counts` are objects per division and type,
    `wall_limit` how many divisions there may be, where asked.
    """

    organization_id: str
    organization_name: str
    readings: Mapping[str, Reading]
    catalogue: Mapping[str, bool] | None = None
    operator_id: str = ""
    operator_pairs: frozenset[tuple[str, str]] = frozenset()
    settings: Mapping[str, Json] | None = None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    wall_limit: int | None = None

    def of(self, kind: str) -> tuple[Live, ...]:
        """The live objects of a kind, tombstones left out."""
        reading = self.readings.get(kind)
        return reading.objects if reading else ()

    def gaps(self) -> tuple[str, ...]:
        """What was not fully seen, in words; empty when everything was."""
        kinds = tuple(f"{kind}s: {reading.gap}" for kind, reading in self.readings.items() if reading.gap)
        return kinds if self.catalogue is not None else (*kinds, "permission catalogue: not read to its end")
