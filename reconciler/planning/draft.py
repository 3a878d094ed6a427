"""Drafts: one per difference, before guards have looked at it and requests are made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.model.address import Address
from reconciler.model.kind import Action, Registry, Work, kept_nonce
from reconciler.model.plan import Change, FieldChange, Withheld
from reconciler.model.secret import Destination
from reconciler.model.state import Live, Slice
from reconciler.model.value import Fields
from reconciler.planning.diff import field_changes, only_loses
from reconciler.planning.resolve import DesiredState

TWIN = "its birth was done again, nobody ever had its secret"
"""Why an object goes that stands beside another one of the same marker."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A change, what it starts from and what it leads to.

    `live` is None for a creation, `after` None for a deletion.
    """

    change: Change
    live: Live | None
    after: Fields | None
    work: Work

    @property
    def before(self) -> Fields | None:
        """The fields it starts from."""
        return self.live.fields if self.live else None

    @property
    def identity(self) -> str:
        """The object's id, or `{ADDRESS}` while it has none."""
        return self.live.id if self.live else f"{{{self.change.address}}}"

    @property
    def slice(self) -> Slice:
        """What tells its object, or its part of one, from every other."""
        return self.live.slice if self.live else (self.identity, self.change.address)

    @property
    def recovers(self) -> bool:
        """Whether it finishes a birth, or a rotation, whose secret never arrived, or takes a twin away."""
        unfinished = self.live is not None and kept_nonce(self.live) is not None
        return unfinished and (self.change.action == "update" or self.change.reason.startswith(TWIN))

    @property
    def delivery(self) -> Destination | None:
        """Where it takes a secret; None where it makes none."""
        return self.work.destination if self.live is None or self.recovers else None

    @property
    def runs(self) -> bool:
        """Whether no guard holds it back."""
        return self.change.withheld is None

    def withhold(self, guard: str, reason: str, release: str) -> Draft:
        """The same draft, held back; the first guard that spoke stays."""
        if not self.runs:
            return self
        return replace(self, change=replace(self.change, withheld=Withheld(guard, reason, release)))

    def lead_to(self, after: Fields, why: str, registry: Registry) -> Draft:
        """The same draft with other fields to reach, and why not those declared."""
        before = self.before or {}
        fields = field_changes(before, after) if self.live else self.change.fields
        action = self.change.action
        if self.live and action == "update" and loses_pairs(self.live, after, registry):
            action = "revoke"
        reason = f"{self.change.reason}; {why}"
        change = replace(self.change, fields=fields, action=action, reason=reason)
        return replace(self, change=change, after=after, work=self.work._replace(after=after, action=action))


def loses_pairs(live: Live, fields: Fields, registry: Registry) -> bool:
    """Whether pairs are all that the object loses, and it gains nothing."""
    second = registry[live.kind].collection.second
    return second is not None and only_loses(live.fields, fields, second.field)


def stays_suspended(live: Live | None, owner: str, desired: DesiredState) -> bool:
    """Whether what is written next to an object says that it is suspended, as it does now.

    Once the manifests say so themselves, the marker need not.
    """
    standing = live is not None and live.marker is not None and live.marker.suspended
    return standing and owner not in desired.suspended


def changed(before: Fields, after: Fields) -> tuple[FieldChange, ...]:
    """The fields that differ."""
    return field_changes(before, after) if before != after else ()


def rewrite(
    item: Live, address: Address, after: Fields, reason: str, desired: DesiredState, *, suspended: bool
) -> Draft:
    """A draft that writes a marker anew, and of the fields at most takes pairs away.

    Its work is that of a revocation: a secret that has not arrived stays so.
    """
    action: Action = "revoke" if after != item.fields else "update"
    change = Change(address, action, item.name, item.id, "manifest", reason, changed(item.fields, after))
    work = Work("revoke", item, after, None, desired.org.new_clients, suspended)
    return Draft(change, item, after, work)
