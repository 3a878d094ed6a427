"""Pairs as authors write them: a role, the divisions it is held in, and why that may leave its owner.

Clients write them under `grants`, groups and users under `pairs`; the grammar is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from reconciler.kinds.base import PROFILE_OVERRIDE, Model, S, override
from reconciler.model.access import OWN, DeclaredGrant
from reconciler.model.access import Share as ShareValue
from reconciler.model.address import NAME_PATTERN
from reconciler.model.kind import Problem

Reference = Annotated[str, StringConstraints(pattern=f"^(?:{NAME_PATTERN}/)?{NAME_PATTERN}$")]


def _each_once(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) < len(value):
        raise ValueError("a division stands there twice")
    return value


Divisions = Annotated[tuple[Reference, ...], Field(min_length=1), AfterValidator(_each_once)]
"""References to divisions, at least one, each once."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Share(Model):
    """Why a grant may leave its owner's divisions; required exactly there."""

    reason: Text
    """For whoever reviews it."""
    owner: Text
    """Who answers for it, an e-mail address as a rule."""
    expires: Annotated[str, StringConstraints(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    """YYYY-MM-DD, UTC; holds through that day."""

    def value(self) -> ShareValue:
        """The same without where it was written."""
        return ShareValue(self.reason, self.owner, self.expires)

    @field_validator("expires")
    @classmethod
    def _is_a_day(cls, value: str) -> str:
        date.fromisoformat(value)
        return value


class Grant(Model):
    """A role in divisions."""

    role: Reference
    """`key` (own, else shared) or `owner/key`."""
    divisions: Literal["own", "*"] | Divisions
    """A list of divisions, `own` (all this tenant declares), or `*` (Shared only, with `share`)."""
    share: Share | None = None
    """Required where a division belongs to another tenant, and for `*`."""


def declared(grants: tuple[Grant, ...], field: str) -> tuple[DeclaredGrant, ...]:
    """The grants under `field` as written."""
    return tuple(_declared(grant, field, index) for index, grant in enumerate(grants))


def _declared(grant: Grant, field: str, index: int) -> DeclaredGrant:
    share = grant.share.value() if grant.share else None
    return DeclaredGrant(grant.role, grant.divisions, share, (field, index))


def merging(field: str, *ceilings: str) -> Callable[[S, S], tuple[S, tuple[Problem, ...]]]:
    """How a profile's entry takes a tenant's words.

    `own` of its pairs under `field` may be narrowed; the fields `ceilings`, which only ever narrow, may
    be given where the profile gives none.
    """

    def merge(base: S, tenant: S) -> tuple[S, tuple[Problem, ...]]:
        given = {each for each in ceilings if each in tenant.model_fields_set and not getattr(base, each)}
        identity = tenant.model_copy()
        rest = tenant.model_fields_set - {field, *given}
        object.__setattr__(identity, "__pydantic_fields_set__", rest)
        merged, found = override(base, identity)
        narrowed, refused = _narrowed(getattr(base, field), getattr(tenant, field), field)
        said = {each: getattr(tenant, each) for each in given}
        return merged.model_copy(update={field: narrowed, **said}), found + refused

    return merge


def _narrowed(
    base: tuple[Grant, ...], tenant: tuple[Grant, ...], field: str
) -> tuple[tuple[Grant, ...], tuple[Problem, ...]]:
    grants, refused = list(base), []
    for index, grant in enumerate(tenant):
        place = next(
            (i for i, item in enumerate(base) if item.role == grant.role and item.divisions == OWN), None
        )
        if (
            place is None
            or isinstance(grant.divisions, str)
            or grant.share
            or any("/" in d for d in grant.divisions)
        ):
            refused.append(_not_a_narrowing(field, index, grant.role))
        else:
            grants[place] = grant
    return tuple(grants), tuple(refused)


def _not_a_narrowing(field: str, index: int, role: str) -> Problem:
    return Problem(
        PROFILE_OVERRIDE,
        (field, index),
        f"this does not narrow what the profile grants of `{role}`",
        "a tenant may only replace `divisions: own` of the profile by some of its own divisions",
    )
