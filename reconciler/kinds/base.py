"""What every kind's specification shares, and the plain way from a change to its requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints
from pydantic.alias_generators import to_camel

from reconciler.model.access import DeclaredGrant
from reconciler.model.address import NAME_PATTERN
from reconciler.model.kind import MISSING, Collection, Problem, Step, Work, kept_nonce
from reconciler.model.rule import Rule
from reconciler.model.value import Fields, Json

PROFILE_OVERRIDE = Rule(
    "manifest/profile-override",
    "A profile's roles, permissions and sinks were reviewed for every tenant; one tenant must not "
    "widen them in passing.",
    "Override only names, descriptions and ids, narrow `own`, or opt out and declare the entry yourself.",
)

Key = Annotated[str, StringConstraints(pattern=f"^{NAME_PATTERN}$")]
ObjectId = Annotated[
    str, StringConstraints(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
SelectorText = Annotated[str, StringConstraints(pattern=f"^{NAME_PATTERN}(?:/{NAME_PATTERN}){{0,2}}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Description = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


class Model(BaseModel):
    """Strict about unknown fields, frozen, camelCase in YAML."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, use_attribute_docstrings=True
    )


class EntrySpec(Model):
    """What every declared thing may say about itself."""

    key: Key
    """Stable name in the manifests; part of the address."""
    name: Name = ""
    """What people see in Genesys."""
    description: Description = ""
    """For people; the ownership marker is appended to it."""
    id: ObjectId = ""
    """Pins the live object; optional."""
    adopt: StrictBool | ObjectId = False
    """Take over a live object that is not ours: `true` (found by name) or its id."""
    previously: SelectorText = ""
    """The address before a key, tenant or owner was renamed."""


S = TypeVar("S", bound=Model)

OVERRIDABLE = frozenset({"key", "name", "description", "id", "adopt", "previously"})
"""What a tenant may say anew about an entry that a profile gives."""


def override(base: S, tenant: S) -> tuple[S, tuple[Problem, ...]]:
    """A profile's entry with the tenant's own words; anything beyond identity is refused."""
    beyond = sorted(tenant.model_fields_set - OVERRIDABLE)
    problems = tuple(_refusal(type(tenant), field) for field in beyond)
    said = {field: getattr(tenant, field) for field in tenant.model_fields_set & OVERRIDABLE}
    return base.model_copy(update=said), problems


def _refusal(spec: type[Model], field: str) -> Problem:
    alias = spec.model_fields[field].alias or field
    return Problem(
        PROFILE_OVERRIDE,
        (alias,),
        f"a tenant may not override `{alias}` of an entry that its profile gives",
        "change the profile, or drop the entry with `without` and declare it under another key",
    )


def required(spec: EntrySpec, *names: str) -> tuple[Problem, ...]:
    """A problem for each of the named fields that is empty."""
    return tuple(
        Problem(MISSING, (), f"missing field `{name}`", f"add `{name}:`")
        for name in names
        if not getattr(spec, name)
    )


def no_grants(spec: EntrySpec) -> tuple[DeclaredGrant, ...]:
    """For kinds that hold nothing."""
    return ()


def keep(fields: Fields, prune: bool) -> Fields:
    """For kinds whose objects need nothing before they are deleted."""
    return fields


def echo(raw: Mapping[str, Json] | None, drop: frozenset[str]) -> dict[str, Json]:
    """What the organisation said about an object and we do not model: a full replace must repeat it."""
    return {key: value for key, value in (raw or {}).items() if key not in drop and value is not None}


def crud(collection: Collection, write: Callable[..., dict[str, Any]], work: Work) -> tuple[Step, ...]:
    """One request per change: POST, PUT or DELETE."""
    if work.live is None:
        body = write(work.after or {}, None)
        return (
            Step(
                "create",
                "request",
                "POST",
                collection.path,
                body,
                work.after,
                "declared, not in the organisation",
            ),
        )
    path = f"{collection.path}/{work.live.id}"
    if work.after is None:
        return (Step("delete", "request", "DELETE", path, None, None, "no longer declared"),)
    body = write(work.after, work.live.raw)
    why, nonce = "differs from the manifests", kept_nonce(work.live)
    return (Step("update", "request", "PUT", path, body, work.after, why, nonce),)
