"""Manifests as values: what loading hands on, one entry per declared thing, each with its origin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from reconciler.model.access import OrgWideException, Tolerated
from reconciler.model.address import Selector
from reconciler.model.drift_policy import DriftPolicy
from reconciler.model.origin import Origin
from reconciler.model.value import canonical

State = Literal["active", "suspended", "retired"]
NewClients = Literal["inactive-grantless", "inactive-granted", "active-grantless"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared thing: its kind's specification (already checked) and where it was written.

    `related` cites the profile an entry came from, or the tenant's override of it; `profile` is that
    profile's name.
    """

    spec: Any
    origin: Origin
    related: tuple[Origin, ...] = ()
    profile: str = ""


Sections = Mapping[str, tuple[Entry, ...]]
"""Entries by kind name, in the order written."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A Tenant (or a Shared document, whose owner is `org`) with its entries."""

    name: str
    sections: Sections
    origin: Origin
    state: State = "active"
    profiles: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A Tenant without identity, applied to every tenant that names it."""

    name: str
    sections: Sections
    origin: Origin


_PLAIN = re.compile(r"[\w./-]+", re.ASCII)


def _word(value: Any) -> str:
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else canonical(value)


@dataclass(frozen=True)
class Sink:
    """A place for secrets, as the Org document defines it: its type and that type's own settings."""

    name: str
    type: str
    settings: Mapping[str, Any]
    origin: Origin

    @cached_property
    def store(self) -> str:
        """What stands behind its name, for review: `aws region=eu-central-1`; without path and defaults."""
        said = {
            name: value
            for name, value in self.settings.items()
            if name != "path" and value not in (False, ())
        }
        words = (f"{name}={_word(value)}" for name, value in sorted(said.items()))
        return " ".join([self.type, *words])


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one run may do, per class; percentages of live objects of ours."""

    removals: int = 3
    removal_percent: int = 10
    change_percent: int = 30
    gains: int = 200


@dataclass(frozen=True, slots=True)
class Org:
    """Identity and policy of one organisation. `operator` is a client's exact name or id."""

    name: str
    region: str
    organization_id: str
    operator: str
    origin: Origin
    requires: str = ""
    hand_on: Literal["borrow", "held"] = "borrow"
    sinks: Mapping[str, Sink] = field(default_factory=dict)
    prune: bool = False
    protect: tuple[Selector, ...] = ()
    limits: Limits = Limits()
    org_wide: tuple[OrgWideException, ...] = ()
    reached_by: tuple[Tolerated, ...] = ()
    drift: DriftPolicy = field(default_factory=DriftPolicy)
    new_clients: NewClients = "inactive-grantless"


@dataclass(frozen=True, slots=True)
class Manifests:
    """Everything below one root. After profiles are expanded, `profiles` is empty."""

    org: Org
    shared: tuple[Owner, ...] = ()
    profiles: tuple[Profile, ...] = ()
    tenants: tuple[Owner, ...] = ()

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Shared documents first, then tenants."""
        return self.shared + self.tenants
