"""Profiles: every tenant that names one gets its entries, under its own address.

A pure loading step: the result has no profiles any more, and expanding it again changes nothing. An
entry of a profile keeps the profile's place as its origin and cites the tenant that names the
profile; where the tenant overrides it, the override is the origin and the profile's entry is cited.

Loading has checked that the profiles exist and that every `without` drops something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from reconciler.model.finding import Finding, Severity
from reconciler.model.kind import SUBJECT_FIELD, AnyKind, Problem, Registry
from reconciler.model.manifest import Entry, Manifests, Owner, Profile
from reconciler.model.origin import Origin
from reconciler.model.rule import Rule

PROFILE_CONFLICT = Rule(
    "manifest/profile-conflict",
    "Two profiles give one entry; which of them a tenant gets must not hang on their order.",
    "Drop one with `without`, or give it another key.",
)


def expand(manifests: Manifests, registry: Registry) -> tuple[Manifests, tuple[Finding, ...]]:
    """The manifests without profiles, and what is wrong with the way they were used."""
    if not manifests.profiles and not any(owner.profiles or owner.without for owner in manifests.tenants):
        return manifests, ()
    profiles = {profile.name: profile for profile in manifests.profiles}
    expanded = [_tenant(owner, profiles, registry) for owner in manifests.tenants]
    tenants = tuple(owner for owner, _ in expanded)
    findings = tuple(finding for _, found in expanded for finding in found)
    return replace(manifests, profiles=(), tenants=tenants), findings


class _Given(NamedTuple):
    """An entry that a profile gives a tenant: where the tenant names that profile, and its name."""

    entry: Entry
    mention: Origin
    profile: str


def _tenant(owner: Owner, profiles: Mapping[str, Profile], registry: Registry) -> tuple[Owner, list[Finding]]:
    if not owner.profiles:
        return (replace(owner, without=()) if owner.without else owner), []
    findings: list[Finding] = []
    sections = {kind.name: _section(owner, kind, profiles, findings) for kind in registry}
    return replace(owner, sections=sections, profiles=(), without=()), findings


def _section(
    owner: Owner, kind: AnyKind, profiles: Mapping[str, Profile], findings: list[Finding]
) -> tuple[Entry, ...]:
    given = _given(owner, kind, profiles, findings)
    own = owner.sections.get(kind.name, ())
    if not given:
        return own
    overrides = {entry.spec.key: entry for entry in own if entry.spec.key in given}
    merged = [_merged(owner, kind, item, overrides.get(key), findings) for key, item in given.items()]
    return (*merged, *(entry for entry in own if entry.spec.key not in given))


def _given(
    owner: Owner, kind: AnyKind, profiles: Mapping[str, Profile], findings: list[Finding]
) -> dict[str, _Given]:
    """What the owner's profiles give him of one kind, by key; a key in two of them is a mistake."""
    given: dict[str, _Given] = {}
    dropped = set(owner.without)
    for item in _offered(owner, kind, profiles):
        key = item.entry.spec.key
        if f"{kind.name}/{key}" in dropped:
            continue
        first = given.setdefault(key, item)
        if first is not item:
            findings.append(_conflict(f"{owner.name}/{kind.name}/{key}", first, item))
    return given


def _offered(owner: Owner, kind: AnyKind, profiles: Mapping[str, Profile]) -> Iterator[_Given]:
    for index, name in enumerate(owner.profiles):
        mention = owner.origin._replace(path=("spec", "profiles", index))
        for entry in profiles[name].sections.get(kind.name, ()):
            yield _Given(entry, mention, name)


def _conflict(address: str, first: _Given, second: _Given) -> Finding:
    return Finding(
        PROFILE_CONFLICT,
        Severity.ERROR,
        f"two profiles give {address}: `{first.profile}` and `{second.profile}`",
        "rename the key in one of the profiles, or use only one of them here",
        address,
        location=second.mention,
        related=(first.entry.origin, second.entry.origin),
    )


def _merged(
    owner: Owner, kind: AnyKind, given: _Given, override: Entry | None, findings: list[Finding]
) -> Entry:
    base = given.entry
    spec = _filled(base.spec, owner.name)
    if override is None:
        return Entry(spec, base.origin, (given.mention,), given.profile)
    spec, problems = kind.merge(spec, override.spec)
    address = f"{owner.name}/{kind.name}/{base.spec.key}"
    findings += [_finding(problem, address, override, base) for problem in problems]
    return Entry(spec, override.origin, (base.origin,), given.profile)


def _filled(spec: Any, tenant: str) -> Any:
    """The specification with `{tenant}` and `{key}` filled in; the very same where there are none."""
    filled: dict[str, Any] = {}
    for field in ("name", "description", SUBJECT_FIELD):
        if field in type(spec).model_fields:
            said = getattr(spec, field)
            value = (
                _replaced(said, tenant, spec.key)
                if isinstance(said, str)
                else _within(said, tenant, spec.key)
            )
            filled |= {field: value} if value is not said else {}
    return spec.model_copy(update=filled) if filled else spec


def _within(said: Any, tenant: str, key: str) -> Any:
    """The same for the texts inside a subject."""
    texts = {name: getattr(said, name) for name in type(said).model_fields}
    filled = {name: _replaced(text, tenant, key) for name, text in texts.items() if "{" in text}
    return said.model_copy(update=filled) if filled else said


def _replaced(text: str, tenant: str, key: str) -> str:
    return text.replace("{tenant}", tenant).replace("{key}", key) if "{" in text else text


def _finding(problem: Problem, address: str, override: Entry, base: Entry) -> Finding:
    return Finding(
        problem.rule,
        Severity.ERROR,
        problem.message,
        problem.remedy,
        address,
        location=override.origin.child(*problem.steps),
        related=(base.origin,),
    )
