"""The four kinds of document as pydantic models, their sections taken from the registry.

One validation per document; entries come out as instances of their kind's specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints, create_model

from reconciler.loading.base import NameText, Strict
from reconciler.loading.org_spec import OrgSpec
from reconciler.model.address import NAME_PATTERN
from reconciler.model.kind import Registry
from reconciler.model.manifest import State

API_VERSION = "reconciler/v1"

Documents: TypeAlias = Mapping[str, Any]
"""Models (classes made from the registry) by the document's `kind`."""


class Metadata(Strict):
    """Who the document is about."""

    name: NameText
    """Stable name; part of every address and marker."""


class Envelope(Strict):
    """What every document starts with."""

    api_version: Literal["reconciler/v1"]
    """Version of this schema."""


class TenantBase(Strict):
    """One customer of the organisation, with everything that is his."""

    state: State = "active"
    """`suspended`: every pair is revoked; `retired`: off-boarding, its objects count as orphans."""
    profiles: tuple[NameText, ...] = ()
    """Profiles whose entries this tenant gets."""


def documents(registry: Registry) -> Documents:
    """The models of the four documents, for the kinds of `registry`."""
    return _documents(tuple((kind.name, kind.section, kind.doc, kind.spec) for kind in registry))


@cache
def _documents(kinds: tuple[tuple[str, str, str, type[Any]], ...]) -> Documents:
    sections: dict[str, Any] = {
        section: (_list_of(spec), Field((), description=doc)) for _, section, doc, spec in kinds
    }
    names = "|".join(name for name, *_ in kinds)
    return {
        "Org": _document("Org", "Identity and policy of the organisation; exactly one.", _org(names)),
        "Shared": _document("Shared", "What no tenant owns.", _spec("SharedSpec", Strict, sections), False),
        "Profile": _document(
            "Profile", "Entries that several tenants have alike.", _spec("ProfileSpec", Strict, sections)
        ),
        "Tenant": _document("Tenant", "One tenant and everything that is its own.", _tenant(names, sections)),
    }


def _list_of(spec: type[Any]) -> Any:
    return tuple[spec, ...]  # type: ignore[valid-type]


def _document(kind: str, doc: str, spec: type[Strict], named: bool = True) -> type[Strict]:
    fields: dict[str, Any] = {"kind": (Literal[kind], Field(description=doc))}
    if named:
        fields["metadata"] = (Metadata, Field(description="Who the document is about."))
    fields["spec"] = (spec, Field(description=spec.__doc__))
    return create_model(kind, __base__=Envelope, __doc__=doc, **fields)


def _spec(name: str, base: type[Strict], fields: dict[str, Any]) -> type[Strict]:
    doc = base.__doc__ if base is not Strict else "What is declared, by kind."
    return create_model(name, __base__=base, __doc__=doc, **fields)


def _org(kinds: str) -> type[Strict]:
    pattern = f"^{NAME_PATTERN}(?:/(?:{kinds})(?:/{NAME_PATTERN})?)?$"
    selector = Annotated[str, StringConstraints(pattern=pattern)]
    doc = "Selectors (`owner[/kind[/key]]`): never deleted, deactivated or stripped, declared or not."
    return _spec("OrgSpecification", OrgSpec, {"protect": (tuple[selector, ...], Field((), description=doc))})


def _tenant(kinds: str, sections: dict[str, Any]) -> type[Strict]:
    entry = Annotated[str, StringConstraints(pattern=f"^(?:{kinds})/{NAME_PATTERN}$")]
    doc = "Entries of its profiles that this tenant does not get, as `kind/key`."
    return _spec(
        "TenantSpec",
        TenantBase,
        {"without": (tuple[entry, ...], Field((), description=doc)), **sections},
    )
